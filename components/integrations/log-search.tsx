"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { SelectField, type Option } from "@/components/ui/select-field";
import { TextField } from "@/components/ui/text-field";
import type { LogSearch as Search } from "@/lib/integrations/connections/log/inputs";

interface Props {
  /** The page itself: a search is an address that can be kept and shared. */
  action: string;
  search: Search;
  events: readonly string[];
  states: Option[];
  windows: Option[];
}

export function LogSearch({ action, search, events, states, windows }: Props) {
  const t = useTranslations("integrations.log");
  return (
    <form method="get" action={action} role="search" className="grid gap-4 sm:grid-cols-2">
      <TextField name="text" label={t("text")} defaultValue={search.text} maxLength={200} autoComplete="off" className="sm:col-span-2" />
      <TextField name="event" label={t("event")} hint={t("eventHint")} defaultValue={search.event} maxLength={100} autoComplete="off" list="event-names" />
      <datalist id="event-names">
        {events.map((event) => (
          <option key={event} value={event} />
        ))}
      </datalist>
      <SelectField name="state" label={t("state")} defaultValue={search.state} options={[{ value: "", label: t("any") }, ...states]} />
      <SelectField name="within" label={t("within")} defaultValue={search.within} options={windows} />
      <div className="flex flex-wrap gap-3 sm:col-span-2">
        <Button type="submit" variant="primary">
          {t("show")}
        </Button>
        <LinkButton href={action} variant="ghost">
          {t("reset")}
        </LinkButton>
      </div>
    </form>
  );
}
