import { clipped, isObject, listOf, objectOf, own, text } from "./json";

/** As much of a text as is looked at; an issue may be 25 MB. */
const readMax = 20_000;
export const excerptMax = 2_000;

/** Names by account id, as far as the webhook says them. */
export type Names = ReadonlyMap<string, string>;

const mention = /\[~accountid:([^\]\s]{1,128})\]/g;

/** The accounts that a text names. @param value wiki markup (webhooks), or an Atlassian document (REST v3). */
export function mentionsOf(value: unknown): string[] {
  const ids = typeof value === "string" ? [...value.slice(0, readMax).matchAll(mention)].map(([, id = ""]) => id) : mentionedIn(value, 0);
  return [...new Set(ids)].slice(0, 100);
}

/** What a text says, without how it looks, in at most 2,000 characters; null when it says nothing. */
export function plainText(value: unknown, names: Names): string | null {
  const words = typeof value === "string" ? withoutMarkup(value.slice(0, readMax), names) : wordsIn(value, names, 0);
  // Begun at the first blank of a row only: tried at each of them, a long row takes as many steps as its square.
  return text(words.slice(0, readMax).replace(/(?<![ \t])[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n"), excerptMax);
}

const nameOf = (id: string, names: Names) => `@${names.get(id) ?? "…"}`;

/** https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all. Every pattern is bounded, so that none takes long. */
function withoutMarkup(markup: string, names: Names): string {
  return (
    markup
      .replace(/\r\n?/g, "\n")
      .replace(mention, (_, id: string) => nameOf(id, names))
      .replace(/\{(?:code|noformat|quote|color|panel|anchor|adf)(?::[^}\n]{0,200})?\}/g, "")
      .replace(/\[([^|\]\n]{1,300})\|[^\]\n]{1,1000}\]/g, "$1")
      .replace(/\[((?:https?:\/\/|mailto:)[^\]\s]{1,1000})\]/g, "$1")
      .replace(/!([^!\s|]{1,200})(?:\|[^!\n]{0,200})?!/g, "$1")
      .replace(/^ {0,3}h[1-6]\. +/gm, "")
      .replace(/^ {0,3}bq\. +/gm, "")
      .replace(/^ {0,3}[*#-]{1,6} +/gm, "• ")
      .replace(/^-{4,}$/gm, "")
      .replace(/^\|{1,2}|\|{1,2}$/gm, "")
      .replace(/\|{1,2}/g, " · ")
      // A mark stands at the edges of words; inside of them (snake_case, 3*4) it is a character.
      .replace(/(^|[\s(])([*_+^~-]|\?\?)(?=\S)([^\n]{1,300}?)(?<=\S)\2(?=$|[\s).,:;!?])/gm, "$1$3")
      .replace(/\{\{([^}\n]{1,300})\}\}/g, "$1")
      .replaceAll("\\\\", "\n")
      .replace(/\\([{}[\]*_+\-|!~^])/g, "$1")
  );
}

const depthMax = 30;
const blocks = new Set(["paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow", "panel", "rule", "hardBreak"]);

/** The words of an Atlassian document. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
function wordsIn(node: unknown, names: Names, depth: number): string {
  if (!isObject(node) || depth > depthMax) return "";
  const attributes = objectOf(node.attrs);
  if (node.type === "text") return typeof node.text === "string" ? clipped(node.text, readMax) : "";
  if (node.type === "mention") return nameOf(text(own(attributes, "id"), 128) ?? "", names);
  if (node.type === "emoji" || node.type === "status" || node.type === "date") return text(attributes.text) ?? text(attributes.shortName) ?? "";
  if (node.type === "inlineCard") return text(attributes.url, 1000) ?? "";
  const inner = listOf(node.content).slice(0, 500).map((child) => wordsIn(child, names, depth + 1)).join("");
  return `${node.type === "listItem" ? "• " : ""}${inner}${blocks.has(String(node.type)) ? "\n" : ""}`;
}

function mentionedIn(node: unknown, depth: number): string[] {
  if (!isObject(node) || depth > depthMax) return [];
  if (node.type === "mention") return [text(objectOf(node.attrs).id, 128)].flatMap((id) => id ?? []);
  return listOf(node.content).slice(0, 500).flatMap((child) => mentionedIn(child, depth + 1));
}
