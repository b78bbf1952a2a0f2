"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { unlinkAccount } from "./commands";
import { unlinkAccountInput } from "./inputs";

/** Ends the link of one's own account over there. */
export async function unlinkAccountAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, unlinkAccountInput, () => ({}), async ({ plugin }) => {
    await unlinkAccount(await actingMember(organization), plugin);
    revalidatePath(`/${organization}/settings`, "layout");
  });
}
