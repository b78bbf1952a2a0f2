"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { beginAction } from "@/lib/organizations/actions";
import { BrowserTimeZone } from "./browser-time-zone";

export function BeginForm({ asksName }: { asksName: boolean }) {
  const t = useTranslations("auth.begin");
  return (
    <Form action={beginAction}>
      <BrowserTimeZone />
      {asksName && <TextField name="founderName" label={t("founderName")} hint={t("founderNameHint")} autoComplete="name" maxLength={80} optional />}
      <TextField name="name" label={t("name")} hint={t("nameHint")} autoComplete="organization" maxLength={80} required />
      <TextField name="workspaceName" label={t("workspace")} hint={t("workspaceHint")} maxLength={80} optional />
      <SubmitButton className="self-start">{t("submit")}</SubmitButton>
    </Form>
  );
}
