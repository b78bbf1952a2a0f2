import { CalendarPlus, ChevronLeft, ChevronRight, Plus } from "lucide-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { AgendaView, EntryList } from "@/components/meetings/agenda-view";
import { calendarHref, calendarRange, calendarViews, isDate, isView, type CalendarView } from "@/components/meetings/calendar-address";
import { CalendarKeys } from "@/components/meetings/calendar-keys";
import { MonthView } from "@/components/meetings/month-view";
import { WeekView } from "@/components/meetings/week-view";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Segments } from "@/components/ui/tabs";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { calendarDays, localNow } from "@/lib/meetings/calendar/queries";
import { pageMember } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<{ view?: string | string[]; date?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell"))("calendar") };
}

export default async function CalendarPage({ params, searchParams }: Props) {
  const [{ org }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org);
  const t = await getTranslations("meetings");
  const formats = formatsFor(member);
  const now = localNow(member);
  const view: CalendarView = isView(query.view) ? query.view : (await onPhone()) ? "agenda" : "week";
  const date = isDate(query.date) ? query.date : now.date;
  const range = calendarRange(view, date, member);
  const days = await calendarDays(member, range.from, range.days);
  const here = days.find((day) => day.date === date);
  const last = days.at(-1)?.date ?? date;
  const title =
    view === "month"
      ? formats.month(`${date}T12:00:00Z`, "UTC")
      : new Intl.DateTimeFormat(member.locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).formatRange(
          new Date(`${range.from}T12:00:00Z`),
          new Date(`${last}T12:00:00Z`),
        );
  const newHref = `/${org}/meetings/new?date=${date}`;
  const letters = {
    t: calendarHref(org, view, now.date),
    n: newHref,
    m: calendarHref(org, "month", date),
    w: calendarHref(org, "week", date),
    a: calendarHref(org, "agenda", date),
  };

  return (
    <CalendarKeys letters={letters} dayHref={`/${org}/meetings?view=${view}&date={date}`}>
      <header className="mb-5 flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold first-letter:uppercase" aria-live="polite">
            {title}
          </h1>
          <p className="mt-0.5 text-xs text-ink-muted">{t("timesIn", { zone: formats.zone(member.timeZone, `${date}T12:00:00Z`) })}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <div className="flex items-center">
            <LinkButton href={calendarHref(org, view, range.earlier)} variant="ghost" size="icon" aria-label={t("earlier")} scroll={false}>
              <ChevronLeft aria-hidden className="size-5" />
            </LinkButton>
            <LinkButton href={calendarHref(org, view, now.date)} size="sm" scroll={false} aria-keyshortcuts="t">
              {t("today")}
            </LinkButton>
            <LinkButton href={calendarHref(org, view, range.later)} variant="ghost" size="icon" aria-label={t("later")} scroll={false}>
              <ChevronRight aria-hidden className="size-5" />
            </LinkButton>
          </div>
          <Segments
            label={t("view")}
            tabs={calendarViews.map((each) => ({ href: calendarHref(org, each, date), label: t(each), current: each === view }))}
          />
        </div>
      </header>
      {view === "month" && (
        <div data-wide className="grid gap-6 2xl:grid-cols-[minmax(0,1fr)_18rem]">
          <MonthView organization={org} viewer={member} days={days} date={date} today={now.date} />
          <section aria-labelledby="day-heading">
            <div className="mb-2 flex min-h-10 items-center justify-between gap-2">
              <h2 id="day-heading" className="text-sm font-semibold first-letter:uppercase">
                {formats.longDay(`${date}T12:00:00Z`, "UTC")}
              </h2>
              <LinkButton href={newHref} variant="ghost" size="icon" aria-label={t("bookOn", { day: formats.day(`${date}T12:00:00Z`, "UTC") })}>
                <Plus aria-hidden className="size-5" />
              </LinkButton>
            </div>
            {here && here.entries.length > 0 ? (
              <EntryList organization={org} viewer={member} entries={here.entries} />
            ) : (
              <p className="text-sm text-ink-muted">{t("emptyDay")}</p>
            )}
          </section>
        </div>
      )}
      {view === "week" && <WeekView organization={org} viewer={member} days={days} date={date} now={now} />}
      {view === "agenda" &&
        (days.some(({ entries }) => entries.length > 0) ? (
          <AgendaView organization={org} viewer={member} days={days} today={now.date} />
        ) : (
          <Card flush>
            <EmptyState
              icon={CalendarPlus}
              title={t("emptyAgenda")}
              action={
                <LinkButton href={newHref} variant="primary">
                  {t("book")}
                </LinkButton>
              }
            >
              {t("emptyAgendaText")}
            </EmptyState>
          </Card>
        ))}
    </CalendarKeys>
  );
}

/** A list suits a phone better than a grid; what the browser says of itself is enough to choose the first view. */
async function onPhone(): Promise<boolean> {
  const sent = await headers();
  return sent.get("sec-ch-ua-mobile") === "?1" || /\bMobi/.test(sent.get("user-agent") ?? "");
}
