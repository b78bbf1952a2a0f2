import { Temporal } from "temporal-polyfill";
import { firstDayOfWeek, type Viewer } from "@/lib/platform/i18n/formats";

export const calendarViews = ["month", "week", "agenda"] as const;
export type CalendarView = (typeof calendarViews)[number];

export const isView = (value: unknown): value is CalendarView => calendarViews.some((view) => view === value);

export const isDate = (value: unknown): value is string => {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  try {
    const { year } = Temporal.PlainDate.from(value);
    return year > 1900 && year < 9000;
  } catch {
    return false;
  }
};

/** The agenda shows four weeks at a time. */
export const agendaDays = 28;

/** The first day that a view shows for a date, how many follow, and where "earlier" and "later" lead. */
export function calendarRange(view: CalendarView, date: string, viewer: Pick<Viewer, "weekStart" | "locale">) {
  const day = Temporal.PlainDate.from(date);
  const monday = firstDayOfWeek(viewer);
  const weekOf = (any: Temporal.PlainDate) => any.subtract({ days: (any.dayOfWeek - monday + 7) % 7 });
  switch (view) {
    case "month": {
      const first = day.with({ day: 1 });
      const from = weekOf(first);
      const last = first.add({ months: 1 }).subtract({ days: 1 });
      const weeks = Math.ceil((from.until(last).days + 1) / 7);
      return shape(from, weeks * 7, day.subtract({ months: 1 }), day.add({ months: 1 }));
    }
    case "week":
      return shape(weekOf(day), 7, day.subtract({ weeks: 1 }), day.add({ weeks: 1 }));
    case "agenda":
      return shape(day, agendaDays, day.subtract({ days: agendaDays }), day.add({ days: agendaDays }));
  }
}

const shape = (from: Temporal.PlainDate, days: number, earlier: Temporal.PlainDate, later: Temporal.PlainDate) => ({
  from: from.toString(),
  days,
  earlier: earlier.toString(),
  later: later.toString(),
});

export const calendarHref = (organization: string, view: CalendarView, date: string) =>
  `/${organization}/meetings?${new URLSearchParams({ view, date })}`;
