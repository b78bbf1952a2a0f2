import { isRecord } from "../http";
import type { AdfNode } from "../world/entities";

/** The Atlassian Document Format, which REST v3 speaks; webhooks and v2 carry wiki text instead. */

export const isDocument = (value: unknown): value is AdfNode => isNode(value) && value.type === "doc" && value.version === 1 && Array.isArray(value.content);

function isNode(value: unknown): value is AdfNode {
  if (!isRecord(value) || typeof value.type !== "string") return false;
  if (value.type === "text" && (typeof value.text !== "string" || value.text === "")) return false;
  if (value.attrs !== undefined && !isRecord(value.attrs)) return false;
  if (value.marks !== undefined && !(Array.isArray(value.marks) && value.marks.every((mark) => isRecord(mark) && typeof mark.type === "string"))) return false;
  return value.content === undefined || (Array.isArray(value.content) && value.content.every(isNode));
}

/** Plain text as a document: a paragraph for each block of lines. */
export function documentOf(text: string): AdfNode {
  const paragraphs = text.replaceAll("\r\n", "\n").split(/\n{2,}/).filter((block) => block.trim() !== "");
  return { type: "doc", version: 1, content: paragraphs.map((block) => ({ type: "paragraph", content: lines(block) })) };
}

function lines(block: string): AdfNode[] {
  return block.split("\n").flatMap((line, index) => [...(index > 0 ? [{ type: "hardBreak" }] : []), ...inline(line)]);
}

/** `[~accountid:…]` is how v2 and our page write a mention. */
function inline(line: string): AdfNode[] {
  return line
    .split(/(\[~accountid:[^\]]+\])/)
    .filter((part) => part !== "")
    .map((part) => {
      const id = /^\[~accountid:([^\]]+)\]$/.exec(part)?.[1];
      return id === undefined ? { type: "text", text: part } : { type: "mention", attrs: { id } };
    });
}

const wikiMarks: Record<string, string> = { strong: "*", em: "_", strike: "-", underline: "+" };

/** As webhooks and v2 write it. */
export function wikiOf(node: AdfNode | null): string {
  return node === null ? "" : blocks(node.content ?? []).trim();
}

function blocks(nodes: AdfNode[]): string {
  return nodes.map((node) => block(node)).join("\n\n");
}

function block(node: AdfNode): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading":
      return `h${Number(node.attrs?.level ?? 1)}. ${inlines(content)}`;
    case "bulletList":
    case "orderedList":
      return list(node, "");
    case "blockquote":
      return `{quote}\n${blocks(content)}\n{quote}`;
    case "codeBlock":
      return `{code${typeof node.attrs?.language === "string" ? `:${node.attrs.language}` : ""}}\n${inlines(content)}\n{code}`;
    case "rule":
      return "----";
    case "paragraph":
      return inlines(content);
    default:
      return node.content && content.some(({ type }) => type !== "text") ? blocks(content) : inlines(node.content ? content : [node]);
  }
}

function list(node: AdfNode, outer: string): string {
  const bullet = outer + (node.type === "orderedList" ? "#" : "*");
  return (node.content ?? [])
    .flatMap((item) => (item.content ?? []).map((part) => (part.type === "bulletList" || part.type === "orderedList" ? list(part, bullet) : `${bullet} ${block(part)}`)))
    .join("\n");
}

function inlines(nodes: AdfNode[]): string {
  return nodes.map(inlineWiki).join("");
}

function inlineWiki(node: AdfNode): string {
  const attrs = node.attrs ?? {};
  switch (node.type) {
    case "text":
      return (node.marks ?? []).reduce((text, mark) => {
        if (mark.type === "code") return `{{${text}}}`;
        if (mark.type === "link") return `[${text}|${String(mark.attrs?.href ?? "")}]`;
        const sign = wikiMarks[mark.type] ?? "";
        return `${sign}${text}${sign}`;
      }, node.text ?? "");
    case "mention":
      return `[~accountid:${String(attrs.id ?? "")}]`;
    case "hardBreak":
      return "\n";
    case "emoji":
      return String(attrs.text ?? attrs.shortName ?? "");
    case "inlineCard":
      return `[${String(attrs.url ?? "")}]`;
    case "date":
      return new Date(Number(attrs.timestamp ?? 0)).toISOString().slice(0, 10);
    default:
      return inlines(node.content ?? []);
  }
}

/** What JQL's `~` looks at. */
export const plainTextOf = (node: AdfNode | null): string => (node === null ? "" : [node.text ?? "", ...(node.content ?? []).map(plainTextOf)].join(" "));

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

const htmlMarks: Record<string, string> = { strong: "b", em: "em", strike: "del", underline: "ins", code: "tt" };
const htmlBlocks: Record<string, string> = { paragraph: "p", bulletList: "ul", orderedList: "ol", listItem: "li", blockquote: "blockquote", codeBlock: "pre" };

/** As `renderedFields` shows it. */
export function htmlOf(node: AdfNode | null): string {
  if (node === null) return "";
  const inner = (node.content ?? []).map(htmlOf).join("");
  switch (node.type) {
    case "text":
      return (node.marks ?? []).reduce((text, mark) => {
        if (mark.type === "link") return `<a href="${escapeHtml(safeHref(mark.attrs?.href))}" class="external-link" rel="nofollow noreferrer">${text}</a>`;
        const tag = htmlMarks[mark.type];
        return tag ? `<${tag}>${text}</${tag}>` : text;
      }, escapeHtml(node.text ?? ""));
    case "hardBreak":
      return "<br/>";
    case "rule":
      return "<hr />";
    case "mention":
      return `<a class="user-hover" rel="${escapeHtml(String(node.attrs?.id ?? ""))}">@${escapeHtml(String(node.attrs?.text ?? node.attrs?.id ?? "").replace(/^@/, ""))}</a>`;
    case "heading":
      return `<h${Number(node.attrs?.level ?? 1)}>${inner}</h${Number(node.attrs?.level ?? 1)}>`;
    case "inlineCard":
      return `<a href="${escapeHtml(safeHref(node.attrs?.url))}">${escapeHtml(String(node.attrs?.url ?? ""))}</a>`;
    case "emoji":
      return escapeHtml(String(node.attrs?.text ?? node.attrs?.shortName ?? ""));
    default: {
      const tag = htmlBlocks[node.type];
      return tag ? `<${tag}>${inner}</${tag}>` : inner;
    }
  }
}

/** Documents come from any client; only web and mail addresses become links on our pages. */
const safeHref = (href: unknown): string => (typeof href === "string" && /^(https?:|mailto:)/i.test(href) ? href : "#");

/** Accounts mentioned in a document. */
export function mentionsIn(node: AdfNode | null): string[] {
  if (node === null) return [];
  const own = node.type === "mention" && typeof node.attrs?.id === "string" ? [node.attrs.id] : [];
  return [...own, ...(node.content ?? []).flatMap(mentionsIn)];
}
