"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { submitForm } from "@/lib/platform/action";
import { currentSession } from "@/lib/platform/auth/session";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { toLocale } from "@/lib/platform/i18n/locales";
import { actingMember } from "./actor";
import { changeOrganization, createOrganization, createWorkspace, renameWorkspace } from "./commands";
import { createOrganizationInput, createWorkspaceInput, organizationSettingsInput, renameWorkspaceInput } from "./inputs";

/** The edges of the organization's pages: parse, resolve the member, command. Each is bound to the organization's slug by its page. */
export async function beginAction(_: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => formFields(fields, ["name"], ["workspaceName", "founderName", "timeZone"]);
  return submitForm(form, createOrganizationInput, shape, async (input) => {
    const session = await currentSession();
    if (!session) throw new Refused("SIGNED_OUT");
    const { slug } = await createOrganization(session.user, { ...input, locale: input.locale ?? toLocale(await getLocale()) });
    redirect(`/${slug}`);
  });
}

export async function changeOrganizationAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, organizationSettingsInput, (fields) => formFields(fields, ["name", "locale", "timeZone"]), async (input) => {
    await changeOrganization(await actingMember(organization), input);
    revalidatePath("/", "layout");
  });
}

export async function createWorkspaceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, createWorkspaceInput, (fields) => formFields(fields, ["name"]), async ({ name }) => {
    await createWorkspace(await actingMember(organization), name);
    revalidatePath("/", "layout");
  });
}

export async function renameWorkspaceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, renameWorkspaceInput, (fields) => formFields(fields, ["workspaceId", "name"]), async ({ workspaceId, name }) => {
    await renameWorkspace(await actingMember(organization), workspaceId, name);
    revalidatePath("/", "layout");
  });
}
