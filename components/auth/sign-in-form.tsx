"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { requestSignInAction } from "@/lib/platform/auth/actions";

interface Props {
  email?: string;
  returnTo: string;
  /** What the button says; the same form sends a first link and another one. */
  button: string;
}

export function SignInForm({ email, returnTo, button }: Props) {
  const t = useTranslations("auth.signIn");
  return (
    <Form action={requestSignInAction}>
      <input type="hidden" name="returnTo" value={returnTo} />
      <TextField
        name="email"
        label={t("email")}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={email}
        required
      />
      <SubmitButton className="w-full">{button}</SubmitButton>
    </Form>
  );
}
