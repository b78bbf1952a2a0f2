"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { TextField } from "@/components/ui/text-field";
import type { EventFilter } from "@/lib/integrations/subscriptions/inputs";
import { filterLists, type FilterList } from "@/lib/integrations/subscriptions/choices/inputs";
import { useSuggestions } from "./suggestions";
import { TokenField, type TokenItem } from "./token-field";

interface Props {
  organization: string;
  connectionId: string;
  filter: EventFilter | null;
  /** Whether `me` stands for anybody. */
  linked: boolean;
  onChange: () => void;
}

/** Which of the events: every field may stay empty, and offers what the place really has. */
export function FilterFields({ organization, connectionId, filter, linked, onChange }: Props) {
  const t = useTranslations("subscriptions.form");
  const { suggestions, loading, want } = useSuggestions(organization, connectionId);
  const plain = (names: string[]): TokenItem[] => names.map((name) => ({ value: name, label: name }));
  const items: Record<FilterList, TokenItem[]> = {
    projects: suggestions.projects.map(({ key, name }) => ({ value: key, label: key, detail: name })),
    issueTypes: plain(suggestions.issueTypes),
    statuses: plain(suggestions.statuses),
    labels: plain(suggestions.labels),
    assignees: [{ value: "me", label: t("me"), detail: t("meDetail") }, { value: "none", label: t("nobody") }, ...suggestions.assignees.map(({ id, name }) => ({ value: id, label: name }))],
  };
  return (
    <div className="flex flex-col gap-5">
      <p className="text-sm text-ink-muted">{t("whichHint")}</p>
      <div className="grid gap-5 sm:grid-cols-2">
        {filterLists.map((name) => (
          <TokenField
            key={name}
            name={name}
            typedName={`${name}-typed`}
            label={t(name)}
            items={items[name]}
            defaultValues={filter?.[name] ?? []}
            placeholder={t("any")}
            free
            loading={loading}
            onWanted={want}
            onChange={onChange}
          />
        ))}
        <TextField name="text" label={t("text")} hint={t("textHint")} defaultValue={filter?.text} maxLength={200} autoComplete="off" />
      </div>
      {!linked && <Notice>{t("meNeedsLink")}</Notice>}
    </div>
  );
}
