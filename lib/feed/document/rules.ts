import { isId } from "@/lib/platform/ids";
import { plainLine, shortened } from "@/lib/platform/plain-text";
import { describeFault } from "@/lib/platform/validation";
import { readAddress } from "./addresses/inputs";
import { contents, holdsContent, isFields, isSameMarks, readNode, type Container, type DocumentNode, type NodeFault } from "./nodes/rules";

/**
 * What an article or a comment is made of: a tree of nodes with the names that ProseMirror's basic schemas use. Stored as JSON and
 * rendered from it (`components/articles/document.tsx`); nothing in it is ever HTML.
 */
export interface ArticleDocument {
  type: "doc";
  content: Block[];
}

export type Block = Paragraph | Heading | List | Quote | CodeBlock | Rule | Media;

export interface Paragraph {
  type: "paragraph";
  content?: Inline[];
}

export interface Heading {
  type: "heading";
  /** 2 to 4: the title of the article is 1. */
  attrs: { level: 2 | 3 | 4 };
  content?: Inline[];
}

export interface List {
  type: "bulletList" | "orderedList";
  attrs?: { start: number };
  content: ListItem[];
}

export interface ListItem {
  type: "listItem";
  content: Block[];
}

export interface Quote {
  type: "blockquote";
  content: Block[];
}

export interface CodeBlock {
  type: "codeBlock";
  attrs: { language: string | null };
  content?: Text[];
}

export interface Rule {
  type: "horizontalRule";
}

/** A picture, video, sound or file. What it is and its size are read from the media's own row, never from here. */
export interface Media {
  type: "media";
  attrs: { mediaId: string; caption: string };
}

export type Inline = Text | HardBreak | Mention;

export interface Text {
  type: "text";
  text: string;
  marks?: Mark[];
}

export interface HardBreak {
  type: "hardBreak";
}

/** `label` is the name when it was written; who it is now is looked up. */
export interface Mention {
  type: "mention";
  attrs: { memberId: string; label: string };
}

export type Mark = { type: "bold" | "italic" | "strike" | "code" } | { type: "link"; attrs: { href: string } };

export const documentLimits = { bytes: 512 * 1024, nodes: 10_000, depth: 24, media: 100, mentions: 100, title: 200 } as const;
export const commentLimits = { bytes: 32 * 1024, nodes: 1_000, depth: 8, media: 0, mentions: 50 } as const;
export type DocumentLimits = { [limit in keyof typeof commentLimits]: number };

export const emptyDocument: ArticleDocument = { type: "doc", content: [{ type: "paragraph" }] };

type Path = (string | number)[];

type LimitFault = "document-too-large" | "document-too-long" | "document-too-deep" | "document-media" | "document-mentions";

/** Why something is no document, and where in it. */
export class DocumentFault extends Error {
  readonly code: NodeFault | LimitFault;
  readonly path: Path;
  readonly detail: string;

  constructor(code: DocumentFault["code"], path: Path) {
    super(code);
    this.name = "DocumentFault";
    this.code = code;
    this.path = path;
    this.detail = describeFault(code);
  }
}

/** A node that is being filled from what somebody sent. */
interface Open {
  type: Container;
  from: unknown[];
  /** How many of `from` were read. */
  read: number;
  into: DocumentNode[];
}

/**
 * What somebody sent as the document that it is: only nodes, marks and attributes of the white list, addresses that lead to a page, a
 * mailbox or a telephone, text as it may stand among ours, and always whole enough for the editor to open it again. Reading what was
 * read changes nothing. Walks without recursion and stops at the first limit: a sender chooses how deep and how long it is.
 * @throws DocumentFault
 */
export function readDocument(value: unknown, limits: DocumentLimits = documentLimits): ArticleDocument {
  if (!isFields(value) || value.type !== "doc") throw new DocumentFault("document-malformed", []);
  const used = { bytes: 0, nodes: 0, media: 0, mentions: 0 };
  const document: ArticleDocument = { type: "doc", content: [] };
  const open: Open[] = [];

  const refuse = (code: DocumentFault["code"]) => new DocumentFault(code, open.flatMap(({ read }) => ["content", Math.max(0, read - 1)]));
  const count = (what: keyof typeof used, code: LimitFault, amount = 1) => {
    used[what] += amount;
    if (used[what] > limits[what]) throw refuse(code);
  };
  const begin = (type: Container, content: unknown, into: DocumentNode[]) => {
    if (content !== undefined && content !== null && !Array.isArray(content)) throw refuse("document-malformed");
    open.push({ type, from: content ?? [], read: 0, into });
  };
  const place = (node: DocumentNode, into: DocumentNode[], where: "first" | "last" = "last") => {
    count("nodes", "document-too-long");
    if (open.length > limits.depth) throw refuse("document-too-deep");
    if (node.type === "media") count("media", "document-media");
    if (node.type === "mention") count("mentions", "document-mentions");
    if (where === "first") into.unshift(node);
    else into.push(node);
  };

  begin("doc", value.content, document.content);
  for (let here = open.at(-1); here; here = open.at(-1)) {
    if (here.read === here.from.length) {
      if (needsParagraph(here)) place({ type: "paragraph" }, here.into, "first");
      open.pop();
      const last = open.at(-1)?.into.at(-1);
      if (here.into.length === 0 && last) withoutContent(last, open.at(-1)?.into);
      continue;
    }
    const source = here.from[here.read++];
    if (isFields(source) && typeof source.text === "string") count("bytes", "document-too-large", source.text.length);
    const node = readNode(source, here.type);
    if (typeof node === "string") throw refuse(node);
    if (!node) continue;
    const before = here.into.at(-1);
    if (node.type === "text" && before?.type === "text" && isSameMarks(before.marks, node.marks)) {
      before.text += node.text;
      continue;
    }
    place(node, here.into);
    if (holdsContent(node.type) && "content" in node && node.content) begin(node.type, isFields(source) ? source.content : undefined, node.content);
  }
  if (new TextEncoder().encode(JSON.stringify(document)).length > limits.bytes) throw new DocumentFault("document-too-large", []);
  return document;
}

/** An editor's item begins with a paragraph, and what holds blocks holds at least one. */
const needsParagraph = ({ type, into }: Open) =>
  type === "listItem" ? into[0]?.type !== "paragraph" : contents[type] === contents.doc && into.length === 0;

/** An empty paragraph is written without its content; a list without items is no list. */
function withoutContent(node: DocumentNode, among: DocumentNode[] | undefined): void {
  if (node.type === "bulletList" || node.type === "orderedList") among?.pop();
  else if (node.type === "paragraph" || node.type === "heading" || node.type === "codeBlock") delete node.content;
}

/** Every node, parents before what they hold. Of a document that was read: it is as deep as `documentLimits` allow and no deeper. */
function* nodesOf(node: ArticleDocument | DocumentNode): Generator<DocumentNode> {
  if (!("content" in node)) return;
  for (const child of node.content ?? []) {
    yield child;
    yield* nodesOf(child);
  }
}

export const mentionsIn = (document: ArticleDocument): string[] => [
  ...new Set([...nodesOf(document)].flatMap((node) => (node.type === "mention" ? [node.attrs.memberId] : []))),
];

export const mediaIn = (document: ArticleDocument): string[] => [
  ...new Set([...nodesOf(document)].flatMap((node) => (node.type === "media" ? [node.attrs.mediaId] : []))),
];

/** Nothing to read or look at: blanks, breaks and empty paragraphs alone. */
export const isBlank = (document: ArticleDocument): boolean =>
  ![...nodesOf(document)].some((node) => node.type === "media" || node.type === "mention" || (node.type === "text" && node.text.trim() !== ""));

/** Its words, a line for each paragraph: for search, mails and whoever cannot show a document. */
export function plainTextOf(document: ArticleDocument): string {
  const parts: string[] = [];
  for (const node of nodesOf(document)) {
    if (node.type === "text") parts.push(node.text);
    else if (node.type === "mention") parts.push(`@${node.attrs.label}`);
    else if (node.type === "media") parts.push(`\n${node.attrs.caption}`);
    else if (node.type !== "listItem" || !parts.at(-1)?.endsWith("\n")) parts.push("\n");
  }
  return parts.join("").replace(/\n{2,}/g, "\n").trim();
}

/** How it begins, on one line of at most `length` characters: without headings, which within a line read as broken sentences. */
export function excerptOf(document: ArticleDocument, length = 280): string {
  const running = plainTextOf({ type: "doc", content: document.content.filter(({ type }) => type !== "heading") });
  return shortened(plainLine(running || plainTextOf(document)), length);
}

const markup = /@\[([^\]\n]{1,100})\]\((mbr_[0-9a-z]{26})\)|https?:\/\/[^\s<>"]+/g;

/**
 * Plain text as a document, for forms before JavaScript arrives and for clients that write no documents: a blank line begins a
 * paragraph, `@[Name](mbr_…)` mentions somebody, web addresses become links.
 * @throws DocumentFault when it is more than the limits allow.
 */
export function documentOfText(text: string, limits: DocumentLimits = documentLimits): ArticleDocument {
  const paragraphs = text.replace(/\r\n?/g, "\n").split(/\n[^\S\n]*\n\s*/);
  return readDocument({ type: "doc", content: paragraphs.map((paragraph) => ({ type: "paragraph", content: inlinesOf(paragraph.trim()) })) }, limits);
}

function inlinesOf(text: string): Inline[] {
  return text.split("\n").flatMap((line, at) => [...(at > 0 ? [{ type: "hardBreak" as const }] : []), ...inlinesOfLine(line)]);
}

function inlinesOfLine(line: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  const write = (text: string, href: string | null = null) => {
    if (text !== "") inlines.push({ type: "text", text, ...(href !== null && { marks: [{ type: "link", attrs: { href } }] }) });
  };
  for (const { 0: found, 1: label, 2: memberId, index } of line.matchAll(markup)) {
    write(line.slice(from, index));
    const address = withoutStop(found);
    if (label !== undefined && memberId !== undefined && isId("member", memberId)) inlines.push({ type: "mention", attrs: { memberId, label } });
    else write(memberId === undefined ? address : found, memberId === undefined ? readAddress(address) : null);
    from = index + (memberId === undefined ? address : found).length;
  }
  write(line.slice(from));
  return inlines;
}

const stops = new Set(".,;:!?)]");

/** The full stop that ends a sentence does not belong to the address before it. By hand: a pattern would try again from every stop. */
function withoutStop(address: string): string {
  let end = address.length;
  while (stops.has(address.charAt(end - 1))) end -= 1;
  return address.slice(0, end);
}
