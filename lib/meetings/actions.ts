"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { respond, respondByLink } from "./answers/commands";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "./commands";
import { addIssue } from "./issues/commands";
import { meetingIssueInput } from "./issues/inputs";
import { cancelShape, meetingShape, respondShape } from "./forms";
import { cancelMeetingInput, changeMeetingInput, respondInput, scheduleMeetingInput } from "./inputs";

/** The edges of the meeting pages: parse, resolve the member, command. Each is bound to the organization's slug by its page. */
export async function scheduleMeetingAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, scheduleMeetingInput, meetingShape, async (input) => {
    const member = await actingMember(organization);
    const { meetingId } = await scheduleMeeting(member, input, { idempotencyKey: keyOf(form) });
    const about = meetingIssueInput.safeParse({ issue: form.get("issue") });
    if (about.success) await addIssue(member, meetingId, about.data);
    redirect(`/${organization}/meetings/${meetingId}?booked=1`);
  });
}

export async function changeMeetingAction(organization: string, meetingId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, changeMeetingInput, (fields) => ({ ...meetingShape(fields), notify: fields.get("notify") !== "off" }), async (input) => {
    const member = await actingMember(organization);
    const version = z.coerce.number().int().optional().catch(undefined).parse(form.get("version") ?? undefined);
    await changeMeeting(member, meetingId, input, { ifVersion: version });
    redirect(`/${organization}/meetings/${meetingId}?changed=1`);
  });
}

export async function cancelMeetingAction(organization: string, meetingId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, cancelMeetingInput, cancelShape, async (input) => {
    const member = await actingMember(organization);
    await cancelMeeting(member, meetingId, input);
    redirect(`/${organization}/meetings/${meetingId}?cancelled=1`);
  });
}

export async function respondAction(organization: string, meetingId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, respondInput, respondShape, async (input) => {
    const member = await actingMember(organization);
    await respond(member, meetingId, input);
    return input;
  });
}

export async function respondByLinkAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, respondInput, respondShape, async (input) => {
    await respondByLink(token, input);
    return input;
  });
}

function keyOf(form: FormData): string | undefined {
  const key = form.get("idempotencyKey");
  return typeof key === "string" && /^[!-~]{1,200}$/.test(key) ? key : undefined;
}
