"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { submitForm } from "@/lib/platform/action";
import { currentSession } from "@/lib/platform/auth/session";
import { signInBrowser } from "@/lib/platform/auth/session-cookie";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { toLocale } from "@/lib/platform/i18n/locales";
import { acceptInvitation } from "./commands";
import { acceptInvitationInput } from "./inputs";

/** Joins, and signs in as the invited person whoever was signed in before: the page has said so. */
export async function acceptInvitationAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ token, ...formFields(fields, [], ["name", "timeZone"]) });
  return submitForm(form, acceptInvitationInput, shape, async ({ name, timeZone }) => {
    const joined = await acceptInvitation(token, { name, timeZone, locale: toLocale(await getLocale()) });
    const session = await currentSession();
    if (session?.user.id !== joined.userId) await signInBrowser(joined.userId);
    redirect(`/${joined.organizationSlug}`);
  });
}
