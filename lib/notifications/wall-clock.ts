import { Temporal } from "temporal-polyfill";

/**
 * Local times of a person and the instants they mean. Pure. The clock of a wall is not always kept: what it skips becomes the first
 * instant after the gap, and of what it shows twice the first counts (RFC 5545, 3.3.5), so that every local time happens exactly once.
 */

/** A zone that this runtime does not know (any longer) counts as UTC: choices stored with it keep a meaning. */
export function knownZone(timeZone: string): string {
  try {
    new Temporal.ZonedDateTime(0n, timeZone);
    return timeZone;
  } catch {
    return "UTC";
  }
}

export function localDateAt(at: Date, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}

/** Milliseconds of the instant at which it is `time` (`HH:MM`) on `date` in `zone`. */
export function wallClockMs(date: Temporal.PlainDate, time: string, zone: string): number {
  const wall = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const instant = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (instant.toPlainDateTime().equals(wall)) return instant.epochMilliseconds;
  // "Earlier" than a time in the gap lies just before it: the next change of the clocks is the gap itself.
  const gap = instant.getTimeZoneTransition("next");
  return (gap ?? wall.toZonedDateTime(zone, { disambiguation: "later" })).epochMilliseconds;
}
