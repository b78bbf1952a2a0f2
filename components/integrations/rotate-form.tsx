"use client";

import { useTranslations } from "next-intl";
import { Saved } from "@/components/settings/saved";
import { CheckboxField } from "@/components/ui/checkbox-field";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { rotateSecretAction } from "@/lib/integrations/connections/actions";

export function RotateForm({ organization, connectionId }: { organization: string; connectionId: string }) {
  const t = useTranslations("integrations.rotate");
  return (
    <Form action={rotateSecretAction.bind(null, organization)} className="gap-4" resetOnDone>
      <input type="hidden" name="connectionId" value={connectionId} />
      <CheckboxField name="atOnce" label={t("atOnce")} />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton variant="secondary">{t("button")}</SubmitButton>
        <Saved>{t("done")}</Saved>
      </div>
    </Form>
  );
}
