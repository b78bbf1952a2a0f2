const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** The waits of hosted Inngest after the first, second, … failed attempt. */
const BACKOFF_MS = [15, 30, 60, 120, 300, 600, 1200, 2400, 3600, 7200].map((seconds) => seconds * SECOND);
const JITTER_MS = 30 * SECOND;

/** How long to wait after failed attempt number `attempt` (from 0); a fixed interval replaces the ladder. */
export function backoffMs(attempt: number, intervalMs: number | undefined, random: () => number = Math.random): number {
  if (intervalMs !== undefined) return intervalMs;
  const base = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 2 * 60 * MINUTE;
  return base + Math.floor(random() * JITTER_MS);
}

/** An application that cannot be reached was not called: this costs no attempt, and ends when it is back. */
export function unreachableMs(times: number): number {
  return Math.min(30 * SECOND, SECOND * 2 ** Math.min(times, 5));
}
