import { zoned } from "../calendar/rules";

/** A span in which somebody is busy, as instants. */
export interface Busy {
  startsAt: Date;
  endsAt: Date;
}

export const overlaps = (a: Busy, b: Busy) => a.startsAt < b.endsAt && b.startsAt < a.endsAt;

const stepMs = 15 * 60 * 1000;
const searchDays = 14;

/**
 * The next times at which a span as long as `wanted` fits between `busy`: on quarter hours after the wanted start, and between 8:00
 * and 20:00 in `zone` unless the wanted time itself lay outside. Working days only, unless the wanted day was none.
 */
export function nextFreeTimes(wanted: Busy, busy: Busy[], zone: string, count = 3): Busy[] {
  const durationMs = wanted.endsAt.getTime() - wanted.startsAt.getTime();
  const fits = withinCustomaryHours(wanted, zone) ? (span: Busy) => withinCustomaryHours(span, zone) : () => true;
  const weekdaysOnly = zoned(wanted.startsAt, zone).dayOfWeek <= 5;
  const sorted = [...busy].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  const found: Busy[] = [];
  const lastMs = wanted.startsAt.getTime() + searchDays * 24 * 60 * 60 * 1000;
  let candidateMs = Math.ceil((wanted.startsAt.getTime() + 1) / stepMs) * stepMs;
  while (found.length < count && candidateMs <= lastMs) {
    const span = { startsAt: new Date(candidateMs), endsAt: new Date(candidateMs + durationMs) };
    const clash = sorted.find((other) => overlaps(span, other));
    if (clash) {
      candidateMs = Math.max(candidateMs + stepMs, Math.ceil(clash.endsAt.getTime() / stepMs) * stepMs);
      continue;
    }
    if (fits(span) && (!weekdaysOnly || zoned(span.startsAt, zone).dayOfWeek <= 5)) {
      found.push(span);
      candidateMs = Math.ceil(span.endsAt.getTime() / stepMs) * stepMs;
    } else {
      candidateMs += stepMs;
    }
  }
  return found;
}

function withinCustomaryHours(span: Busy, zone: string): boolean {
  const start = zoned(span.startsAt, zone);
  const end = zoned(span.endsAt, zone);
  const endMinutes = end.hour * 60 + end.minute;
  return start.hour >= 8 && start.toPlainDate().equals(end.toPlainDate()) && endMinutes <= 20 * 60;
}
