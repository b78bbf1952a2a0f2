"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { registerHooksAction } from "@/lib/integrations/connections/actions";

interface Props {
  organization: string;
  connectionId: string;
  /** Of what is registered now; null when nothing is. */
  filter: string | null;
}

/** Has the webhook registered at the site, or the registered one replaced by one with another filter. */
export function RegisterForm({ organization, connectionId, filter }: Props) {
  const t = useTranslations("integrations.dynamic");
  return (
    <Form action={registerHooksAction.bind(null, organization)} className="gap-4">
      <input type="hidden" name="connectionId" value={connectionId} />
      <TextField name="filter" label={t("filter")} hint={t("filterHint")} defaultValue={filter ?? ""} optional maxLength={2000} autoComplete="off" spellCheck={false} />
      <SubmitButton variant="secondary" className="self-start">
        {t(filter === null ? "register" : "change")}
      </SubmitButton>
    </Form>
  );
}
