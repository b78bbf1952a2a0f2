import { locales, type Locale } from "@/lib/platform/i18n/locales";
import type { FieldFault } from "@/lib/platform/errors";
import { plainLine, plainText, shortened } from "@/lib/platform/plain-text";
import { isWebAddress } from "@/lib/platform/web-address";
import type { FilledWords } from "../templates/content";
import { templateLimits, type CheckedTemplate, type TemplateContent, type TemplateVariable, type TemplateWords } from "./inputs";

/** A template in pieces: literal text, and names of variables. */
export type Piece = { text: string } | { name: string };

/** What stands where only `{{name}}` may. */
export interface SyntaxFault {
  code: "template-logic" | "template-unclosed" | "template-stray" | "template-name";
  /** Counted from 1, in characters as an editor counts them. */
  line: number;
  column: number;
  found: string;
}

const named = /^[A-Za-z][A-Za-z0-9_]*$/;
const foundMax = 40;

/**
 * Reads a template. There is nothing but `{{name}}`: no blocks, partials, helpers or raw output, so a template can neither loop nor
 * reach anything but its own variables. One walk from left to right, whatever the input.
 */
export function parseTemplate(source: string): { pieces: Piece[]; faults: SyntaxFault[] } {
  const pieces: Piece[] = [];
  const faults: SyntaxFault[] = [];
  const place = placesOf(source);
  let at = 0;
  // Looked for again only once it has been passed, so that nested braces cost no second walk.
  let end = 0;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    const literal = source.slice(at, open < 0 ? source.length : open);
    const stray = literal.indexOf("}}");
    if (stray >= 0) faults.push({ code: "template-stray", ...place(at + stray), found: "}}" });
    if (literal) pieces.push({ text: literal });
    if (open < 0) break;
    if (end >= 0 && end < open + 2) end = source.indexOf("}}", open + 2);
    const next = source.indexOf("{{", open + 2);
    if (end < 0 || (next >= 0 && next < end && source[open + 2] !== "{")) {
      faults.push({ code: "template-unclosed", ...place(open), found: excerpt(source.slice(open, open + foundMax)) });
      at = next < 0 ? source.length : next;
      continue;
    }
    // Of `{{{name}}}` the third brace belongs to it, so that one mistake is one fault.
    const close = source[open + 2] === "{" && source[end + 2] === "}" ? end + 3 : end + 2;
    const inner = source.slice(open + 2, end).trim();
    if (named.test(inner) && inner.length <= templateLimits.variableName) pieces.push({ name: inner });
    else faults.push({ code: /^[#/^>&!{=@]/.test(inner) ? "template-logic" : "template-name", ...place(open), found: excerpt(source.slice(open, close)) });
    at = close;
  }
  return { pieces, faults };
}

/** Line and column of positions that are asked for in rising order, so that all of them cost one walk. */
function placesOf(source: string): (position: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  return (position) => {
    for (let found = source.indexOf("\n", lineStart); found >= 0 && found < position; found = source.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = found + 1;
    }
    return { line, column: position - lineStart + 1 };
  };
}

const excerpt = (text: string) => {
  const first = text.split("\n", 1)[0] ?? "";
  return first.length > foundMax ? `${first.slice(0, foundMax)}…` : first;
};

/** The texts of one language, each with its path in the template. */
function textsOf(words: TemplateWords): { path: string[]; source: string }[] {
  return [
    { path: ["subject"], source: words.subject },
    { path: ["body"], source: words.body },
    ...(words.button ? [{ path: ["button", "label"], source: words.button.label }, { path: ["button", "url"], source: words.button.url }] : []),
    ...(words.line === undefined ? [] : [{ path: ["line"], source: words.line }]),
    ...(words.push ? [{ path: ["push", "title"], source: words.push.title }, { path: ["push", "body"], source: words.push.body }] : []),
  ];
}

const languagesOf = (content: TemplateContent): [Locale, TemplateWords][] =>
  locales.flatMap((locale): [Locale, TemplateWords][] => {
    const words = content[locale];
    return words ? [[locale, words]] : [];
  });

/** Everything wrong with a template, each fault at its field, with the place and what to do. */
export function templateFaults({ variables, content }: Pick<CheckedTemplate, "variables" | "content">): FieldFault[] {
  const faults: FieldFault[] = [];
  const known = new Set<string>();
  variables.forEach(({ name }, index) => {
    if (known.has(name)) faults.push({ path: ["variables", index, "name"], code: "variable-twice", detail: `There are two variables with the name ${name}.`, values: { name } });
    known.add(name);
  });
  for (const [locale, words] of languagesOf(content)) {
    for (const { path, source } of textsOf(words)) {
      const { pieces, faults: found } = parseTemplate(source);
      const where = ["content", locale, ...path];
      faults.push(...found.map((fault) => syntaxFault(where, fault)));
      const names = new Set(pieces.flatMap((piece) => ("name" in piece ? [piece.name] : [])));
      for (const name of names) {
        if (!known.has(name)) faults.push({ path: where, code: "variable-undeclared", detail: `{{${name}}} is not among the variables: declare it, or take it out.`, values: { name } });
      }
      if (path[1] === "url" && found.length === 0 && !isLinkTemplate(pieces)) {
        faults.push({ path: where, code: "template-url", detail: linkRule });
      }
    }
  }
  return faults;
}

const linkRule = "Write a web address that starts with https://; a variable may stand after its host, or be the whole address.";

function syntaxFault(path: string[], { code, line, column, found }: SyntaxFault): FieldFault {
  const help = {
    "template-logic": `is more than a template can do. There are no blocks, partials or helpers, only variables such as {{name}}.`,
    "template-unclosed": `is never closed. Close it with }}, as in {{name}}.`,
    "template-stray": `closes nothing. Write variables as {{name}}.`,
    "template-name": `is no variable. Names begin with a letter and go on with letters, digits and _, as in {{name}}.`,
  }[code];
  return { path, code, detail: `Line ${line}, column ${column}: ${found} ${help}`, values: { line, column, found } };
}

/**
 * Whether a button's address can be trusted whatever its variables hold: its scheme and host are the author's own, or one variable
 * is the whole address and is then checked itself.
 */
function isLinkTemplate(pieces: Piece[]): boolean {
  const [first, ...rest] = pieces;
  if (!first) return false;
  if ("name" in first) return rest.length === 0;
  return rest.length === 0 ? isWebAddress(first.text) : /^https?:\/\/[^/?#\s\\@]+[/?#]/i.test(first.text) && isWebAddress(first.text);
}

export type Values = Record<string, string>;

export interface MissingAndUnknown {
  /** Required, and not given. */
  missing: string[];
  /** Given, and none of the template's. */
  unknown: string[];
}

export function compareValues(variables: TemplateVariable[], values: Values): MissingAndUnknown {
  const given = (name: string) => Object.hasOwn(values, name) && (values[name] ?? "").trim() !== "";
  const known = new Set(variables.map(({ name }) => name));
  return {
    missing: variables.filter(({ name, required }) => required && !given(name)).map(({ name }) => name),
    unknown: Object.keys(values).filter((name) => !known.has(name)),
  };
}

/** What publishing with these values is refused for. */
export function valueFaults({ variables, content }: { variables: TemplateVariable[]; content: TemplateContent }, values: Values): FieldFault[] {
  const { missing, unknown } = compareValues(variables, values);
  const links = languagesOf(content).flatMap(([, words]) => (words.button ? [parseTemplate(words.button.url).pieces] : []));
  const whole = new Set(links.flatMap((pieces) => pieces.flatMap((piece) => ("name" in piece && pieces.length === 1 ? [piece.name] : []))));
  const noLinks = [...whole].filter((name) => Object.hasOwn(values, name) && values[name] !== "" && !isWebAddress(values[name] ?? ""));
  return [
    ...missing.map((name) => ({ path: ["variables", name], code: "variable-missing", detail: `The template needs a value for {{${name}}}.`, values: { name } })),
    ...unknown.map((name) => ({ path: ["variables", name], code: "variable-unknown", detail: `The template has no variable {{${name}}}.`, values: { name } })),
    ...noLinks.map((name) => ({ path: ["variables", name], code: "url", detail: "Write a web address that starts with https:// or http://." })),
  ];
}

/** More than is shown of any text. A body of nothing but variables would fill up to megabytes, wherever it is listed. */
const filledRoom = 200_000;

function fill(source: string, valueOf: (name: string) => string): string {
  let filled = "";
  for (const piece of parseTemplate(source).pieces) {
    filled += "text" in piece ? piece.text : valueOf(piece.name);
    if (filled.length > filledRoom) break;
  }
  return filled;
}

/** Longer than a template by what its variables bring; a header line still has an end. */
const filledMax = { subject: 250, line: 300, label: 120, pushTitle: 120, pushBody: 300, body: 50_000 };

/**
 * The words of one language with their variables filled in, as plain text: whoever turns it into HTML or a header escapes it there.
 * @param missing what stands for a variable without a value; nothing when absent, its name in a preview.
 */
export function fillWords(words: TemplateWords, values: Values, missing: (name: string) => string = () => ""): FilledWords {
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? plainText(values[name] ?? "") : missing(name));
  const line = (source: string, max: number) => shortened(plainLine(fill(source, valueOf)), max);
  const subject = line(words.subject, filledMax.subject);
  const body = shortened(plainText(fill(words.body, valueOf)).trim(), filledMax.body);
  const url = words.button ? fillLink(words.button.url, valueOf) : null;
  return {
    subject,
    body,
    button: words.button && url ? { label: line(words.button.label, filledMax.label), url } : null,
    line: words.line === undefined ? subject : line(words.line, filledMax.line),
    push: words.push
      ? { title: line(words.push.title, filledMax.pushTitle), body: shortened(plainText(fill(words.push.body, valueOf)).trim(), filledMax.pushBody) }
      : { title: shortened(subject, filledMax.pushTitle), body: shortened(body.split("\n", 1)[0] ?? "", filledMax.pushBody) },
  };
}

/** Null unless it is a web address after all; a variable inside one is percent-encoded, so it stays within its part. */
function fillLink(source: string, valueOf: (name: string) => string): string | null {
  const { pieces } = parseTemplate(source);
  const link = pieces.map((piece) => ("text" in piece ? piece.text : pieces.length === 1 ? valueOf(piece.name).trim() : encodeURIComponent(valueOf(piece.name)))).join("");
  return isWebAddress(link) ? link : null;
}

/** All languages of a template with its variables filled in. */
export function fillContent(content: TemplateContent, values: Values, missing?: (name: string) => string): { en: FilledWords } & Partial<Record<Locale, FilledWords>> {
  const { en, ...others } = content;
  const filled = Object.entries(others).flatMap(([locale, words]) => (words ? [[locale, fillWords(words, values, missing)] as const] : []));
  return { en: fillWords(en, values, missing), ...Object.fromEntries(filled) };
}
