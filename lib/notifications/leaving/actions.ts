"use server";

import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { leave, muteByLink, returnTo } from "./commands";
import { leaveInput, muteInput, type FormerChoice } from "./inputs";

/** How things stand after the button, and what to restore when it is taken back. */
export interface Left {
  left: boolean;
  former: FormerChoice[];
}

/** The edges of the pages that links in mails open: the link is the proof, so no member is asked for. */
export async function leaveAction(token: string, _: FormState<Left>, form: FormData): Promise<FormState<Left>> {
  return submitForm(form, leaveInput, (fields) => formFields(fields, ["wish"], ["former"]), async ({ wish, former }) => {
    if (wish === "leave") return { left: true, former: await leave(token) };
    await returnTo(token, former);
    return { left: false, former: [] };
  });
}

export async function muteAction(token: string, _: FormState<{ muted: boolean }>, form: FormData): Promise<FormState<{ muted: boolean }>> {
  return submitForm(form, muteInput, (fields) => formFields(fields, ["wish"]), async ({ wish }) => {
    await muteByLink(token, wish);
    return { muted: wish === "mute" };
  });
}
