import type { ProviderAnswer } from "@/lib/platform/provider";

/** Waits between the tries of one call; a fourth refusal leaves it to the sweep. */
export const retryWaitsMs = [1_000, 2_000, 4_000] as const;

/** A provider that asks for more patience than this is not waited for: the delivery goes back with a later time. */
const patienceMs = 10_000;

/** Waits between rounds of tries, in seconds; the last one repeats until the channel gives up. */
const roundWaitsSeconds = [30, 60, 120, 300, 600, 900] as const;

export type Verdict =
  | { kind: "sent" }
  | { kind: "failed" }
  | { kind: "retry"; waitMs: number }
  /** Not now; the sweep takes it up again. `waitMs` is null when the round's own wait applies. */
  | { kind: "later"; waitMs: number | null };

/** What follows from the answer to try number `tries` (1 is the first) of one call. */
export function judge(answer: Pick<ProviderAnswer, "ok" | "retryable" | "retryAfterSeconds">, tries: number): Verdict {
  if (answer.ok) return { kind: "sent" };
  if (!answer.retryable) return { kind: "failed" };
  const asked = answer.retryAfterSeconds === null ? 0 : answer.retryAfterSeconds * 1000;
  if (asked > patienceMs) return { kind: "later", waitMs: asked };
  const own = retryWaitsMs[tries - 1];
  return own === undefined ? { kind: "later", waitMs: null } : { kind: "retry", waitMs: Math.max(own, asked) };
}

/** Seconds until the next round for a delivery that was tried `attempts` times in all. */
export function roundWaitSeconds(attempts: number): number {
  const round = Math.max(1, Math.ceil(attempts / (retryWaitsMs.length + 1)));
  return roundWaitsSeconds[Math.min(round, roundWaitsSeconds.length) - 1] ?? 900;
}
