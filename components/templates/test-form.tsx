"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { localeNames, type Locale } from "@/lib/platform/i18n/locales";
import { testTemplateAction } from "@/lib/notifications/custom-templates/actions";

interface Props {
  organization: string;
  templateId: string;
  languages: Locale[];
  chosen: Locale;
}

export function TestForm({ organization, templateId, languages, chosen }: Props) {
  const t = useTranslations("templates.test");
  return (
    <Form action={testTemplateAction.bind(null, organization)} aria-label={t("title")} className="gap-4">
      <p className="text-sm text-ink-muted">{t("lead")}</p>
      <input type="hidden" name="templateId" value={templateId} />
      <div className="flex flex-wrap items-end gap-3">
        {languages.length > 1 && (
          <SelectField name="locale" label={t("language")} defaultValue={chosen} options={languages.map((value) => ({ value, label: localeNames[value] }))} className="min-w-40" />
        )}
        <SubmitButton name="channel" value="email" variant="secondary">
          {t("mail")}
        </SubmitButton>
        <SubmitButton name="channel" value="push" variant="secondary">
          {t("push")}
        </SubmitButton>
      </div>
      <Outcome />
    </Form>
  );
}

/** A refusal of a channel belongs to no field that is shown, so it stands here. */
function Outcome() {
  const { state, pending } = useFormContext();
  const t = useTranslations();
  const result = state.status === "done" && isOutcome(state.result) ? state.result : null;
  const fault = state.fields.channel?.[0]?.code;
  return (
    <p role="status" className="text-sm">
      {!pending && result && (result.channel === "email" ? t("templates.test.mailed", { address: result.to ?? "" }) : t("templates.test.pushed", { count: result.devices }))}
      {!pending && fault === "no-device" && <span className="text-danger">{t("faults.no-device")}</span>}
    </p>
  );
}

const isOutcome = (result: unknown): result is { channel: "email" | "push"; to: string | null; devices: number } =>
  typeof result === "object" && result !== null && "channel" in result;
