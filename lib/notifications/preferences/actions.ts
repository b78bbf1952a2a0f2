"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { mute, muteThread, setOrganizationDefaults, setPreferences, setSchedule, unmuteThread } from "./commands";
import { muteInput, muteThreadInput, preferenceFormInput, scheduleInput } from "./inputs";
import { cellsOfForm, quietHoursFaultsByField, scheduleOfForm } from "./forms";

/** The edges of the notification settings; each is bound to the organization's slug by its page. */

/** Fields: `category`, `channel`, `value` (or `reset`, which takes the choice back), `workspaceId` or none for all workspaces. */
export async function setPreferenceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, preferenceFormInput, cellsOfForm, async ({ cells, workspaceId }) => {
    await setPreferences(await actingMember(organization), cells, workspaceId ?? null);
    revalidatePath(`/${organization}`, "layout");
  });
}

/** As `setPreferenceAction`, for everybody who has chosen nothing. */
export async function setOrganizationDefaultAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, preferenceFormInput, cellsOfForm, async ({ cells }) => {
    await setOrganizationDefaults(await actingMember(organization), cells);
    revalidatePath(`/${organization}`, "layout");
  });
}

/**
 * Either or both parts: `on-1`, `start-1`, `end-1` … of the quiet hours, told by the presence of `start-1`; `digestTime`,
 * `digestWeekday` and the checkbox `pushDetails`, told by `digestTime`. A fault in a window is one of its own field.
 */
export async function setScheduleAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  const state = await submitForm(form, scheduleInput, scheduleOfForm, async (schedule) => {
    await setSchedule(await actingMember(organization), schedule);
    revalidatePath(`/${organization}`, "layout");
  });
  return { ...state, fields: quietHoursFaultsByField(state.fields) };
}

/** Field `for`: one of `muteChoices`. */
export async function muteAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, muteInput, (fields) => formFields(fields, ["for"]), async ({ for: choice }) => {
    await mute(await actingMember(organization), choice);
    revalidatePath(`/${organization}`, "layout");
  });
}

/** As `muteThreadAction`, bound to what it means by the page, so that a menu's button works without scripts. */
export async function setThreadMuteAction(organization: string, what: { thread: string; muted: boolean }): Promise<void> {
  const { thread, muted } = parseInput(muteThreadInput, { thread: what.thread, muted: String(what.muted) });
  const member = await actingMember(organization);
  await (muted ? muteThread(member, thread) : unmuteThread(member, thread));
  revalidatePath(`/${organization}/inbox`);
}

/** Fields: `thread`, `muted` ("true" or "false"). */
export async function muteThreadAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, muteThreadInput, (fields) => formFields(fields, ["thread", "muted"]), async ({ thread, muted }) => {
    const member = await actingMember(organization);
    await (muted ? muteThread(member, thread) : unmuteThread(member, thread));
    revalidatePath(`/${organization}`, "layout");
  });
}
