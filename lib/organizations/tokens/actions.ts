"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "../actor";
import { createApiToken, revokeApiToken } from "./commands";
import { createApiTokenInput, revokeApiTokenInput } from "./inputs";

/** The secret travels once, in this answer. */
type Made = { secret: string };

export async function createApiTokenAction(organization: string, _: FormState<Made>, form: FormData): Promise<FormState<Made>> {
  const shape = (fields: FormData) => ({ ...formFields(fields, ["name"], ["days"]), scopes: fields.getAll("scopes") });
  return submitForm(form, createApiTokenInput, shape, async (input) => {
    const { secret } = await createApiToken(await actingMember(organization), input);
    revalidatePath(`/${organization}/settings/tokens`);
    return { secret };
  });
}

export async function revokeApiTokenAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, revokeApiTokenInput, (fields) => formFields(fields, ["tokenId"]), async ({ tokenId }) => {
    await revokeApiToken(await actingMember(organization), tokenId);
    revalidatePath(`/${organization}/settings/tokens`);
  });
}
