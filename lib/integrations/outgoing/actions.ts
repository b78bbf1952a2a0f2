"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { replayRange, resendDelivery, sendTest } from "./again/commands";
import { changeEndpoint, createEndpoint, deleteEndpoint, rotateEndpointSecret } from "./endpoints/commands";
import { createEndpointInput, endpointId } from "./endpoints/inputs";
import { endpointSecret } from "./endpoints/queries";
import { deliveryId, replayRangeInput } from "./inputs";
import { instantAt } from "./rules";

const pages = (organization: string) => `/${organization}/settings/webhooks`;
const fieldsOfEndpoint = (form: FormData) => formFields(form, ["name", "url"], ["pauseAfterHours"]);
const idOfEndpoint = (form: FormData) => formFields(form, ["endpointId"]);

export async function createEndpointAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, createEndpointInput, fieldsOfEndpoint, async (input) => {
    const made = await createEndpoint(await actingMember(organization), input);
    redirect(`${pages(organization)}/${made.endpointId}?created=1`);
  });
}

export async function changeEndpointAction(organization: string, id: string, version: number, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, createEndpointInput, fieldsOfEndpoint, async (input) => {
    await changeEndpoint(await actingMember(organization), id, input, { ifVersion: version });
    revalidatePath(pages(organization), "layout");
  });
}

export async function pauseEndpointAction(organization: string, paused: boolean, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, endpointId, idOfEndpoint, async (input) => {
    await changeEndpoint(await actingMember(organization), input.endpointId, { paused });
    revalidatePath(pages(organization), "layout");
  });
}

export async function deleteEndpointAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, endpointId, idOfEndpoint, async (input) => {
    await deleteEndpoint(await actingMember(organization), input.endpointId);
    redirect(`${pages(organization)}?deleted=1`);
  });
}

export interface ShownSecret {
  secret: string;
}

export async function showSecretAction(organization: string, _: FormState<ShownSecret>, form: FormData): Promise<FormState<ShownSecret>> {
  return submitForm(form, endpointId, idOfEndpoint, async (input) => {
    const { secrets } = await endpointSecret(await actingMember(organization), input.endpointId);
    return { secret: secrets[0]?.secret ?? "" };
  });
}

export async function rotateEndpointSecretAction(organization: string, _: FormState<ShownSecret>, form: FormData): Promise<FormState<ShownSecret>> {
  return submitForm(form, endpointId, idOfEndpoint, async (input) => {
    const { secret } = await rotateEndpointSecret(await actingMember(organization), input.endpointId);
    revalidatePath(pages(organization), "layout");
    return { secret };
  });
}

/** Leads to the delivery, where its outcome appears. */
export async function sendTestAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, endpointId, idOfEndpoint, async (input) => {
    const made = await sendTest(await actingMember(organization), input.endpointId);
    redirect(`${pages(organization)}/${input.endpointId}/deliveries/${made.deliveryId}`);
  });
}

export async function resendDeliveryAction(organization: string, endpoint: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, deliveryId, (fields) => formFields(fields, ["deliveryId"]), async (input) => {
    const made = await resendDelivery(await actingMember(organization), input.deliveryId);
    redirect(`${pages(organization)}/${endpoint}/deliveries/${made.deliveryId}`);
  });
}

export interface Replayed {
  replayed: number;
}

/** From and to are wall-clock times of whoever asks. */
export async function replayEndpointAction(organization: string, id: string, _: FormState<Replayed>, form: FormData): Promise<FormState<Replayed>> {
  return submitForm(form, z.unknown(), (fields) => formFields(fields, ["from", "to"]), async (input) => {
    const member = await actingMember(organization);
    const { from, to } = input as Record<"from" | "to", string>;
    const outcome = await replayRange(member, id, parseInput(replayRangeInput, { from: instantAt(from, member.timeZone), to: instantAt(to, member.timeZone) }));
    revalidatePath(pages(organization), "layout");
    return outcome;
  });
}
