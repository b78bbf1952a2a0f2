import { knownZone, localDateAt, wallClockMs } from "../wall-clock";

/** Wall-clock times `HH:MM`; `end` at or before `start` is on the next day. Equal ends are refused by the input. */
export interface QuietWindow {
  start: string;
  end: string;
}

/** By ISO weekday ("1" is Monday) on which a window starts; a missing day has none. */
export type QuietHours = Partial<Record<"1" | "2" | "3" | "4" | "5" | "6" | "7", QuietWindow>>;

/** Windows that never leave a gap are not followed for ever. Those that the input lets in leave one in any two weeks. */
const daysAhead = 15;

/** A window reaches into the next day, and a zone that jumps the date line skips one more. */
const daysBack = 2;

/**
 * The end of the quiet period that covers `at`, null when it is not quiet then. Windows that touch or overlap are one period. Start
 * and end are half open: at the end itself it is not quiet any more.
 */
export function quietUntil(quietHours: QuietHours, timeZone: string, at: Date): Date | null {
  const atMs = at.getTime();
  let untilMs: number | null = null;
  for (const { startMs, endMs } of windowsAround(quietHours, timeZone, at)) {
    if (startMs > (untilMs ?? atMs)) break;
    if (endMs > (untilMs ?? atMs)) untilMs = endMs;
  }
  return untilMs === null ? null : new Date(untilMs);
}

/** In the order in which they start. A change of the clocks may leave one empty. */
function* windowsAround(quietHours: QuietHours, timeZone: string, at: Date): Generator<{ startMs: number; endMs: number }> {
  const zone = knownZone(timeZone);
  const first = localDateAt(at, zone).subtract({ days: daysBack });
  for (let days = 0; days <= daysBack + daysAhead; days += 1) {
    const date = first.add({ days });
    const window = quietHours[weekdayOf(date.dayOfWeek)];
    if (!window) continue;
    const startMs = wallClockMs(date, window.start, zone);
    const endMs = wallClockMs(window.end <= window.start ? date.add({ days: 1 }) : date, window.end, zone);
    yield { startMs, endMs };
  }
}

const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;
const weekdayOf = (dayOfWeek: number) => weekdays[dayOfWeek - 1] ?? "1";
