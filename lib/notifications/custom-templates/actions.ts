"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm, valuesOf } from "@/lib/platform/action";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { archiveTemplate, changeTemplate, createTemplate, sendTest, type TestOutcome } from "./commands";
import { asFormFault, templateShape } from "./forms";
import { templateDraft, templateId, templateInput, testOfTemplate, type TemplateVariable } from "./inputs";
import { draftPreview, type Previews, type WordsPreview } from "./queries";

export interface TemplateDraft {
  saved: boolean;
  preview: Previews<WordsPreview> | null;
  /** Those that the texts name. */
  variables: TemplateVariable[];
}
type State = FormState<TemplateDraft>;

/** Saves a template, or only shows what it would look like: the button says which. */
export async function saveTemplateAction(organization: string, id: string | null, _: State, form: FormData): Promise<State> {
  const preview = form.get("intent") === "preview";
  const state = await submitForm(form, z.unknown(), templateShape, (input) => atItsField(() => (preview ? show(organization, input) : save(organization, id, form, input))));
  // A preview is no end: what was typed stays, with or without scripts.
  return preview && state.status === "done" ? { ...state, status: "idle", values: valuesOf(form) } : state;
}

/** What the texts would look like, for the form to show while it is being written; null while they cannot be read. */
export async function previewTemplateAction(organization: string, form: FormData): Promise<TemplateDraft | null> {
  try {
    return await show(organization, templateShape(form));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function show(organization: string, input: unknown): Promise<TemplateDraft> {
  const draft = parseInput(templateDraft, input);
  return { saved: false, preview: await draftPreview(await actingMember(organization), draft), variables: draft.variables };
}

async function save(organization: string, id: string | null, form: FormData, input: unknown): Promise<TemplateDraft> {
  const template = parseInput(templateInput, input);
  const member = await actingMember(organization);
  const home = `/${organization}/settings/templates`;
  if (id === null) {
    const made = await createTemplate(member, template);
    redirect(`${home}/${made.templateId}?saved=1`);
  }
  await changeTemplate(member, id, template, { ifVersion: Number(form.get("version")) });
  revalidatePath(home, "layout");
  return { saved: true, preview: await draftPreview(member, template), variables: template.variables };
}

async function atItsField<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused) || error.fields.length === 0) throw error;
    throw new Refused(error.code, { detail: error.message, fields: error.fields.map(asFormFault), extra: error.extra });
  }
}

export async function archiveTemplateAction(organization: string, archived: boolean, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, templateId, (fields) => formFields(fields, ["templateId"]), async (input) => {
    await archiveTemplate(await actingMember(organization), input.templateId, archived);
    revalidatePath(`/${organization}/settings/templates`, "layout");
  });
}

/** Sends what was saved, filled with its samples. */
export async function testTemplateAction(organization: string, _: FormState<TestOutcome>, form: FormData): Promise<FormState<TestOutcome>> {
  return submitForm(form, testOfTemplate, (fields) => formFields(fields, ["templateId", "channel"], ["locale"]), async (input) =>
    sendTest(await actingMember(organization), input.templateId, { variables: {}, channel: input.channel, locale: input.locale }),
  );
}
