import type { Locale } from "@/lib/platform/i18n/locales";
import type { FooterLine, Line, MailBody, Part } from "./body";

/** The plain-text form: everything the HTML says, in the same order. */
export function textOf(body: MailBody, locale: Locale): string {
  // French sets a space that does not break before a colon.
  const colon = locale === "fr" ? "\u00A0:" : ":";
  const parts = body.parts.flatMap((part) => ["", ...linesOf(part, colon)]);
  return [body.kind.toLocaleUpperCase(locale), body.title, "", body.lead, ...parts, "", "-- ", ...body.footer.map((line) => footerLineOf(line, colon))].join("\n");
}

function linesOf(part: Part, colon: string): string[] {
  switch (part.kind) {
    case "facts":
      return part.rows.flatMap(({ label, lines }) => [`${label}${colon}`, ...lines.map((line) => `  ${lineOf(line)}`)]);
    case "prose":
      return [`${part.label}${colon}`, ...part.text.split(/\r?\n/).map((line) => `  ${line}`)];
    case "paragraph":
      return part.text.split(/\r?\n/);
    case "items":
      return [`${part.label}${colon}`, ...part.items.flatMap(({ text, href, note }) => [`  ${text}`, `    ${note}`, `    ${href}`])];
    case "people":
      return [
        `${part.label}${colon}`,
        ...part.people.flatMap(({ name, note, quote }) => [`  ${name}${colon} ${note}`, ...(quote ? [`    “${quote}”`] : [])]),
        ...(part.more ? [`  ${part.more}`] : []),
      ];
    case "buttons":
      return [...(part.label ? [part.label] : []), ...part.buttons.map(({ label, href }) => `  ${label}${colon} ${href}`)];
    case "link":
      return [`${part.label}${colon} ${part.href}`];
    case "note":
      return [part.text];
  }
}

const lineOf = ({ text, was }: Line) => (was ? `${was} ${text}` : text);

const footerLineOf = (line: FooterLine, colon: string) => (typeof line === "string" ? line : `${line.text}${colon} ${line.href}`);
