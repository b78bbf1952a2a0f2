"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { SelectField, type Option } from "@/components/ui/select-field";
import { TextField } from "@/components/ui/text-field";
import type { ConsoleSearch } from "@/lib/notifications/console/inputs";

interface Props {
  /** The page itself: a search is an address that can be kept and shared. */
  action: string;
  search: ConsoleSearch;
  types: Option[];
  channels: Option[];
  states: Option[];
  windows: Option[];
}

export function SearchForm({ action, search, types, channels, states, windows }: Props) {
  const t = useTranslations("console.search");
  const any = { value: "", label: t("any") };
  return (
    <form method="get" action={`${action}#search`} role="search" className="grid gap-4 sm:grid-cols-2">
      <TextField name="person" label={t("person")} hint={t("personHint")} defaultValue={search.person} maxLength={254} autoComplete="off" className="sm:col-span-2" />
      <SelectField name="type" label={t("type")} defaultValue={search.type} options={[any, ...types]} />
      <SelectField name="channel" label={t("channel")} defaultValue={search.channel} options={[any, ...channels]} />
      <SelectField name="state" label={t("state")} defaultValue={search.state} options={[any, ...states]} />
      <SelectField name="within" label={t("within")} defaultValue={search.within} options={windows} />
      {search.notification && <input type="hidden" name="notification" value={search.notification} />}
      <div className="flex flex-wrap gap-3 sm:col-span-2">
        <Button type="submit" variant="primary">
          {t("submit")}
        </Button>
        <LinkButton href={`${action}#search`} variant="ghost">
          {t("reset")}
        </LinkButton>
      </div>
    </form>
  );
}
