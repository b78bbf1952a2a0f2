import { invalid } from "./refusal";

const unitMs: Record<string, number> = {
  s: 1_000, sec: 1_000, secs: 1_000, second: 1_000, seconds: 1_000,
  m: 60_000, min: 60_000, mins: 60_000, minute: 60_000, minutes: 60_000,
  h: 3_600_000, hr: 3_600_000, hrs: 3_600_000, hour: 3_600_000, hours: 3_600_000,
  d: 86_400_000, day: 86_400_000, days: 86_400_000,
  w: 604_800_000, week: 604_800_000, weeks: 604_800_000,
};

const longestAheadMs = 30 * 86_400_000;
const iso8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds of `10m`, `2 hours`, `1 day`, `an hour`; null for anything else. */
export function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?|an?)\s*([a-z]+)$/i.exec(text.trim());
  const amount = match?.[1];
  const unit = unitMs[match?.[2]?.toLowerCase() ?? ""];
  if (amount === undefined || unit === undefined) return null;
  return Math.round((/^an?$/i.test(amount) ? 1 : Number(amount)) * unit);
}

/**
 * The instant of a `scheduled_at`: ISO 8601, or `in <n> <unit>`. Other natural language ("Friday at 3pm ET") is refused:
 * guessing the instant of a mail is worse than saying no. An instant already past means now.
 */
export function scheduledInstant(text: string, now: number): number {
  const trimmed = text.trim();
  const relative = /^in\s+(.+)$/i.exec(trimmed)?.[1];
  const ahead = relative === undefined ? null : durationMs(relative);
  const instant = ahead !== null ? now + ahead : iso8601.test(trimmed) ? Date.parse(withZone(trimmed)) : NaN;
  if (Number.isNaN(instant)) {
    throw invalid("Invalid `scheduled_at` field. Use an ISO 8601 date or a delay such as `in 1 min`.");
  }
  if (instant > now + longestAheadMs) throw invalid("Invalid `scheduled_at` field. Emails can be scheduled up to 30 days ahead.");
  return instant;
}

/** Without an offset the instant is UTC: the meaning must not depend on the zone of the machine that reads it. */
const withZone = (text: string): string => {
  const compact = text.replace(" ", "T").replace(/\s+/g, "");
  return !compact.includes("T") || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(compact) ? compact : `${compact}Z`;
};
