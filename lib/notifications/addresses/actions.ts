"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { liftMyStop } from "./commands";
import { liftStopInput } from "./inputs";

export async function liftStopAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, liftStopInput, () => ({}), async () => {
    await liftMyStop(await actingMember(organization));
    revalidatePath(`/${organization}`, "layout");
  });
}
