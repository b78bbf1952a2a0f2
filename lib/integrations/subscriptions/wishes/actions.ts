"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm, valuesOf } from "@/lib/platform/action";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { dryRun } from "../dry-run/queries";
import type { DryRun } from "../dry-run/rules";
import { dryRunInput, subscriptionInput } from "../inputs";
import { replaySubscription } from "../replay/commands";
import { changeSubscription, createSubscription, deleteSubscription } from "./commands";
import { asFormFault, subscriptionShape } from "./forms";
import { replayForm, subscriptionId } from "./inputs";

export interface SubscriptionOutcome {
  saved: boolean;
  tried: DryRun | null;
}
type State = FormState<SubscriptionOutcome>;

const homeOf = (organization: string) => `/${organization}/settings/subscriptions`;

/** Keeps a subscription, or only tries what it would bring: the button says which. */
export async function saveSubscriptionAction(organization: string, id: string | null, _: State, form: FormData): Promise<State> {
  const trying = form.get("intent") === "try";
  const state = await submitForm(form, z.unknown(), subscriptionShape, () => atItsField(() => (trying ? tryIt(organization, form) : save(organization, id, form))));
  // To have tried is no end: what was filled in stays, with or without scripts.
  return trying && state.status === "done" ? { ...state, status: "idle", values: valuesOf(form) } : state;
}

/** The same trial while the form is being filled in; null while it cannot be tried. */
export async function trySubscriptionAction(organization: string, form: FormData): Promise<DryRun | null> {
  try {
    return (await tryIt(organization, form)).tried;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function tryIt(organization: string, form: FormData): Promise<SubscriptionOutcome> {
  const { connectionId, events, filter, target } = subscriptionShape(form);
  const wish = parseInput(dryRunInput, { connectionId, events, filter, target });
  return { saved: false, tried: await dryRun(await actingMember(organization), wish) };
}

async function save(organization: string, id: string | null, form: FormData): Promise<SubscriptionOutcome> {
  const wish = parseInput(subscriptionInput, subscriptionShape(form));
  const member = await actingMember(organization);
  if (id === null) await createSubscription(member, wish);
  else await changeSubscription(member, id, wish, { ifVersion: Number(form.get("version")) });
  revalidatePath(homeOf(organization), "layout");
  redirect(`${homeOf(organization)}?saved=1`);
}

async function atItsField<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused) || error.fields.length === 0) throw error;
    throw new Refused(error.code, { detail: error.message, fields: error.fields.map(asFormFault), extra: error.extra });
  }
}

export async function pauseSubscriptionAction(organization: string, paused: boolean, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, subscriptionId, (fields) => formFields(fields, ["subscriptionId"]), async (input) => {
    await changeSubscription(await actingMember(organization), input.subscriptionId, { paused });
    revalidatePath(homeOf(organization), "layout");
  });
}

export async function deleteSubscriptionAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, subscriptionId, (fields) => formFields(fields, ["subscriptionId"]), async (input) => {
    await deleteSubscription(await actingMember(organization), input.subscriptionId);
    revalidatePath(homeOf(organization), "layout");
  });
}

/** The last days once more. */
export async function replaySubscriptionAction(organization: string, _: FormState<{ replayed: number }>, form: FormData): Promise<FormState<{ replayed: number }>> {
  return submitForm(form, replayForm, (fields) => formFields(fields, ["subscriptionId", "days"]), async ({ subscriptionId: id, days }) => {
    const to = clock.now();
    const from = new Date(to.getTime() - days * 86_400_000);
    return { replayed: await replaySubscription(await actingMember(organization), id, { from, to: new Date(to.getTime() + 1) }) };
  });
}
