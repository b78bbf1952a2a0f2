import { escapeHtml } from "../jira/adf";

/** HTML that may stand in HTML as it is. Only `markup` makes it, so everything else is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = Markup | string | number | null | undefined | false | Value[];

const textOf = (value: Value): string => {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(textOf).join("");
  return value instanceof Markup ? value.text : escapeHtml(String(value));
};

export const markup = (strings: TemplateStringsArray, ...values: Value[]): Markup =>
  new Markup(strings.reduce((text, part, index) => text + textOf(values[index - 1]) + part));

/** For HTML that another part of the engine has made from a document, escaped there. */
export const ready = (text: string): Markup => new Markup(text);
