"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm, valuesOf } from "@/lib/platform/action";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { previewWords, type Previews, type WordsPreview } from "../custom-templates/queries";
import { cancelPublication, checkPublication, publish } from "./commands";
import { asPublishFault, publishShape } from "./forms";
import { publicationId, publishInput, requestKey } from "./inputs";

/** What is about to go out, for whoever is asked whether it should. */
export interface Question {
  members: number;
  addresses: number;
  /** In the words of whoever asks; null for now. */
  sendAt: string | null;
  preview: Previews<WordsPreview>;
}
type State = FormState<Question>;

/** Asks first and publishes at the second press; the key makes a press that is repeated the same one. */
export async function announceAction(organization: string, template: string, _: State, form: FormData): Promise<State> {
  const sends = form.get("intent") === "send";
  const state = await submitForm(form, z.unknown(), () => null, () => atItsField(() => (sends ? send(organization, template, form) : ask(organization, template, form))));
  return state.status === "done" ? { ...state, status: "idle", values: valuesOf(form) } : state;
}

async function ask(organization: string, template: string, form: FormData): Promise<Question> {
  const member = await actingMember(organization);
  const input = parseInput(publishInput, publishShape(form, template, member.timeZone));
  const { members, addresses, template: found } = await checkPublication(member, input);
  const bare = found.variables.map((variable) => ({ ...variable, sample: "" }));
  const preview = await previewWords(member, { variables: bare, content: found.content }, input.variables);
  return { members, addresses, sendAt: input.sendAt ? formatsFor(member).exact(input.sendAt) : null, preview };
}

async function send(organization: string, template: string, form: FormData): Promise<never> {
  const member = await actingMember(organization);
  const input = parseInput(publishInput, publishShape(form, template, member.timeZone));
  const key = parseInput(requestKey, form.get("key") ?? "", ["key"]);
  const { publicationId: id } = await publish(member, input, key === "" ? {} : { idempotencyKey: key });
  redirect(`/${organization}/settings/announcements/${id}`);
}

async function atItsField<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused) || error.fields.length === 0) throw error;
    throw new Refused(error.code, { detail: error.message, fields: error.fields.map(asPublishFault), extra: error.extra });
  }
}

export async function cancelPublicationAction(organization: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, publicationId, (fields) => formFields(fields, ["publicationId"]), async (input) => {
    await cancelPublication(await actingMember(organization), input.publicationId);
    revalidatePath(`/${organization}/settings/announcements`, "layout");
  });
}
