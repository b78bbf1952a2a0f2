import { z } from "zod";
import { locales, type Locale } from "@/lib/platform/i18n/locales";
import type { Category } from "../inputs";

/** What may be registered, and how large. Every text has an end, so that no template costs more than another. */
export const templateLimits = {
  name: 80,
  key: 60,
  variables: 20,
  variableName: 40,
  /** Of one variable's value, as of its sample. */
  value: 2000,
  subject: 200,
  body: 10_000,
  line: 200,
  buttonLabel: 80,
  buttonUrl: 1000,
  pushTitle: 100,
  pushBody: 250,
} as const;

/**
 * Bulk mail that people may write to others: invitations and security mails have no way out, and what mentions somebody or comes from a
 * linked service is not for anybody to claim.
 */
export const templateCategories = ["changes", "answers", "reminders", "announcements", "membership"] as const satisfies readonly Category[];

export interface TemplateVariable {
  name: string;
  required: boolean;
  /** Shown in previews. */
  sample: string;
}

/** The words of a template in one language; `{{name}}` stands for a variable. */
export interface TemplateWords {
  subject: string;
  body: string;
  button?: { label: string; url: string };
  /** The line of the inbox; the subject when absent. */
  line?: string;
  push?: { title: string; body: string };
}

export type TemplateContent = { en: TemplateWords } & Partial<Record<Locale, TemplateWords>>;

const text = (max: number) => z.string("wrong-type").trim().min(1, "required").max(max, "too-long");
const value = z.string("wrong-type").max(templateLimits.value, "too-long");

/** How API clients name a template. */
export const templateKey = text(templateLimits.key).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "template-key");
export const variableName = text(templateLimits.variableName).regex(/^[A-Za-z][A-Za-z0-9_]*$/, "variable-name");

const variable = z.strictObject({ name: variableName, required: z.boolean("wrong-type").default(true), sample: value.default("") });

const words = z.strictObject({
  subject: text(templateLimits.subject),
  body: text(templateLimits.body),
  button: z.strictObject({ label: text(templateLimits.buttonLabel), url: text(templateLimits.buttonUrl) }).optional(),
  line: text(templateLimits.line).optional(),
  push: z.strictObject({ title: text(templateLimits.pushTitle), body: text(templateLimits.pushBody) }).optional(),
});

export const templateInput = z.strictObject({
  key: templateKey,
  name: text(templateLimits.name),
  category: z.enum(templateCategories, "not-an-option").default("announcements"),
  variables: z.array(variable, "wrong-type").max(templateLimits.variables, "too-many").default([]),
  /** English is what a reader of another language gets when their own is missing. */
  content: z.strictObject({ en: words, ko: words.optional(), fr: words.optional() }),
});
/** As much of a template as it takes to show it; what else its form holds may be unfinished. */
export const templateDraft = z.object({ variables: templateInput.shape.variables, content: templateInput.shape.content });
export type CheckedTemplate = z.output<typeof templateInput>;

/** Values of variables by name; whether they are the template's is told by its rules. */
export const variableValues = z.record(z.string().max(templateLimits.variableName, "too-long"), value, "wrong-type").refine(
  (values) => Object.keys(values).length <= templateLimits.variables,
  "too-many",
);

export const previewInput = z.strictObject({ variables: variableValues.default({}) });
export const testInput = z.strictObject({
  variables: variableValues.default({}),
  locale: z.enum(locales, "not-an-option").optional(),
  channel: z.enum(["email", "push"], "not-an-option").default("email"),
});
export type TestInput = z.output<typeof testInput>;

export const templateId = z.strictObject({ templateId: z.string("wrong-type").max(64, "invalid") });
export const testOfTemplate = z.strictObject({ ...templateId.shape, channel: testInput.shape.channel, locale: testInput.shape.locale });

export const listTemplatesInput = z.strictObject({
  archived: z
    .enum(["true", "false"], "not-an-option")
    .default("false")
    .transform((value) => value === "true")
    .meta({ description: "Those that were archived, instead of those in use" }),
});
