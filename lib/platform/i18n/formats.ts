import type { Locale } from "./locales";

/** How one person reads time. A `Member` is one; a guest's is made of their mail's language and zone. */
export interface Viewer {
  locale: string;
  timeZone: string;
  hourCycle: "auto" | "h12" | "h23";
  weekStart: "auto" | "monday" | "sunday" | "saturday";
}

type Instant = Date | string | number;

/**
 * Formatters in the viewer's language, zone and hour cycle. Pure, so that server and browser may both use it; text that is part of
 * the server's HTML should come from the server alone, because browsers carry other versions of the locale data.
 */
export function formatsFor(viewer: Viewer) {
  const { locale, timeZone } = viewer;
  const cycle = viewer.hourCycle === "auto" ? {} : { hourCycle: viewer.hourCycle };
  const time: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", ...cycle };
  const day: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  const formatter = (options: Intl.DateTimeFormatOptions, zone = timeZone) => {
    const intl = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    return {
      format: (at: Date) => spoken(locale, intl.formatToParts(at)),
      formatRange: (from: Date, to: Date) => spoken(locale, intl.formatRangeToParts(from, to)),
    };
  };
  const sameDay = (from: Instant, to: Instant, zone = timeZone) => wallClockIn(zone, from).date === wallClockIn(zone, to).date;

  return {
    /** 10:30 */
    time: (at: Instant, zone?: string) => formatter(time, zone).format(new Date(at)),
    /** Mon, 23 Nov */
    day: (at: Instant, zone?: string) => formatter(day, zone).format(new Date(at)),
    /** Monday, 23 November 2026 */
    longDay: (at: Instant, zone?: string) =>
      formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, zone).format(new Date(at)),
    /** November 2026 */
    month: (at: Instant, zone?: string) => formatter({ month: "long", year: "numeric" }, zone).format(new Date(at)),
    /** Mon, 23 Nov, 10:30 */
    dayTime: (at: Instant, zone?: string) => formatter({ ...day, ...time }, zone).format(new Date(at)),
    /** 23 November 2026 at 10:30 GMT+9, for titles and records */
    exact: (at: Instant, zone?: string) =>
      formatter({ day: "numeric", month: "long", year: "numeric", ...time, timeZoneName: "short" }, zone).format(new Date(at)),
    /** 10:30 – 11:00, naming the day of the end when it is another */
    timeRange: (from: Instant, to: Instant, zone?: string) =>
      sameDay(from, to, zone)
        ? formatter(time, zone).formatRange(new Date(from), new Date(to))
        : `${formatter(time, zone).format(new Date(from))} – ${formatter({ ...day, ...time }, zone).format(new Date(to))}`,
    /** Monday, 23 November 2026, 10:30 – 11:00 */
    longRange: (from: Instant, to: Instant, zone?: string) =>
      formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric", ...time }, zone).formatRange(
        new Date(from),
        new Date(to),
      ),
    /** in 2 hours, yesterday; show it with the absolute time on hover and focus (`<When>`) */
    relative: (at: Instant, now: Instant) => relative(locale, new Date(at).getTime() - new Date(now).getTime()),
    /** 1 hr 30 min */
    duration: (minutes: number) => duration(locale, minutes),
    zone: (zone: string, at: Instant) => zoneLabel(locale, zone, at),
  };
}

/** Newer locale data writes the halves of a Korean day as AM and PM; people say 오전 and 오후. */
const koreanHalves: Record<string, string> = { AM: "오전", PM: "오후" };

function spoken(locale: string, parts: { type: string; value: string }[]): string {
  const word = ({ type, value }: { type: string; value: string }) =>
    locale === "ko" && type === "dayPeriod" ? (koreanHalves[value] ?? value) : value;
  return parts.map(word).join("");
}

export type Formats = ReturnType<typeof formatsFor>;

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

function relative(locale: string, differenceMs: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const step = steps.find(([, sizeMs]) => Math.abs(differenceMs) >= sizeMs);
  return step ? format.format(Math.round(differenceMs / step[1]), step[0]) : format.format(0, "second");
}

function duration(locale: string, minutes: number): string {
  const unit = (value: number, name: "day" | "hour" | "minute") =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const parts = [days > 0 ? unit(days, "day") : "", hours > 0 ? unit(hours, "hour") : "", rest > 0 ? unit(rest, "minute") : ""];
  return parts.filter(Boolean).join(" ") || unit(0, "minute");
}

/** The part of an IANA name that people know: `America/Argentina/Buenos_Aires` is Buenos Aires. */
export const cityOf = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

/** The zone's distance from UTC at an instant, `GMT+9`: of the meeting's date, not today's, because of daylight saving. */
export function offsetOf(zone: string, at: Instant, locale: string = "en" satisfies Locale): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date(at));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** Seoul (GMT+9) */
const zoneLabel = (locale: string, zone: string, at: Instant) => `${cityOf(zone)} (${offsetOf(zone, at, locale)})`;

/** 1 is Monday … 7 is Sunday; `auto` follows the language, whose usual region decides. */
export function firstDayOfWeek(viewer: Pick<Viewer, "weekStart" | "locale">): 1 | 6 | 7 {
  switch (viewer.weekStart) {
    case "monday":
      return 1;
    case "saturday":
      return 6;
    case "sunday":
      return 7;
    case "auto":
      return viewer.locale === "fr" ? 1 : 7;
  }
}

/** What the clocks of a zone show: `{ date: "2026-11-23", time: "10:30" }`, as the fields of a form want it. */
export function wallClockIn(zone: string, at: Instant): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return { date: `${part("year")}-${part("month")}-${part("day")}`, time: `${part("hour")}:${part("minute")}` };
}
