"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { Refused } from "@/lib/platform/errors";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { commentInput, createIssueInput, transitionInput } from "../inputs";
import { assignToMe, commentOn, makeIssue, transition } from "./commands";
import { commentShape, createShape, keyOf, transitionShape } from "./forms";

/** The edges of the issue pages, bound by them to the organization's slug and to the issue. */
export async function commentAction(organization: string, connectionId: string, key: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, commentInput, commentShape, async (input) => {
    try {
      await commentOn(await actingMember(organization), connectionId, key, input, { idempotencyKey: keyOf(form) });
    } catch (error) {
      // A second press: the first is on its way.
      if (!(error instanceof Refused) || error.code !== "IDEMPOTENCY_IN_PROGRESS") throw error;
    }
    return null;
  });
}

export async function transitionAction(organization: string, connectionId: string, key: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, transitionInput, transitionShape, async (input) => {
    await transition(await actingMember(organization), connectionId, key, input);
    return input;
  });
}

export async function assignToMeAction(organization: string, connectionId: string, key: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    await assignToMe(await actingMember(organization), connectionId, key);
    return null;
  });
}

export async function createIssueAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, createIssueInput, createShape, async (input) => {
    const made = await makeIssue(await actingMember(organization), input, { idempotencyKey: keyOf(form) });
    redirect(`/${organization}/issues/${made.connectionId}/${made.key}?created=1`);
  });
}
