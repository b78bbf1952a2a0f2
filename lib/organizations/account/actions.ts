"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { currentSession, type SignedIn } from "@/lib/platform/auth/session";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { changeProfile, revokeOtherSessions, revokeSession } from "./commands";
import { profileInput, sessionIdInput } from "./inputs";

export async function changeProfileAction(_: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => formFields(fields, ["name", "locale", "timeZone", "hourCycle", "weekStart"]);
  return submitForm(form, profileInput, shape, async (profile) => {
    await changeProfile(await signedIn(), profile);
    revalidatePath("/", "layout");
  });
}

export async function revokeSessionAction(_: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, sessionIdInput, (fields) => formFields(fields, ["sessionId"]), async ({ sessionId }) => {
    await revokeSession(await signedIn(), sessionId);
    revalidatePath("/", "layout");
  });
}

export async function revokeOtherSessionsAction(_: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.strictObject({}), () => ({}), async () => {
    await revokeOtherSessions(await signedIn());
    revalidatePath("/", "layout");
  });
}

async function signedIn(): Promise<SignedIn> {
  const session = await currentSession();
  if (!session) throw new Refused("SIGNED_OUT");
  return session;
}
