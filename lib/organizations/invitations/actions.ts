"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "../actor";
import { inviteMembers, resendInvitation, revokeInvitation, type InviteOutcome } from "./commands";
import { invitationIdInput, inviteMembersInput } from "./inputs";

type Outcomes = { outcomes: InviteOutcome[] };

export async function inviteMembersAction(organization: string, _: FormState<Outcomes>, form: FormData): Promise<FormState<Outcomes>> {
  const shape = (fields: FormData) => formFields(fields, ["addresses"], ["role", "workspaceId"]);
  return submitForm(form, inviteMembersInput, shape, async (input) => {
    const outcomes = await inviteMembers(await actingMember(organization), input);
    revalidatePath(`/${organization}/settings`, "layout");
    return { outcomes };
  });
}

export async function resendInvitationAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, invitationIdInput, (fields) => formFields(fields, ["invitationId"]), async ({ invitationId }) => {
    await resendInvitation(await actingMember(organization), invitationId);
    revalidatePath(`/${organization}/settings`, "layout");
  });
}

export async function revokeInvitationAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, invitationIdInput, (fields) => formFields(fields, ["invitationId"]), async ({ invitationId }) => {
    await revokeInvitation(await actingMember(organization), invitationId);
    revalidatePath(`/${organization}/settings`, "layout");
  });
}
