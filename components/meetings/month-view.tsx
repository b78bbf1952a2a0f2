import { clsx } from "clsx";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { CalendarDay } from "@/lib/meetings/calendar/queries";
import { calendarHref } from "./calendar-address";
import { dotLook } from "./entry-look";
import { EntryLink } from "./entry-link";

interface Props {
  organization: string;
  viewer: Viewer;
  days: CalendarDay[];
  /** The day that is looked at, and today. */
  date: string;
  today: string;
}

const shownMax = 3;

/** Weeks as rows. On a phone a day holds dots, and the list beside it (below, there) says what they are. */
export async function MonthView({ organization, viewer, days, date, today }: Props) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  const weekday = (day: string, width: "short" | "long") =>
    new Intl.DateTimeFormat(viewer.locale, { weekday: width, timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 overflow-hidden rounded-xl border border-line bg-surface">
      <caption className="sr-only">{formats.month(`${date}T12:00:00Z`, "UTC")}</caption>
      <thead>
        <tr>
          {(weeks[0] ?? []).map((day) => (
            <th key={day.date} scope="col" abbr={weekday(day.date, "long")} className="border-b border-line py-2 text-center text-xs font-medium text-ink-muted">
              {weekday(day.date, "short")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, row) => (
          <tr key={week[0]?.date}>
            {week.map(({ date: day, entries }, column) => {
              const current = day === date;
              const outside = day.slice(0, 7) !== date.slice(0, 7);
              return (
                <td
                  key={day}
                  className={clsx(
                    "h-14 p-1 align-top md:h-30",
                    row > 0 && "border-t border-line",
                    column > 0 && "border-l border-line",
                    outside && "bg-sunken",
                  )}
                >
                  <Link
                    href={calendarHref(organization, "month", day)}
                    scroll={false}
                    prefetch={false}
                    data-day={day}
                    data-day-current={current || undefined}
                    tabIndex={current ? 0 : -1}
                    aria-current={day === today ? "date" : undefined}
                    className={clsx(
                      "tabular flex min-h-7 items-center justify-center rounded-full text-sm max-md:w-full max-md:flex-col max-md:rounded-lg max-md:py-1 md:size-7",
                      day === today ? "bg-accent font-semibold text-on-accent" : outside ? "text-ink-muted" : "text-ink",
                      day !== today && "hover:bg-hover",
                      current && day !== today && "ring-1 ring-accent ring-inset",
                    )}
                  >
                    <span aria-hidden="true">{Number(day.slice(8))}</span>
                    <span className="sr-only">{t("dayLabel", { day: formats.longDay(`${day}T12:00:00Z`, "UTC"), count: entries.length })}</span>
                    <span aria-hidden="true" className="mt-0.5 flex h-1.5 gap-0.5 md:hidden">
                      {entries.slice(0, shownMax).map((entry) => (
                        <span key={entry.id} className={clsx(dotLook(entry), day === today && "border-on-accent!")} />
                      ))}
                    </span>
                  </Link>
                  <div className="mt-0.5 hidden flex-col gap-0.5 md:flex">
                    {entries.slice(0, entries.length > shownMax ? shownMax - 1 : shownMax).map((entry) => (
                      <EntryLink key={entry.id} organization={organization} entry={entry} formats={formats} look="line" />
                    ))}
                    {entries.length > shownMax && (
                      <Link
                        href={calendarHref(organization, "month", day)}
                        scroll={false}
                        prefetch={false}
                        className="min-h-6 rounded-md px-1.5 pt-1 text-xs text-ink-muted hover:bg-hover"
                      >
                        {t("moreMeetings", { count: entries.length - shownMax + 1 })}
                      </Link>
                    )}
                  </div>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
