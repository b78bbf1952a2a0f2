"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { signOutAction } from "@/lib/platform/auth/actions";
import { currentSession } from "@/lib/platform/auth/session";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { changeDevice, endThisBrowsersDevice, revokeDevice } from "./commands";
import { deviceIdInput, placeDeviceInput, renameDeviceInput } from "./inputs";
import { sendTestPush } from "./test-push/commands";

export async function renameDeviceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, renameDeviceInput, (fields) => formFields(fields, ["deviceId", "name"]), async ({ deviceId, name }) => {
    await changeDevice(await actingMember(organization), deviceId, { name });
    revalidatePath(`/${organization}/settings/notifications`);
  });
}

/** `workspaceId` is empty for the whole organization. */
export async function placeDeviceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ workspaceId: null, ...formFields(fields, ["deviceId"], ["workspaceId"]) });
  return submitForm(form, placeDeviceInput, shape, async ({ deviceId, workspaceId }) => {
    await changeDevice(await actingMember(organization), deviceId, { workspaceId });
    revalidatePath(`/${organization}/settings/notifications`);
  });
}

export async function revokeDeviceAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, deviceIdInput, (fields) => formFields(fields, ["deviceId"]), async ({ deviceId }) => {
    await revokeDevice(await actingMember(organization), deviceId);
    revalidatePath(`/${organization}/settings/notifications`);
  });
}

/** What came of it: `sent`, `gone` (the device was dropped), or `failed` with the provider's words. */
type Tested = Awaited<ReturnType<typeof sendTestPush>>;

export async function testPushAction(organization: string, _: FormState<Tested>, form: FormData): Promise<FormState<Tested>> {
  return submitForm(form, deviceIdInput, (fields) => formFields(fields, ["deviceId"]), async ({ deviceId }) => {
    const tested = await sendTestPush(await actingMember(organization), deviceId);
    if (tested.outcome === "gone") revalidatePath(`/${organization}/settings/notifications`);
    return tested;
  });
}

/** Signs this browser out, and keeps it from showing what is not for whoever uses it next. */
export async function signOutHereAction(): Promise<void> {
  const session = await currentSession();
  if (session) await endThisBrowsersDevice(session.user.id);
  await signOutAction();
}
