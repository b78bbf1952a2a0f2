"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { replayAll, replayDelivery, type Replayed } from "../dead-letters/commands";
import { deadLetterFilter } from "../dead-letters/inputs";
import { replayParkedEvents } from "./commands";
import { replayDeliveryInput, replayEventInput } from "./inputs";

export async function replayDeliveryAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, replayDeliveryInput, (fields) => formFields(fields, ["deliveryId"]), async ({ deliveryId }) => {
    await replayDelivery(await actingMember(organization), deliveryId);
    revalidatePath(`/${organization}/settings/deliveries`, "layout");
  });
}

/** All dead letters of one group: those that died of the same. */
export async function replayGroupAction(organization: string, _: FormState<Replayed>, form: FormData): Promise<FormState<Replayed>> {
  return submitForm(form, deadLetterFilter, (fields) => formFields(fields, ["channel", "reason"], ["cause"]), async (filter) => {
    const replayed = await replayAll(await actingMember(organization), filter);
    revalidatePath(`/${organization}/settings/deliveries`, "layout");
    return replayed;
  });
}

export async function replayEventAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, replayEventInput, (fields) => formFields(fields, ["eventId"]), async ({ eventId }) => {
    await replayParkedEvents(await actingMember(organization), eventId === "all" ? "all" : [eventId]);
    revalidatePath(`/${organization}/settings/deliveries`, "layout");
  });
}
