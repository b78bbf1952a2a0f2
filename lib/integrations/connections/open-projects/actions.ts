"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { closeProject, openProject } from "./commands";
import { closeProjectInput, openProjectInput } from "./inputs";

const pageOf = (organization: string, connectionId: string) => `/${organization}/settings/integrations/${connectionId}/projects`;

export async function openProjectAction(organization: string, connectionId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, openProjectInput, (fields) => formFields(fields, ["project", "workspaceId"]), async (input) => {
    await openProject(await actingMember(organization), connectionId, input);
    revalidatePath(pageOf(organization, connectionId));
  });
}

export async function closeProjectAction(organization: string, connectionId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, closeProjectInput, (fields) => formFields(fields, ["projectId", "workspaceId"]), async (input) => {
    await closeProject(await actingMember(organization), connectionId, input);
    revalidatePath(pageOf(organization, connectionId));
  });
}
