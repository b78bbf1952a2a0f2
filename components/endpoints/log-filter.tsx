"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { SelectField, type Option } from "@/components/ui/select-field";
import type { DeliverySearch } from "@/lib/integrations/outgoing/inputs";

/** A search is an address that can be kept and shared. */
export function LogFilter({ action, search, states, events }: { action: string; search: DeliverySearch; states: Option[]; events: string[] }) {
  const t = useTranslations("endpoints.log");
  const any = { value: "", label: t("any") };
  const shown = search.event && !events.includes(search.event) ? [search.event, ...events] : events;
  return (
    <form method="get" action={`${action}#log`} role="search" className="flex flex-wrap items-end gap-3">
      <SelectField name="state" label={t("state")} defaultValue={search.state} options={[any, ...states]} className="min-w-36 flex-1" />
      <SelectField name="event" label={t("event")} defaultValue={search.event} options={[any, ...shown.map((value) => ({ value, label: value }))]} className="min-w-44 flex-1" />
      <Button type="submit">{t("show")}</Button>
    </form>
  );
}
