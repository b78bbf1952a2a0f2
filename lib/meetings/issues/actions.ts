"use server";

import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { addIssue, removeIssue } from "./commands";
import { meetingIssueInput } from "./inputs";

const shape = (form: FormData) => formFields(form, ["issue"]);

/** The edges of a meeting's issues, bound by its page to the organization's slug and the meeting. */
export async function addIssueAction(organization: string, meetingId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, meetingIssueInput, shape, async (input) => {
    await addIssue(await actingMember(organization), meetingId, input);
    return input;
  });
}

export async function removeIssueAction(organization: string, meetingId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, meetingIssueInput, shape, async (input) => {
    await removeIssue(await actingMember(organization), meetingId, input);
    return input;
  });
}
