"use server";

import { refresh } from "next/cache";
import { after } from "next/server";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { actingMember } from "@/lib/organizations/actor";
import { addComment, deleteComment } from "./commands";
import { commentFormInput, commentShape } from "./inputs";

/** The edges of a conversation's forms before scripts arrive; scripts talk to `/api/comments`. Bound to where they stand by the page. */
export async function addCommentAction(organization: string, articleId: string, parentId: string | null, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, commentFormInput, commentShape, async ({ document }) => {
    const key = form.get("key");
    await addComment(await actingMember(organization), articleId, { document, parentId }, typeof key === "string" ? key.slice(0, 200) : undefined);
    refresh();
  });
}

export async function deleteCommentAction(organization: string, id: string): Promise<void> {
  await deleteComment(await actingMember(organization), id);
  after(pokeRelay);
  refresh();
}
