import type { ProviderAnswer } from "@/lib/platform/provider";
import type { failureCauses } from "../tables";

export type FailureCause = (typeof failureCauses)[number];

/** Waits between the tries of one call; a fourth failure leaves it to a later round. */
export const retryWaitsMs = [1_000, 2_000, 4_000] as const;

/** Runs that failed together must not come back together: every wait is up to this share longer. */
const jitterShare = 0.25;

/** A provider that asks for more patience than this is not waited for: the delivery goes back with a later time. */
const patienceMs = 10_000;

/** Waits between rounds of tries, in seconds; the last one repeats until the channel gives up. */
const roundWaitsSeconds = [30, 60, 120, 300, 600, 900] as const;

/** The same for what failed while its provider was away: each probe of the breaker is one try, and the way back should be short. */
const awayWaitsSeconds = [10, 30, 60, 120] as const;

/** `reason` of what waits for its provider to come back. */
export const providerAway = "provider-away";

/** What the judge looks at beside the answer itself. */
export interface Circumstances {
  /** The provider's breaker is not closed: it fails for everybody. */
  away: boolean;
  /** Others were accepted by the same provider while this one was tried. */
  othersSucceeded: boolean;
  /** One of its calls had no answer, so it may have arrived. */
  uncertain: boolean;
  /** From 0 to 1. */
  jitter: number;
}

export type Verdict =
  | { kind: "sent" }
  | { kind: "failed"; cause: FailureCause }
  | { kind: "retry"; waitMs: number }
  /** Not now, and nobody's fault but the provider's: it waits until that is back. */
  | { kind: "held" }
  /** Not now. `waitMs` is null when the round's own wait applies; `alone` when the provider is well for others. */
  | { kind: "later"; waitMs: number | null; alone: boolean };

/**
 * What follows from the answer to try number `tries` (1 is the first) of one call. Only a message that fails while the provider accepts
 * others is given up for failing; and never one that may have arrived, because whoever sends a dead letter again would double it.
 */
export function judge(answer: Pick<ProviderAnswer, "ok" | "retryable" | "retryAfterSeconds" | "statusCode" | "cause">, tries: number, circumstances: Circumstances): Verdict {
  if (answer.ok) return { kind: "sent" };
  if (!answer.retryable) return { kind: "failed", cause: causeOf(answer) };
  const asked = (answer.retryAfterSeconds ?? 0) * 1000;
  if (asked > patienceMs) return { kind: "later", waitMs: asked, alone: false };
  if (circumstances.away) return { kind: "held" };
  const own = retryWaitsMs[tries - 1];
  if (own !== undefined) return { kind: "retry", waitMs: Math.max(Math.round(own * (1 + jitterShare * circumstances.jitter)), asked) };
  // A 429 is never the fault of the message that met it.
  if (answer.statusCode === 429 || !circumstances.othersSucceeded) return { kind: "later", waitMs: null, alone: false };
  return circumstances.uncertain ? { kind: "later", waitMs: null, alone: true } : { kind: "failed", cause: "exhausted" };
}

/** What a refusal for good is about, in the words that its reader acts on. */
export function causeOf({ statusCode, cause }: Pick<ProviderAnswer, "statusCode" | "cause">): FailureCause {
  if (cause) return cause;
  if (statusCode === 401) return "credentials";
  if (statusCode === 403) return "permission";
  if (statusCode === 404 || statusCode === 410) return "gone";
  return "bad-request";
}

/** Refusals that one message of a call may have caused for all of them. A 409 is none: the provider holds that very call already. */
export const blamesOneOfMany = (statusCode: number | null) => statusCode === 400 || statusCode === 413 || statusCode === 422;

/** Seconds until the next round for a delivery that was tried `attempts` times in all. */
export const roundWaitSeconds = (attempts: number) => waitOf(roundWaitsSeconds, attempts);

/** The same while its provider is away. */
export const awayWaitSeconds = (attempts: number) => waitOf(awayWaitsSeconds, attempts);

function waitOf(waits: readonly number[], attempts: number): number {
  const round = Math.max(1, Math.ceil(attempts / (retryWaitsMs.length + 1)));
  return waits[Math.min(round, waits.length) - 1] ?? 0;
}
