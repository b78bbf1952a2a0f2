"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { TemplatePreview } from "@/components/templates/template-preview";
import { Card } from "@/components/ui/card";
import { FieldNotes } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { announceAction, type Question } from "@/lib/notifications/publications/actions";
import type { TemplateVariable } from "@/lib/notifications/custom-templates/inputs";
import type { Role } from "@/lib/organizations/inputs";

interface Props {
  organization: string;
  template: { key: string; name: string; variables: TemplateVariable[] };
  memberCount: number;
  workspaces: { id: string; name: string; memberCount: number }[];
  roles: readonly Role[];
  channels: readonly ("inbox" | "email" | "push")[];
  /** Makes a second press of the button the same announcement. */
  requestKey: string;
  zone: string;
  /** The earliest day and time that can be chosen. */
  earliest: string;
}

/** Who, where, when and with which words; then a question with the answer in view. One form, so that it works without scripts. */
export function AnnounceForm({ organization, template, memberCount, workspaces, roles, channels, requestKey, zone, earliest }: Props) {
  const t = useTranslations("templates.announcements.form");
  const names = useTranslations("organizations.roles");
  return (
    <Form action={announceAction.bind(null, organization, template.key)} aria-label={t("with", { name: template.name })} className="gap-6">
      <input type="hidden" name="key" value={requestKey} />
      <Card id="variables" title={t("variables")}>
        {template.variables.length === 0 ? <p className="text-sm text-ink-muted">{t("none")}</p> : <Values variables={template.variables} />}
      </Card>
      <Card id="audience" title={t("audience")}>
        <div className="flex flex-col gap-4">
          <RadioGroup
            name="audience"
            label={t("audience")}
            hideLabel
            defaultValue="everyone"
            choices={[
              { value: "everyone", label: t("everyone"), hint: t("everyoneHint", { count: memberCount }) },
              ...(workspaces.length > 0 ? [{ value: "workspaces", label: t("workspaces") }] : []),
              { value: "roles", label: t("roles") },
              { value: "people", label: t("people") },
            ]}
          />
          <Only when="workspaces">
            <Checks
              name="workspaces"
              label={t("workspaces")}
              choices={workspaces.map(({ id, name, memberCount: count }) => ({ value: id, label: name, note: t("everyoneHint", { count }) }))}
            />
          </Only>
          <Only when="roles">
            <Checks name="roles" label={t("roles")} choices={roles.map((role) => ({ value: role, label: names(role) }))} />
          </Only>
          <Only when="people">
            <TextArea name="people" label={t("addresses")} hint={t("addressesHint")} rows={3} autoCapitalize="none" autoComplete="off" spellCheck={false} />
          </Only>
        </div>
      </Card>
      <Card id="channels" title={t("channels")}>
        <Checks name="channels" label={t("channels")} hideLabel hint={t("channelsHint")} choices={channels.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))} all />
      </Card>
      <Card id="when" title={t("when")}>
        <div className="flex flex-col gap-4">
          <RadioGroup
            name="when"
            label={t("when")}
            hideLabel
            look="segments"
            defaultValue="now"
            choices={[
              { value: "now", label: t("now") },
              { value: "later", label: t("later") },
            ]}
          />
          <Only when="later">
            <TextField name="sendAt" type="datetime-local" label={t("sendAt")} hint={t("sendAtHint", { zone })} min={earliest} className="sm:max-w-72" />
          </Only>
        </div>
      </Card>
      <div>
        <SubmitButton name="intent" value="check" variant="secondary">
          {t("check")}
        </SubmitButton>
      </div>
      <Confirm />
    </Form>
  );
}

/** Fields of one choice only. Hidden by the style sheet alone, so that nothing is out of reach where scripts or styles are missing. */
function Only({ when, children }: { when: "workspaces" | "roles" | "people" | "later"; children: ReactNode }) {
  const shown = {
    workspaces: "in-[form:has(input[name=audience]:checked:not([value=workspaces]))]:hidden",
    roles: "in-[form:has(input[name=audience]:checked:not([value=roles]))]:hidden",
    people: "in-[form:has(input[name=audience]:checked:not([value=people]))]:hidden",
    later: "in-[form:has(input[name=when]:checked:not([value=later]))]:hidden",
  }[when];
  return <div className={shown}>{children}</div>;
}

function Values({ variables }: { variables: TemplateVariable[] }) {
  return (
    <div className="flex flex-col gap-5">
      {variables.map(({ name, required, sample }) => (
        <TextArea
          key={name}
          name={`variable.${name}`}
          label={<code>{`{{${name}}}`}</code>}
          placeholder={sample}
          maxLength={2000}
          rows={1}
          optional={!required}
          required={required}
        />
      ))}
    </div>
  );
}

interface ChecksProps {
  name: string;
  label: string;
  hideLabel?: boolean;
  hint?: string;
  choices: { value: string; label: string; note?: string }[];
  /** Ticked at first. */
  all?: boolean;
}

function Checks({ name, label, hideLabel, hint, choices, all = false }: ChecksProps) {
  const { id, faults, typedAll, control } = useField(name, { hint });
  const { state } = useFormContext();
  const sent = Object.keys(state.values).length > 0;
  return (
    <fieldset aria-describedby={control["aria-describedby"]}>
      <legend className={hideLabel ? "sr-only" : "mb-1.5 text-sm font-medium"}>{label}</legend>
      {choices.map(({ value, label: text, note }, index) => (
        <label key={value} className="flex min-h-9 items-center gap-3 text-sm">
          <input
            type="checkbox"
            id={index === 0 ? id : undefined}
            name={name}
            value={value}
            defaultChecked={sent ? (typedAll?.includes(value) ?? false) : all}
            aria-invalid={control["aria-invalid"]}
            className="size-5 shrink-0 accent-accent"
          />
          <span className="min-w-0 break-words">
            {text}
            {note && <span className="ml-2 text-xs text-ink-muted">{note}</span>}
          </span>
        </label>
      ))}
      <FieldNotes id={id} hint={hint} faults={faults} />
    </fieldset>
  );
}

function Confirm() {
  const t = useTranslations("templates.announcements.confirm");
  const { state } = useFormContext();
  const question = state.status === "idle" && isQuestion(state.result) ? state.result : null;
  if (!question) return null;
  const { members, addresses, sendAt, preview } = question;
  return (
    <Card id="confirm" title={t("title")} className="border-accent-line">
      <div className="flex flex-col gap-5">
        <Notice tone="caution" role="status" title={t("reach", { members, addresses })}>
          <p>{sendAt ? t.rich("later", { when: () => <strong>{sendAt}</strong> }) : t("now")}</p>
        </Notice>
        <TemplatePreview previews={preview} />
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton name="intent" value="send">
            {sendAt ? t("schedule") : t("send")}
          </SubmitButton>
          <p className="text-sm text-ink-muted">{t("again")}</p>
        </div>
      </div>
    </Card>
  );
}

const isQuestion = (result: unknown): result is Question => typeof result === "object" && result !== null && "members" in result;
