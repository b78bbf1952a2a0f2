import { createTranslator } from "next-intl";
import { formatsFor, offsetOf, type Formats } from "@/lib/platform/i18n/formats";
import { toLocale, type Locale } from "@/lib/platform/i18n/locales";
import { messagesOf, type Messages } from "@/lib/platform/i18n/messages";

/** Whom a mail speaks to: their language, zone and way of reading time. */
export interface Reader {
  locale: Locale;
  timeZone: string;
  t: ReturnType<typeof translator>;
  formats: Formats;
  list(items: string[]): string;
}

const translator = (locale: Locale, messages: Messages) => createTranslator({ locale, messages, namespace: "mail" });

export async function readerOf(profile: { locale: string; timeZone: string; hourCycle: "auto" | "h12" | "h23" }): Promise<Reader> {
  const locale = toLocale(profile.locale);
  return {
    locale,
    timeZone: profile.timeZone,
    t: translator(locale, await messagesOf(locale)),
    formats: formatsFor({ locale, timeZone: profile.timeZone, hourCycle: profile.hourCycle, weekStart: "auto" }),
    list: (items) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items),
  };
}

/** Whether two zones show the same clock at an instant: then naming the second would only confuse. */
export const sameClock = (a: string, b: string, at: Date) => offsetOf(a, at) === offsetOf(b, at);
