"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useField } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { SelectField } from "@/components/ui/select-field";
import { targets, type Target } from "@/lib/integrations/subscriptions/choices/inputs";
import { TokenField, type TokenItem } from "./token-field";

export interface TargetChoices {
  people: TokenItem[];
  workspaces: { value: string; label: string }[];
  endpoints: { value: string; label: string }[];
}

interface Props {
  /** Null for whoever can only ask for themselves. */
  choices: TargetChoices | null;
  /** Events of Moim itself go to programs alone. */
  endpointsOnly: boolean;
  chosen: { target: Target; memberIds: string[]; workspaceId: string | null; endpointId: string | null } | null;
  onChange: () => void;
}

export function TargetFields({ choices, endpointsOnly, chosen, onChange }: Props) {
  const t = useTranslations("subscriptions.form");
  const { typed } = useField("target");
  const [target, setTarget] = useState<string>(typed ?? chosen?.target ?? (endpointsOnly ? "endpoint" : "me"));
  if (!choices) {
    return (
      <>
        <input type="hidden" name="target" value="me" />
        <p className="text-sm">{t("onlyMe")}</p>
      </>
    );
  }
  const offered = endpointsOnly ? (["endpoint"] as const) : targets;
  const shownFor = (wanted: Target) => (target === wanted ? undefined : "hidden no-js:block");
  return (
    <div className="flex flex-col gap-5">
      <RadioGroup
        name="target"
        label={t("who")}
        hideLabel
        choices={offered.map((value) => ({ value, label: t(`targets.${value}`), hint: value === "me" ? t("onlyMe") : undefined }))}
        defaultValue={chosen?.target ?? offered[0]}
        onChange={(value) => {
          setTarget(value);
          setTimeout(onChange);
        }}
      />
      {!endpointsOnly && (
        <>
          <TokenField name="memberIds" label={t("people")} hint={t("peopleHint")} items={choices.people} defaultValues={chosen?.memberIds ?? []} className={shownFor("people")} onChange={onChange} />
          <SelectField name="workspaceId" label={t("workspace")} hint={t("peopleHint")} options={choices.workspaces} defaultValue={chosen?.workspaceId ?? undefined} className={shownFor("workspace")} />
        </>
      )}
      <div className={shownFor("endpoint")}>
        {choices.endpoints.length > 0 ? (
          <SelectField name="endpointId" label={t("endpoint")} options={choices.endpoints} defaultValue={chosen?.endpointId ?? undefined} />
        ) : (
          <Notice>{t("noEndpoints")}</Notice>
        )}
      </div>
    </div>
  );
}
