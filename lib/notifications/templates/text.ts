import type { Line, MailBody, Part } from "./body";

/** The plain-text form: everything the HTML says, in the same order. */
export function textOf(body: MailBody): string {
  return [body.kind.toUpperCase(), body.title, "", body.lead, ...body.parts.flatMap((part) => ["", ...linesOf(part)]), "", "-- ", ...body.footer].join("\n");
}

function linesOf(part: Part): string[] {
  switch (part.kind) {
    case "facts":
      return part.rows.flatMap(({ label, lines }) => [`${label}:`, ...lines.map((line) => `  ${lineOf(line)}`)]);
    case "prose":
      return [`${part.label}:`, ...part.text.split(/\r?\n/).map((line) => `  ${line}`)];
    case "people":
      return [
        `${part.label}:`,
        ...part.people.flatMap(({ name, note, quote }) => [`  ${name}: ${note}`, ...(quote ? [`    “${quote}”`] : [])]),
        ...(part.more ? [`  ${part.more}`] : []),
      ];
    case "buttons":
      return [...(part.label ? [part.label] : []), ...part.buttons.map(({ label, href }) => `  ${label}: ${href}`)];
    case "link":
      return [`${part.label}: ${part.href}`];
    case "note":
      return [part.text];
  }
}

const lineOf = ({ text, was }: Line) => (was ? `${was} ${text}` : text);
