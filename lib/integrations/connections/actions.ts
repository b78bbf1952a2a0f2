"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember, type Member } from "@/lib/organizations/actor";
import { useDynamicHooks as registerHooks, useManualHook as enterHook } from "../hooks/commands";
import { rotateSecret } from "../hooks/secrets/commands";
import { connectSites, createGenericConnection, pauseConnection, resumeConnection, setUnsigned } from "./commands";
import { connectionId, connectSitesInput, createGenericConnectionInput, registerHooksForm, rotateSecretForm, setUnsignedInput } from "./inputs";
import { disconnect } from "./leaving/commands";

/** What a page says when some of the chosen sites could not be connected. */
export interface ConnectedSome {
  connected: string[];
  taken: string[];
}

const homeOf = (organization: string) => `/${organization}/settings/integrations`;
const onlyId = (form: FormData) => formFields(form, ["connectionId"]);

export async function connectSitesAction(organization: string, _: FormState<ConnectedSome>, form: FormData): Promise<FormState<ConnectedSome>> {
  const shape = (fields: FormData) => ({ ...formFields(fields, ["credentialId"]), cloudIds: fields.getAll("cloudIds") });
  return submitForm(form, connectSitesInput, shape, async (input) => {
    const { connections, taken } = await connectSites(await actingMember(organization), input);
    const [first, ...others] = connections;
    if (taken.length === 0 && first) redirect(others.length === 0 ? `${homeOf(organization)}/${first.id}` : `${homeOf(organization)}?connected=${connections.length}`);
    revalidatePath(homeOf(organization), "layout");
    return { connected: connections.map(({ name }) => name), taken };
  });
}

export async function createGenericConnectionAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, createGenericConnectionInput, (fields) => formFields(fields, ["name"]), async (input) => {
    const made = await createGenericConnection(await actingMember(organization), input);
    redirect(`${homeOf(organization)}/${made.connectionId}`);
  });
}

export async function pauseConnectionAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return change(organization, form, connectionId, onlyId, (member, input) => pauseConnection(member, input.connectionId));
}

export async function resumeConnectionAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return change(organization, form, connectionId, onlyId, (member, input) => resumeConnection(member, input.connectionId));
}

export async function setUnsignedAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return change(organization, form, setUnsignedInput, (fields) => formFields(fields, ["connectionId", "allowed"]), (member, input) => setUnsigned(member, input.connectionId, input.allowed === "yes"));
}

export async function rotateSecretAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ ...onlyId(fields), atOnce: fields.has("atOnce") });
  return change(organization, form, rotateSecretForm, shape, (member, { connectionId: id, atOnce }) => rotateSecret(member, id, { atOnce }));
}

export async function registerHooksAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => formFields(fields, ["connectionId"], ["filter"]);
  return change(organization, form, registerHooksForm, shape, (member, { connectionId: id, filter }) => registerHooks(member, id, { filter }));
}

export async function enterHookAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return change(organization, form, connectionId, onlyId, (member, input) => enterHook(member, input.connectionId));
}

export async function disconnectAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, connectionId, onlyId, async (input) => {
    await disconnect(await actingMember(organization), input.connectionId);
    redirect(`${homeOf(organization)}?disconnected=1`);
  });
}

async function change<Schema extends z.ZodType>(
  organization: string,
  form: FormData,
  schema: Schema,
  shape: (form: FormData) => unknown,
  work: (member: Member, input: z.output<Schema>) => Promise<void>,
): Promise<FormState> {
  return submitForm(form, schema, shape, async (input) => {
    await work(await actingMember(organization), input);
    revalidatePath(homeOf(organization), "layout");
  });
}
