import { z } from "zod";
import { locales } from "@/lib/platform/i18n/locales";
import { templateInput } from "./inputs";
import type { CustomTemplate, Previews, TemplatePreview } from "./queries";

/** A template as the REST API shows it. */
export const templateResource = z.strictObject({
  id: z.string(),
  ...templateInput.shape,
  version: z.int(),
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  url: z.url(),
});

export function templateResourceOf(template: CustomTemplate, url: string): z.output<typeof templateResource> {
  const { id, key, name, variables, content, version } = template;
  return {
    id,
    key,
    name,
    // Only what the input allows was stored.
    category: template.category as z.output<typeof templateInput>["category"],
    variables,
    content,
    version,
    archivedAt: template.archivedAt?.toISOString() ?? null,
    createdAt: template.createdAt.toISOString(),
    updatedAt: template.updatedAt.toISOString(),
    url,
  };
}

const preview = z.strictObject({
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  push: z.strictObject({ title: z.string(), body: z.string() }),
  line: z.string(),
});

export const previewResource = z.strictObject({
  languages: z.partialRecord(z.enum(locales), preview),
  missing: z.array(z.string()).meta({ description: "Required variables with neither a value nor a sample" }),
  unknown: z.array(z.string()).meta({ description: "Values that are none of the template's" }),
});

export const previewResourceOf = ({ languages, missing, unknown }: Previews<TemplatePreview>): z.output<typeof previewResource> => ({
  languages: Object.fromEntries(Object.entries(languages).map(([locale, { subject, html, text, push, line }]) => [locale, { subject, html, text, push, line }])),
  missing,
  unknown,
});
