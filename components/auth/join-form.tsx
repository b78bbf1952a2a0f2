"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { acceptInvitationAction } from "@/lib/organizations/joining/actions";
import { BrowserTimeZone } from "./browser-time-zone";

export function JoinForm({ token, asksName, button }: { token: string; asksName: boolean; button: string }) {
  const t = useTranslations("auth.join");
  return (
    <Form action={acceptInvitationAction.bind(null, token)}>
      <BrowserTimeZone />
      {asksName && <TextField name="name" label={t("name")} hint={t("nameHint")} autoComplete="name" maxLength={80} optional />}
      <SubmitButton className="self-start whitespace-normal">{button}</SubmitButton>
    </Form>
  );
}
