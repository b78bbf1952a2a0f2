import { Temporal } from "temporal-polyfill";

/**
 * Wall-clock time and zones. Pure. A wall-clock time may not exist in a zone (the clocks go forward over it) or exist twice (they
 * go back over it); both are said, never guessed.
 */
export type WallClock =
  | { kind: "once"; instant: Date }
  | { kind: "missing"; /** What the clocks show instead, one gap later. */ instead: string }
  | { kind: "twice"; earlier: Date; later: Date };

/** `local` is `YYYY-MM-DDTHH:mm`; `zone` an IANA name. */
export function resolveWallClock(local: string, zone: string): WallClock {
  const wall = Temporal.PlainDateTime.from(local);
  const earlier = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { kind: "once", instant: new Date(earlier.epochMilliseconds) };
  if (!earlier.toPlainDateTime().equals(wall)) {
    return { kind: "missing", instead: later.toPlainDateTime().toString({ smallestUnit: "minute" }) };
  }
  return { kind: "twice", earlier: new Date(earlier.epochMilliseconds), later: new Date(later.epochMilliseconds) };
}

/** The wall clock in `zone` at an instant, as `YYYY-MM-DDTHH:mm`. */
export function wallClockAt(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainDateTime().toString({ smallestUnit: "minute" });
}

export function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

/** The instants between which a local date lies in `zone`; 23 or 25 hours long where the clocks change. `date` is `YYYY-MM-DD`. */
export function dayBounds(date: string, zone: string): { from: Date; to: Date } {
  const day = Temporal.PlainDate.from(date);
  const from = day.toZonedDateTime({ timeZone: zone });
  const to = day.add({ days: 1 }).toZonedDateTime({ timeZone: zone });
  return { from: new Date(from.epochMilliseconds), to: new Date(to.epochMilliseconds) };
}

/** The local date in `zone` at an instant, `YYYY-MM-DD`. */
export const localDate = (instant: Date, zone: string) => zoned(instant, zone).toPlainDate().toString();

/** Offset from UTC at this very instant, such as `+09:00`; it may differ from today's. */
export const offsetAt = (instant: Date, zone: string) => zoned(instant, zone).offset;

/**
 * Minutes meant by `1.5h`, `90m`, `1h30`, `1:30`, `1 h 30 min` or a bare number of minutes; null when it is none of them. A decimal
 * comma counts as a point, because half of Europe writes `1,5h`.
 */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase().replace(",", ".").replace(/\s+/g, "");
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(compact);
  if (clock) return minutesOf(Number(clock[1]), Number(clock[2]));
  const units = /^(?:(\d+(?:\.\d+)?)(?:h|hrs?|hours?|시간))?(?:(\d+(?:\.\d+)?)(?:m|mins?|minutes?|분)?)?$/.exec(compact);
  if (!units || (units[1] === undefined && units[2] === undefined)) return null;
  return minutesOf(Number(units[1] ?? 0), Number(units[2] ?? 0));
}

/** Two years and more are no duration of anything here, and beyond some length there is no instant at their end. */
const minutesMax = 1_000_000;

function minutesOf(hours: number, minutes: number): number | null {
  const total = Math.round(hours * 60 + minutes);
  return total > 0 && total <= minutesMax ? total : null;
}
