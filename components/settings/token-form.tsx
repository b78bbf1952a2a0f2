"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Form } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { FieldNotes } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { createApiTokenAction } from "@/lib/organizations/tokens/actions";
import type { Scope } from "@/lib/organizations/tokens/inputs";

interface Props {
  organization: string;
  /** Given by the page, because the schema they belong to would bring a validator along that the browser has no use for. */
  scopes: readonly Scope[];
  lifetimesDays: readonly number[];
}

export function TokenForm({ organization, scopes, lifetimesDays }: Props) {
  const t = useTranslations("settings.tokens");
  return (
    <Form action={createApiTokenAction.bind(null, organization)} resetOnDone>
      <NewSecret />
      <div className="grid gap-5 sm:grid-cols-[1fr_11rem]">
        <TextField name="name" label={t("name")} hint={t("nameHint")} maxLength={60} autoComplete="off" required />
        <SelectField
          name="days"
          label={t("days")}
          defaultValue="90"
          options={lifetimesDays.map((days) => ({ value: String(days), label: t("dayCount", { days }) }))}
        />
      </div>
      <Scopes scopes={scopes} />
      <SubmitButton className="self-start">{t("create")}</SubmitButton>
    </Form>
  );
}

function Scopes({ scopes }: Pick<Props, "scopes">) {
  const t = useTranslations("settings.tokens");
  const { id, faults, typedAll, refused, control } = useField("scopes");
  return (
    <fieldset aria-describedby={control["aria-describedby"]}>
      <legend className="mb-1.5 text-sm font-medium">{t("scopes")}</legend>
      {scopes.map((scope, index) => (
        <label key={scope} className="flex min-h-9 items-center gap-3 text-sm">
          <input
            type="checkbox"
            id={index === 0 ? id : undefined}
            name="scopes"
            value={scope}
            defaultChecked={refused && typedAll?.includes(scope)}
            aria-invalid={control["aria-invalid"]}
            className="size-5 shrink-0 accent-accent"
          />
          <span>
            {t(`scopeNames.${scope}`)} <code className="ml-1 text-xs text-ink-muted">{scope}</code>
          </span>
        </label>
      ))}
      <FieldNotes id={id} faults={faults} />
    </fieldset>
  );
}

/** Shown where the person looks after pressing the button, once: a reload forgets it. */
function NewSecret() {
  const { state } = useFormContext();
  const t = useTranslations("settings.tokens");
  const made = state.status === "done" && isMade(state.result) ? state.result : null;
  if (!made) return null;
  return (
    <Notice tone="positive" role="status" title={t("madeTitle")}>
      <p>{t("made")}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <code aria-label={t("secret")} className="min-w-0 rounded-md bg-surface px-2 py-1 break-all" data-testid="api-token">
          {made.secret}
        </code>
        <CopyButton text={made.secret} />
      </div>
      <p className="mt-3 text-xs text-ink-muted">{t("usage")}</p>
      <code className="block text-xs break-all">Authorization: Bearer {made.secret.slice(0, 9)}…</code>
    </Notice>
  );
}

const isMade = (result: unknown): result is { secret: string } =>
  typeof result === "object" && result !== null && "secret" in result && typeof result.secret === "string";
