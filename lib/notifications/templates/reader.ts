import { createTranslator } from "next-intl";
import { formatsFor, offsetOf, type Formats } from "@/lib/platform/i18n/formats";
import { toLocale, type Locale } from "@/lib/platform/i18n/locales";
import { messagesOf, type Messages } from "@/lib/platform/i18n/messages";

/** Whom a mail or push speaks to: their language, zone and way of reading time. */
export interface Reader {
  locale: Locale;
  timeZone: string;
  /** The words of mails. */
  t: ReturnType<typeof mailWords>;
  /** The words of pushes. */
  push: ReturnType<typeof pushWordsOf>;
  /** The lines of the inbox. */
  lines: ReturnType<typeof inboxLines>;
  formats: Formats;
  list(items: string[]): string;
}

const mailWords = (locale: Locale, messages: Messages) => createTranslator({ locale, messages, namespace: "mail" });
const pushWordsOf = (locale: Locale, messages: Messages) => createTranslator({ locale, messages, namespace: "push" });
const inboxLines = (locale: Locale, messages: Messages) => createTranslator({ locale, messages, namespace: "notifications" });

export async function readerOf(profile: { locale: string; timeZone: string; hourCycle: "auto" | "h12" | "h23" }): Promise<Reader> {
  const locale = toLocale(profile.locale);
  const messages = await messagesOf(locale);
  return {
    locale,
    timeZone: profile.timeZone,
    t: mailWords(locale, messages),
    push: pushWordsOf(locale, messages),
    lines: inboxLines(locale, messages),
    formats: formatsFor({ locale, timeZone: profile.timeZone, hourCycle: profile.hourCycle, weekStart: "auto" }),
    list: (items) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items),
  };
}

/** Whether two zones show the same clock at an instant: then naming the second would only confuse. */
export const sameClock = (a: string, b: string, at: Date) => offsetOf(a, at) === offsetOf(b, at);
