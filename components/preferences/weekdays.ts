import { firstDayOfWeek, formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { QuietHours } from "@/lib/notifications/quiet-hours/rules";
import type { QuietDay } from "./quiet-hours-form";

const isoWeekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;

/** The days of the week in the reader's language, beginning where their week begins. */
export function weekdayNames(viewer: Viewer): { weekday: (typeof isoWeekdays)[number]; name: string }[] {
  const first = firstDayOfWeek(viewer) - 1;
  const name = new Intl.DateTimeFormat(viewer.locale, { weekday: "long", timeZone: "UTC" });
  return [...isoWeekdays.slice(first), ...isoWeekdays.slice(0, first)].map((weekday) => ({
    weekday,
    // 1 January 2024 was a Monday.
    name: name.format(new Date(Date.UTC(2024, 0, Number(weekday)))),
  }));
}

/** A usual night, offered where nothing is chosen yet. */
const night = { start: "22:00", end: "07:00" };

export function quietDays(quietHours: QuietHours, viewer: Viewer): QuietDay[] {
  const { time } = formatsFor(viewer);
  return weekdayNames(viewer).map(({ weekday, name }) => {
    const window = quietHours[weekday] ?? night;
    return { weekday, name, on: quietHours[weekday] !== undefined, window, endWords: time(`1970-01-01T${window.end}:00Z`, "UTC") };
  });
}
