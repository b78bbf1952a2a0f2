"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { replayWebhooks } from "../../ingest/commands";
import { replayOneForm, replayRangeForm } from "./inputs";
import { instantAt } from "./rules";

export interface Replayed {
  count: number;
}
type State = FormState<Replayed>;

const pageOf = (organization: string, connectionId: string) => `/${organization}/settings/integrations/${connectionId}`;

export async function replayWebhookAction(organization: string, _: State, form: FormData): Promise<State> {
  return submitForm(form, replayOneForm, (fields) => formFields(fields, ["connectionId", "webhookId"]), async ({ connectionId, webhookId }) => {
    const count = await replayWebhooks(await actingMember(organization), connectionId, { ids: [webhookId] });
    revalidatePath(pageOf(organization, connectionId), "layout");
    return { count };
  });
}

/** From and to are wall-clock times of whoever asks. */
export async function replayRangeAction(organization: string, _: State, form: FormData): Promise<State> {
  return submitForm(form, z.unknown(), (fields) => formFields(fields, ["connectionId", "from", "to"]), async (input) => {
    const member = await actingMember(organization);
    const { connectionId, from, to } = input as Record<"connectionId" | "from" | "to", string>;
    const wish = parseInput(replayRangeForm, { connectionId, from: instantAt(from, member.timeZone), to: instantAt(to, member.timeZone) });
    const count = await replayWebhooks(member, wish.connectionId, { from: wish.from, to: wish.to });
    revalidatePath(pageOf(organization, connectionId), "layout");
    return { count };
  });
}
