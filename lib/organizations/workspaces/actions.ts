"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "../actor";
import { addToWorkspace, leaveWorkspace, removeFromWorkspace } from "./commands";
import { addToWorkspaceInput, removeFromWorkspaceInput } from "./inputs";

/** The edges of a workspace's settings. Each is bound to the organization's slug and the workspace's id by its page. */
export async function addToWorkspaceAction(organization: string, workspaceId: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ memberIds: fields.getAll("memberIds").filter((id) => id !== "") });
  return submitForm(form, addToWorkspaceInput, shape, async ({ memberIds }) => {
    await addToWorkspace(await actingMember(organization), workspaceId, memberIds);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function removeFromWorkspaceAction(organization: string, workspaceId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, removeFromWorkspaceInput, (fields) => formFields(fields, ["memberId"]), async ({ memberId }) => {
    await removeFromWorkspace(await actingMember(organization), workspaceId, memberId);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function leaveWorkspaceAction(organization: string, workspaceId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    await leaveWorkspace(await actingMember(organization), workspaceId);
    revalidatePath(`/${organization}`, "layout");
    redirect(`/${organization}/settings/organization`);
  });
}
