"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { submitForm } from "../action";
import { formFields } from "../form-fields";
import type { FormState } from "../form-state";
import { toLocale } from "../i18n/locales";
import { clientAddress } from "./client-address";
import { requestSignInInput } from "./inputs";
import { safeReturnTo } from "./return-to";
import { signOutBrowser } from "./session-cookie";
import { requestSignInLink } from "./sign-in-mail";

export async function requestSignInAction(_: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, requestSignInInput, (fields) => formFields(fields, ["email"], ["returnTo"]), async ({ email, returnTo }) => {
    const path = safeReturnTo(returnTo);
    await requestSignInLink(email, path, { clientAddress: clientAddress(await headers()), locale: toLocale(await getLocale()) });
    redirect(`/sign-in/check?${new URLSearchParams({ email, ...(path !== "/" && { callbackUrl: path }) })}`);
  });
}

export async function signOutAction(): Promise<void> {
  await signOutBrowser();
  redirect("/sign-in?signedOut=1");
}
