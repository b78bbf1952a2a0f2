"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { acknowledge, remind } from "./commands";
import { acknowledgeInput } from "./inputs";

/** Bound by its page to the version that it shows: that is what its reader says they have read. */
export async function acknowledgeAction(organization: string, articleId: string, version: number, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, acknowledgeInput, () => ({ version }), async (input) => {
    await acknowledge(await actingMember(organization), articleId, input.version);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function remindAction(organization: string, articleId: string, _: FormState<{ reminded: number }>, form: FormData): Promise<FormState<{ reminded: number }>> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    const reminded = await remind(await actingMember(organization), articleId);
    revalidatePath(`/${organization}/articles/${articleId}/readers`);
    return reminded;
  });
}
