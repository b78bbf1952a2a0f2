import { and, desc, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { locales, type Locale } from "@/lib/platform/i18n/locales";
import { env } from "@/lib/platform/env";
import type { Member } from "@/lib/organizations/actor";
import { inboxLine } from "../templates/inbox-line";
import { pushWords } from "../templates/push";
import { readerOf } from "../templates/reader";
import { renderMail } from "../templates/render";
import type { Matter } from "../templates/matter";
import type { PublishedContent } from "../templates/content";
import type { CheckedTemplate } from "./inputs";
import { mayManageTemplates } from "./policy";
import { compareValues, fillContent, templateFaults, type Values } from "./rules";
import { customTemplates } from "./tables";

export type CustomTemplate = typeof customTemplates.$inferSelect;

/** An organization writes a few dozen; a list of more than this would be no list. */
const templatesMax = 500;

/** In the order of their last change. @throws Refused FORBIDDEN. */
export async function listTemplates(member: Member, { archived }: { archived: boolean } = { archived: false }): Promise<CustomTemplate[]> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, (tx) =>
    tx
      .select()
      .from(customTemplates)
      .where(and(eq(customTemplates.organizationId, member.organizationId), archived ? isNotNull(customTemplates.archivedAt) : isNull(customTemplates.archivedAt)))
      .orderBy(desc(customTemplates.updatedAt), desc(customTemplates.id))
      .limit(templatesMax),
  );
}

/** By id or key, archived or not. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function templateDetails(member: Member, name: string): Promise<CustomTemplate> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  const found = await inTenant(member, (tx) => templateNamed(tx, member, name));
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

/** In the caller's transaction; null when there is none. */
export async function templateNamed(tx: Tx, tenant: Tenant, name: string): Promise<CustomTemplate | null> {
  const named = isId("template", name) ? or(eq(customTemplates.id, name), eq(customTemplates.key, name)) : eq(customTemplates.key, name);
  const [found] = await tx
    .select()
    .from(customTemplates)
    .where(and(eq(customTemplates.organizationId, tenant.organizationId), named))
    .orderBy(sql`${customTemplates.id} = ${name} desc`)
    .limit(1);
  return found ?? null;
}

/** What a template says in one language, for a page to show. */
export interface WordsPreview {
  subject: string;
  body: string;
  button: { label: string; url: string } | null;
  push: { title: string; body: string };
  line: string;
}

/** The same with the mail as it would reach people. */
export type TemplatePreview = WordsPreview & { html: string; text: string };

export interface Previews<Preview> {
  languages: Partial<Record<Locale, Preview>>;
  /** Required, with neither a value nor a sample: they show by their name. */
  missing: string[];
  unknown: string[];
}

type Previewed = Pick<CheckedTemplate, "variables" | "content">;

/** Samples stand in for values that were not given. */
function filledUp({ variables, content }: Previewed, values: Values) {
  const samples = Object.fromEntries(variables.filter(({ sample }) => sample !== "").map(({ name, sample }) => [name, sample]));
  const all = { ...samples, ...values };
  const known = Object.fromEntries(Object.entries(all).filter(([name]) => variables.some((variable) => variable.name === name)));
  const optional = new Set(variables.filter(({ required }) => !required).map(({ name }) => name));
  return { words: fillContent(content, known, (name) => (optional.has(name) ? "" : `{{${name}}}`)), ...compareValues(variables, all) };
}

/** What a template, saved or not, says in all its languages. @throws Refused FORBIDDEN. */
export async function previewWords(member: Member, template: Previewed, values: Values): Promise<Previews<WordsPreview>> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  const { words, missing, unknown } = filledUp(template, values);
  const matter: Matter = { type: "notification.published", payload: publishedFacts("", member.name, words), occurredAt: new Date(0) };
  const languages = await Promise.all(
    locales.map(async (locale) => {
      const mine = words[locale];
      if (!mine) return [];
      const reader = await readerOf({ locale, timeZone: member.timeZone, hourCycle: member.hourCycle });
      const { title, body } = pushWords(matter, reader);
      return [[locale, { subject: mine.subject, body: mine.body, button: mine.button, push: { title, body }, line: inboxLine(matter, reader) }] as const];
    }),
  );
  return { languages: Object.fromEntries(languages.flat()), missing, unknown };
}

/** The same with the mails as the member's organization would send them. @throws Refused FORBIDDEN. */
export async function previewTemplate(member: Member, template: Previewed, values: Values): Promise<Previews<TemplatePreview>> {
  const { languages, missing, unknown } = await previewWords(member, template, values);
  const { words } = filledUp(template, values);
  const data: PublishedContent = { publicationId: "", words, publisherName: member.name, organizationName: member.organizationName, organizationSlug: member.organizationSlug, isMember: true };
  const written = await Promise.all(
    locales.map(async (locale) => {
      const mine = languages[locale];
      if (!mine) return [];
      const mail = await renderMail({ template: "notification-published", data }, { locale, timeZone: member.timeZone, hourCycle: member.hourCycle });
      return [[locale, { ...mine, ...mail }] as const];
    }),
  );
  return { languages: Object.fromEntries(written.flat()), missing, unknown };
}

/** A template that is still being written. @throws Refused FORBIDDEN, INVALID naming what it cannot be shown for. */
export async function draftPreview(member: Member, draft: Previewed): Promise<Previews<WordsPreview>> {
  const fields = templateFaults(draft);
  if (fields.length > 0) throw new Refused("INVALID", { fields });
  return previewWords(member, draft, {});
}

/** What the catalog keeps of a publication, for lines and pushes. */
export function publishedFacts(id: string, actorName: string, words: PublishedContent["words"]) {
  const languages = Object.entries(words);
  return {
    actor: { memberId: null, name: actorName },
    publication: {
      id,
      line: Object.fromEntries(languages.map(([locale, { line }]) => [locale, line])),
      push: Object.fromEntries(languages.map(([locale, { push }]) => [locale, push])),
    },
  };
}

export const templateUrl = (id: string) => `${env().APP_URL}/api/templates/${id}`;
