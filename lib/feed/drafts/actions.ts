"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { discardDraft } from "./commands";

/** @param workspace slug of where it was written, when nothing came of it; null when there is an article to go back to. */
export async function discardDraftAction(organization: string, articleId: string, workspace: string | null, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.strictObject({}), () => ({}), async () => {
    await discardDraft(await actingMember(organization), articleId);
    revalidatePath(`/${organization}`, "layout");
    redirect(`/${organization}/${workspace === null ? `articles/${articleId}` : `w/${encodeURIComponent(workspace)}`}`);
  });
}
