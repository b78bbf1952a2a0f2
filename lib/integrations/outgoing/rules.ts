import { Temporal } from "temporal-polyfill";
import type { OutboundFault } from "@/lib/platform/safe-fetch";

/** Seconds before each attempt, the first included (https://docs.svix.com/retries). Whoever is away for a day misses nothing. */
export const attemptWaitsSeconds = [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600] as const;

/** So that what failed together does not come back together. */
const jitterMax = 0.1;
const retryAfterMaxMs = 24 * 3600 * 1000;

/** How an attempt ended: an answer, or why none came. */
export type Ended = { status: number; retryAfter: string | undefined } | { fault: string };

export type Verdict =
  | { kind: "delivered" }
  /** `everything`: the endpoint asked for patience, so the others wait as well. */
  | { kind: "retry"; waitMs: number; everything: boolean }
  /** 410: the endpoint wants nothing any more. What waits is kept, as with every pause. */
  | { kind: "gone" }
  | { kind: "exhausted" };

/** @param attempts how many there were, this one included. @param jitter between 0 and 1. */
export function verdictOf(ended: Ended, { attempts, nowMs, jitter, test }: { attempts: number; nowMs: number; jitter: number; test: boolean }): Verdict {
  const status = "status" in ended ? ended.status : null;
  if (status !== null && status >= 200 && status < 300) return { kind: "delivered" };
  // Somebody is looking at a test; they can press the button again.
  if (test) return { kind: "exhausted" };
  if (status === 410) return { kind: "gone" };
  const seconds = attemptWaitsSeconds[attempts];
  if (seconds === undefined) return { kind: "exhausted" };
  const asked = "status" in ended && (status === 429 || status === 503) ? retryAfterMs(ended.retryAfter, nowMs) : null;
  const waitMs = Math.max(seconds * 1000 * (1 + jitter * jitterMax), asked ?? 0);
  return { kind: "retry", waitMs, everything: asked !== null };
}

/** RFC 9110, section 10.2.3: seconds or an HTTP date. Null when it says nothing that can be understood, or nothing of the future. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim();
  if (!text) return null;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return waitMs > 0 ? Math.min(waitMs, retryAfterMaxMs) : null;
}

/** What a form says of an address that may not be called (`outboundFault`). */
export const urlFaults = {
  malformed: "url-malformed",
  scheme: "url-scheme",
  userinfo: "url-userinfo",
  port: "url-port",
  private: "url-private",
} as const satisfies Record<OutboundFault, string>;

/** Of an answer, what helps to find out why; never its cookies. */
const telling = new Set(["content-type", "content-length", "date", "location", "retry-after", "server", "via", "x-request-id", "cf-ray"]);
const headerLengthMax = 500;

export function headersKept(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (telling.has(name.toLowerCase()) ? [[name.toLowerCase(), value.slice(0, headerLengthMax)]] : [])));
}

const answerBytesMax = 4096;

/** The beginning of an answer's body. PostgreSQL holds no U+0000. */
export function beginningOf(body: string): string {
  const bytes = Buffer.from(body);
  const text = bytes.byteLength <= answerBytesMax ? body : bytes.subarray(0, answerBytesMax).toString("utf8").replace(/\uFFFD$/, "");
  return text.replaceAll("\u0000", "\uFFFD");
}

export type Health = "ok" | "failing" | "paused";

export const healthOf = ({ pausedAt, failingSince }: { pausedAt: Date | null; failingSince: Date | null }): Health => (pausedAt ? "paused" : failingSince ? "failing" : "ok");

/** Where tests keep their order: apart from everything else, so that they need not wait, even while the endpoint is paused. */
export const testEntity = (endpointId: string) => `test:${endpointId}`;
/** What a sealed secret is bound to (`secret-box.ts`). */
export const secretContext = (endpointId: string) => `endpoint-secret:${endpointId}`;
export const testEvent = "endpoint.test";

/** The instant of a wall-clock time in a zone; as it stands when it is none, to be refused by its schema. */
export function instantAt(wallClock: string, timeZone: string): string {
  try {
    return Temporal.PlainDateTime.from(wallClock).toZonedDateTime(timeZone).toInstant().toString();
  } catch {
    return wallClock;
  }
}
