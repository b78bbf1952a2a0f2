import { knownZone, localDateAt, wallClockMs } from "../wall-clock";

/** When somebody's digests come, in their own wall-clock time. */
export interface DigestTimes {
  every: "daily" | "weekly";
  /** `HH:MM`. */
  time: string;
  /** ISO 8601: 1 is Monday. Only of weekly digests. */
  weekday: number;
}

/**
 * The first digest strictly after `at`. What happens from one digest up to, but not including, the next belongs to the next, so
 * nothing falls between two or into both.
 */
export function nextDigest({ every, time, weekday }: DigestTimes, timeZone: string, at: Date): Date {
  const zone = knownZone(timeZone);
  // A day before today: where a date was skipped, its digest comes with the first instant of the day after.
  const first = localDateAt(at, zone).subtract({ days: 1 });
  for (let days = 0; ; days += 1) {
    const date = first.add({ days });
    if (every === "weekly" && date.dayOfWeek !== weekday) continue;
    const digestMs = wallClockMs(date, time, zone);
    if (digestMs > at.getTime()) return new Date(digestMs);
  }
}
