"use client";

import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { cityOf, formatsFor } from "@/lib/platform/i18n/formats";

const never = () => () => undefined;

/** The meeting's time on this device's clock, when that differs from the zone shown; only a browser knows it. */
export function MyClock({ startsAt, endsAt, shownZone, locale }: { startsAt: string; endsAt: string; shownZone: string; locale: string }) {
  const t = useTranslations("rsvp");
  const zone = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => shownZone,
  );
  const formats = formatsFor({ locale, timeZone: zone, hourCycle: "auto", weekStart: "auto" });
  const here = formats.longRange(startsAt, endsAt);
  if (zone === shownZone || here === formats.longRange(startsAt, endsAt, shownZone)) return null;
  return <p className="tabular text-sm text-ink-muted">{t("yourClock", { time: here, city: cityOf(zone) })}</p>;
}
