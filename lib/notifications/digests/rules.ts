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
  const today = localDateAt(at, zone);
  for (let days = 0; ; days += 1) {
    const date = today.add({ days });
    if (every === "weekly" && date.dayOfWeek !== weekday) continue;
    const digestMs = wallClockMs(date, time, zone);
    if (digestMs > at.getTime()) return new Date(digestMs);
  }
}
