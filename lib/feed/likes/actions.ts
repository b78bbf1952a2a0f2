"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { setLike } from "./commands";
import { likeableOf } from "./queries";

/** A like before scripts arrive; scripts talk to `/api/likes`. */
export async function likeAction(organization: string, id: string, liked: boolean, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    const member = await actingMember(organization);
    await setLike(member, await likeableOf(member, id), liked);
    refresh();
  });
}
