import { clsx } from "clsx";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { formatsFor, type Formats, type Viewer } from "@/lib/platform/i18n/formats";
import type { CalendarDay, CalendarEntry } from "@/lib/meetings/calendar/queries";
import { calendarHref } from "./calendar-address";
import { EntryLink } from "./entry-link";
import { sideBySide, type Lane } from "./overlap";

interface Props {
  organization: string;
  viewer: Viewer;
  days: CalendarDay[];
  date: string;
  now: { date: string; minute: number };
}

/** The hours shown: an ordinary day, and as much more as the week's meetings need. */
const ordinaryDay = { from: 8, to: 19 };

/** Six lanes at most share a day's width; a class for each, because the policy allows no style attributes. */
const spans: Record<number, number> = { 1: 12, 2: 6, 3: 4, 4: 3, 5: 2, 6: 2 };

export async function WeekView({ organization, viewer, days, date, now }: Props) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  const entries = days.flatMap((day) => day.entries);
  const fromHour = Math.min(ordinaryDay.from, ...entries.map(({ fromMinute }) => Math.floor(fromMinute / 60)));
  const toHour = Math.max(ordinaryDay.to, ...entries.map(({ toMinute }) => Math.ceil(toMinute / 60)));
  const hours = Array.from({ length: toHour - fromHour }, (_, index) => fromHour + index);
  const hourName = (hour: number) => formats.time(`2026-01-01T${String(hour).padStart(2, "0")}:00:00Z`, "UTC");
  const weekday = (day: string) => new Intl.DateTimeFormat(viewer.locale, { weekday: "short", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));

  return (
    <div role="region" data-week aria-label={t("week")} tabIndex={0} className="scroll-quiet relative overflow-x-auto rounded-xl border border-line bg-surface">
      <div className="grid min-w-[46rem] grid-cols-[4.25rem_repeat(7,minmax(0,1fr))]">
        <div className="sticky left-0 z-20 border-b border-line bg-surface" />
        {days.map(({ date: day, entries: onDay }) => (
          <div key={day} className="flex justify-center border-b border-l border-line py-1.5">
            <Link
              href={calendarHref(organization, "agenda", day)}
              prefetch={false}
              data-day={day}
              data-day-current={day === date || undefined}
              tabIndex={day === date ? 0 : -1}
              aria-current={day === now.date ? "date" : undefined}
              className="flex items-center gap-1.5 rounded-lg px-2 py-1 text-sm hover:bg-hover"
            >
              <span className="sr-only">{t("dayLabel", { day: formats.longDay(`${day}T12:00:00Z`, "UTC"), count: onDay.length })}</span>
              <span aria-hidden="true" className={day === now.date ? "font-medium text-accent-ink" : "text-ink-muted"}>
                {weekday(day)}
              </span>
              <span
                aria-hidden="true"
                className={clsx(
                  "tabular inline-flex size-7 items-center justify-center rounded-full",
                  day === now.date ? "bg-accent font-semibold text-on-accent" : "font-medium",
                )}
              >
                {Number(day.slice(8))}
              </span>
            </Link>
          </div>
        ))}
        <div aria-hidden="true" className="sticky left-0 z-20 bg-surface">
          {hours.map((hour, index) => (
            <div key={hour} className="tabular relative h-12 pr-2 text-right text-2xs text-ink-muted">
              {index > 0 && <span className="relative -top-2">{hourName(hour)}</span>}
            </div>
          ))}
        </div>
        {days.map((day) => (
          <DayColumn key={day.date} organization={organization} day={day} hours={hours} fromHour={fromHour} formats={formats} now={now} />
        ))}
      </div>
    </div>
  );
}

interface ColumnProps {
  organization: string;
  day: CalendarDay;
  hours: number[];
  fromHour: number;
  formats: Formats;
  now: Props["now"];
}

function DayColumn({ organization, day, hours, fromHour, formats, now }: ColumnProps) {
  const row = (minute: number) => Math.round((minute - fromHour * 60) / 15) + 1;
  const lanes = sideBySide(day.entries.map((entry) => ({ fromMinute: entry.fromMinute, toMinute: drawnTo(entry) })));
  const lastRow = hours.length * 4 + 1;
  return (
    <div className="relative grid auto-rows-[0.75rem] grid-cols-12 border-l border-line">
      {hours.map((hour, index) => (
        // For the pointer only: "n" and the button above book from the keyboard.
        <Link
          key={hour}
          aria-hidden="true"
          tabIndex={-1}
          prefetch={false}
          href={`/${organization}/meetings/new?date=${day.date}&start=${String(hour).padStart(2, "0")}:00`}
          className={clsx(
            `col-span-12 col-start-1 row-start-${index * 4 + 1} row-end-${index * 4 + 5} hover:bg-hover/60`,
            index > 0 && "border-t border-line",
          )}
        />
      ))}
      {day.entries.map((entry, index) => (
        <EntryLink
          key={entry.id}
          organization={organization}
          entry={entry}
          formats={formats}
          look={drawnTo(entry) - entry.fromMinute < 45 ? "short" : "block"}
          className={clsx("z-10 mr-0.5 mb-px", place(entry, lanes[index], row, lastRow))}
        />
      ))}
      {day.date === now.date && row(now.minute) >= 1 && row(now.minute) < lastRow && (
        <span aria-hidden="true" className={`pointer-events-none z-20 col-span-12 col-start-1 row-start-${row(now.minute)} h-0 border-t-2 border-danger`} />
      )}
    </div>
  );
}

/** A short meeting is drawn half an hour tall, so that its title can be read and pressed. */
const drawnTo = ({ fromMinute, toMinute }: CalendarEntry) => Math.max(toMinute, fromMinute + 30);

function place(entry: CalendarEntry, lane: Lane | undefined, row: (minute: number) => number, lastRow: number): string {
  const lanes = Math.min(lane?.lanes ?? 1, 6);
  const at = Math.min(lane?.lane ?? 0, lanes - 1);
  const span = spans[lanes] ?? 12;
  const start = Math.min(row(entry.fromMinute), lastRow - 1);
  const end = Math.min(Math.max(row(drawnTo(entry)), start + 1), lastRow);
  return `col-start-${at * span + 1} col-span-${span} row-start-${start} row-end-${end}`;
}
