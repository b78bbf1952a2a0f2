"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "../actor";
import { changeRoleInput, removeMemberInput } from "../inputs";
import { changeRole, removeMember } from "./commands";

export async function changeRoleAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, changeRoleInput, (fields) => formFields(fields, ["memberId", "role"]), async ({ memberId, role }) => {
    await changeRole(await actingMember(organization), memberId, role);
    revalidatePath(`/${organization}/settings`, "layout");
  });
}

export async function removeMemberAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, removeMemberInput, (fields) => formFields(fields, ["memberId"]), async ({ memberId }) => {
    const member = await actingMember(organization);
    await removeMember(member, memberId);
    if (memberId === member.id) redirect("/");
    revalidatePath(`/${organization}/settings`, "layout");
  });
}
