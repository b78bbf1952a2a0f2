import type { FieldFault } from "@/lib/platform/errors";
import { locales } from "@/lib/platform/i18n/locales";
import { templateLimits } from "./inputs";
import { parseTemplate } from "./rules";

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};
const filled = (form: FormData, name: string) => text(form, name).trim() !== "";

/**
 * A template out of its form. Variables are not declared there: they are the names that the texts use, each with its sample. A
 * language counts as written once its subject or body is begun; English always.
 */
export function templateShape(form: FormData): Record<string, unknown> {
  const content = Object.fromEntries(locales.filter((locale) => locale === "en" || filled(form, `${locale}.subject`) || filled(form, `${locale}.body`)).map((locale) => [locale, wordsOf(form, locale)]));
  return { key: text(form, "key"), name: text(form, "name"), category: text(form, "category"), variables: variablesOf(form), content };
}

function wordsOf(form: FormData, locale: string) {
  const pair = (group: string, first: string, second: string) =>
    filled(form, `${locale}.${group}.${first}`) || filled(form, `${locale}.${group}.${second}`)
      ? { [group]: { [first]: text(form, `${locale}.${group}.${first}`), [second]: text(form, `${locale}.${group}.${second}`) } }
      : {};
  return {
    subject: text(form, `${locale}.subject`),
    // A form sends its line breaks as CRLF.
    body: text(form, `${locale}.body`).replace(/\r\n?/g, "\n"),
    ...pair("button", "label", "url"),
    ...pair("push", "title", "body"),
    ...(filled(form, `${locale}.line`) ? { line: text(form, `${locale}.line`) } : {}),
  };
}

function variablesOf(form: FormData) {
  const sources = [...form].flatMap(([name, value]) => (typeof value === "string" && locales.some((locale) => name.startsWith(`${locale}.`)) ? [value.slice(0, templateLimits.body)] : []));
  const names = new Set(sources.flatMap((source) => parseTemplate(source).pieces.flatMap((piece) => ("name" in piece ? [piece.name] : []))));
  return [...names].map((name) => ({ name, sample: text(form, `sample.${name}`), required: !form.has(`optional.${name}`) }));
}

/** Puts a fault where the form has its field: `content.en.button.url` is `en.button.url` there. */
export function asFormFault(fault: FieldFault): FieldFault {
  const [head, ...rest] = fault.path;
  if (head === "content" && rest.length > 1) return { ...fault, path: [rest.join(".")] };
  return { ...fault, path: [String(head ?? "")] };
}
