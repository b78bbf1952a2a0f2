"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { createGenericConnectionAction } from "@/lib/integrations/connections/actions";

export function GenericForm({ organization }: { organization: string }) {
  const t = useTranslations("integrations.generic");
  return (
    <Form action={createGenericConnectionAction.bind(null, organization)} className="gap-4">
      <TextField name="name" label={t("name")} maxLength={80} autoComplete="off" required className="sm:max-w-80" />
      <SubmitButton variant="secondary" className="self-start">
        {t("create")}
      </SubmitButton>
    </Form>
  );
}
