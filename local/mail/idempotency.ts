import { createHash } from "node:crypto";
import type { Remembered } from "./records";
import { Refusal } from "./refusal";

/** Resend keeps keys for a day: https://resend.com/docs/dashboard/emails/idempotency-keys */
export const keyLifetimeMs = 24 * 3_600_000;

const nameOf = (scope: string, key: string): string => `${scope}\n${key}`;

/** The keys of the last day: what was asked with each, and what was answered. */
export class IdempotencyKeys {
  private readonly kept = new Map<string, Remembered & { segment: number }>();
  private readonly inFlight = new Set<string>();

  remember(remembered: Remembered, segment: number): void {
    this.kept.set(nameOf(remembered.scope, remembered.key), { ...remembered, segment });
  }

  /** The answer to give again, or null when the work is to be done; refuses what Resend refuses. */
  replay(scope: string, key: string, payloadHash: string, now: number): { answer: unknown } | null {
    const name = nameOf(scope, key);
    if (this.inFlight.has(name)) {
      throw new Refusal(
        409,
        "concurrent_idempotent_requests",
        "There is another request in progress with the same idempotency key.",
      );
    }
    const found = this.kept.get(name);
    if (found === undefined || found.expiresAt <= now) return null;
    if (found.payloadHash !== payloadHash) {
      throw new Refusal(
        409,
        "invalid_idempotent_request",
        "This idempotency key has been used with this HTTP method and endpoint within the last 24 hours, but the request " +
          "body was modified and doesn't match the original request.",
      );
    }
    return { answer: found.answer };
  }

  /** Holds the key while its first request is at work; call the returned function when that ends. */
  claim(scope: string, key: string): () => void {
    const name = nameOf(scope, key);
    this.inFlight.add(name);
    return () => this.inFlight.delete(name);
  }

  /** Keys still valid that only a segment up to `segment` holds. */
  keptIn(segment: number, now: number): Remembered[] {
    return [...this.kept.values()]
      .filter((remembered) => remembered.segment <= segment && remembered.expiresAt > now)
      .map(({ scope, key, payloadHash, answer, expiresAt }) => ({ scope, key, payloadHash, answer, expiresAt }));
  }

  forgetExpired(now: number): void {
    for (const [name, remembered] of this.kept) if (remembered.expiresAt <= now) this.kept.delete(name);
  }

  clear(): void {
    this.kept.clear();
  }
}

/** The same body gives the same hash whatever the order of its keys. */
export const hashPayload = (payload: unknown): string =>
  createHash("sha256").update(JSON.stringify(payload, sortKeys)).digest("hex");

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
