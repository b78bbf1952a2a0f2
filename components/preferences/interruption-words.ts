import type { useTranslations } from "next-intl";
import type { Interruptions } from "@/lib/notifications/preferences/queries";
import type { Formats } from "@/lib/platform/i18n/formats";

type Translate = ReturnType<typeof useTranslations<"preferences">>;

/** What keeps e-mail and push away now, and until when; the mute before the quiet hours, because it can be ended. */
export function interruptionWords(t: Translate, now: Interruptions, formats: Formats, at: Date): string | null {
  if (now.muted) return now.mutedUntil ? t("now.mutedUntil", { when: whenOf(now.mutedUntil, formats, at) }) : t("now.muted");
  return now.quietUntil ? t("now.quietUntil", { when: whenOf(now.quietUntil, formats, at) }) : null;
}

/** Today the time says it; later the day is needed, too. */
const whenOf = (until: Date, formats: Formats, at: Date) => (formats.day(until) === formats.day(at) ? formats.time(until) : formats.dayTime(until));
