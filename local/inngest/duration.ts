const UNIT_MS: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|[wdhms]))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|[wdhms])/g;

/** Milliseconds of "1d2h30m10s", or undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  return total;
}

/** The instant (epoch ms) meant by a duration from `now` or by an ISO instant: the SDK sends either in the same field. */
export function instantMs(text: string, now: number): number | undefined {
  const duration = durationMs(text);
  if (duration !== undefined) return now + duration;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
