import type { Locale } from "@/lib/platform/i18n/locales";

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
