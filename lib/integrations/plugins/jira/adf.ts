/**
 * The Atlassian Document Format (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/), in which Jira keeps what
 * people write. A document comes from anybody, so it is read into the few shapes below and nothing else of it goes on: no attribute, no
 * style, no address but of the web or a mailbox. What is not known is shown by its text.
 */
export type RichBlock =
  | { kind: "paragraph"; content: RichInline[] }
  | { kind: "heading"; level: number; content: RichInline[] }
  | { kind: "list"; ordered: boolean; start: number; items: RichItem[] }
  | { kind: "quote"; content: RichBlock[] }
  | { kind: "panel"; tone: PanelTone; content: RichBlock[] }
  | { kind: "expand"; title: string; content: RichBlock[] }
  | { kind: "code"; text: string }
  | { kind: "table"; rows: { header: boolean; content: RichBlock[] }[][] }
  | { kind: "file"; name: string }
  | { kind: "rule" };

export interface RichItem {
  /** Of a list of things to do or to decide; null in any other list. */
  done: boolean | null;
  content: RichBlock[];
}

export type PanelTone = "info" | "positive" | "caution" | "danger";

export type RichInline =
  | { kind: "text"; text: string; marks: RichMark[]; href: string | null }
  | { kind: "break" }
  | { kind: "mention"; name: string; accountId: string }
  | { kind: "status"; text: string }
  | { kind: "date"; date: string };

export const richMarks = ["strong", "em", "strike", "underline", "code"] as const;
export type RichMark = (typeof richMarks)[number];

export interface RichDocument {
  blocks: RichBlock[];
  /** There is more than is shown here. */
  truncated: boolean;
}

interface Limits {
  depth: number;
  nodes: number;
  characters: number;
}

/** An issue can hold 25 MB; a page shows what somebody would read. */
const usual: Limits = { depth: 24, nodes: 5_000, characters: 100_000 };

/** Never throws, whatever it is given. Null is an empty document; a string, as some fields still have it, is one of plain text. */
export function readDocument(value: unknown, limits: Limits = usual): RichDocument {
  if (typeof value === "string") return readDocument(documentOf(value), limits);
  const reader = new Reader({ ...limits });
  const blocks = reader.blocks(nodesOf(value), 0);
  return { blocks, truncated: reader.truncated };
}

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const nodesOf = (value: unknown): Node[] => (isNode(value) && Array.isArray(value.content) ? value.content.filter(isNode) : []);
const attr = (node: Node, name: string): unknown => (isNode(node.attrs) && Object.hasOwn(node.attrs, name) ? node.attrs[name] : undefined);
const textAttr = (node: Node, ...names: string[]): string => names.map((name) => attr(node, name)).find((value): value is string => typeof value === "string" && value !== "") ?? "";

const panels = new Map<unknown, PanelTone>([
  ["success", "positive"],
  ["tip", "positive"],
  ["warning", "caution"],
  ["note", "caution"],
  ["error", "danger"],
]);

class Reader {
  truncated = false;

  constructor(private readonly left: Limits) {}

  /** Loose inline nodes between blocks become a paragraph of their own. */
  blocks(nodes: Node[], depth: number): RichBlock[] {
    const blocks: RichBlock[] = [];
    let loose: RichInline[] = [];
    const gather = () => {
      if (loose.length > 0) blocks.push({ kind: "paragraph", content: loose });
      loose = [];
    };
    for (const node of nodes) {
      if (!this.take(depth)) break;
      const inline = this.inline(node);
      if (inline) {
        loose.push(...inline);
        continue;
      }
      gather();
      blocks.push(...this.block(node, depth + 1));
    }
    gather();
    return blocks;
  }

  private block(node: Node, depth: number): RichBlock[] {
    switch (node.type) {
      case "paragraph":
        return [{ kind: "paragraph", content: this.inlines(nodesOf(node), depth) }];
      case "heading":
        return [{ kind: "heading", level: whole(attr(node, "level"), 1, 6, 3), content: this.inlines(nodesOf(node), depth) }];
      case "bulletList":
      case "taskList":
      case "decisionList":
        return [{ kind: "list", ordered: false, start: 1, items: this.items(node, depth) }];
      case "orderedList":
        return [{ kind: "list", ordered: true, start: whole(attr(node, "order"), 0, 1_000_000, 1), items: this.items(node, depth) }];
      case "blockquote":
        return [{ kind: "quote", content: this.blocks(nodesOf(node), depth) }];
      case "panel":
        return [{ kind: "panel", tone: panels.get(attr(node, "panelType")) ?? "info", content: this.blocks(nodesOf(node), depth) }];
      case "expand":
      case "nestedExpand":
        return [{ kind: "expand", title: this.text(textAttr(node, "title")), content: this.blocks(nodesOf(node), depth) }];
      case "codeBlock":
        return [{ kind: "code", text: this.plain(nodesOf(node), depth) }];
      case "table":
        return [{ kind: "table", rows: nodesOf(node).flatMap((row) => (this.take(depth) ? [this.cells(row, depth + 1)] : [])) }];
      case "media":
        return [{ kind: "file", name: this.text(textAttr(node, "alt", "__fileName")) }];
      case "rule":
        return [{ kind: "rule" }];
      case "blockCard":
      case "embedCard":
        return [{ kind: "paragraph", content: this.link(textAttr(node, "url")) }];
      default:
        return this.blocks(nodesOf(node), depth);
    }
  }

  private items(list: Node, depth: number): RichItem[] {
    return nodesOf(list).flatMap((item) => {
      if (!this.take(depth)) return [];
      const done = item.type === "taskItem" ? attr(item, "state") === "DONE" : null;
      // A list inside a list of tasks stands beside its items, not in them.
      const content = item.type === "taskList" ? this.block(item, depth + 1) : this.blocks(nodesOf(item), depth + 1);
      return [{ done, content }];
    });
  }

  private cells(row: Node, depth: number): { header: boolean; content: RichBlock[] }[] {
    return nodesOf(row).flatMap((cell) => (this.take(depth) ? [{ header: cell.type === "tableHeader", content: this.blocks(nodesOf(cell), depth + 1) }] : []));
  }

  private inlines(nodes: Node[], depth: number): RichInline[] {
    return nodes.flatMap((node) => {
      if (!this.take(depth)) return [];
      return this.inline(node) ?? this.inlines(nodesOf(node), depth + 1);
    });
  }

  /** Null when it is no inline node that is known. */
  private inline(node: Node): RichInline[] | null {
    switch (node.type) {
      case "text":
        return this.marked(node);
      case "hardBreak":
        return [{ kind: "break" }];
      case "mention":
        return [{ kind: "mention", name: this.text(textAttr(node, "text").replace(/^@/, "")), accountId: textAttr(node, "id").slice(0, 200) }];
      case "emoji":
        return plainText(this.text(textAttr(node, "text", "shortName")));
      case "inlineCard":
        return this.link(textAttr(node, "url"));
      case "status":
        return [{ kind: "status", text: this.text(textAttr(node, "text")) }];
      case "date": {
        const at = new Date(Number(attr(node, "timestamp") ?? Number.NaN));
        return Number.isNaN(at.getTime()) ? [] : [{ kind: "date", date: at.toISOString().slice(0, 10) }];
      }
      default: {
        // What is unknown and has no content may still have words, as most of Jira's own nodes do.
        const words = Array.isArray(node.content) ? "" : typeof node.text === "string" ? node.text : textAttr(node, "text", "title", "alt");
        return words ? plainText(this.text(words)) : null;
      }
    }
  }

  private marked(node: Node): RichInline[] {
    const text = typeof node.text === "string" ? this.text(node.text) : "";
    if (text === "") return [];
    const marks = Array.isArray(node.marks) ? node.marks.filter(isNode).slice(0, 20) : [];
    const link = marks.find(({ type }) => type === "link");
    return [{ kind: "text", text, marks: richMarks.filter((name) => marks.some(({ type }) => type === name)), href: link ? safeHref(textAttr(link, "href")) : null }];
  }

  private link(url: string): RichInline[] {
    const text = this.text(url);
    return text === "" ? [] : [{ kind: "text", text, marks: [], href: safeHref(url) }];
  }

  private plain(nodes: Node[], depth: number): string {
    return nodes.map((node) => {
      if (!this.take(depth)) return "";
      if (node.type === "hardBreak") return "\n";
      return typeof node.text === "string" ? this.text(node.text) : this.plain(nodesOf(node), depth + 1);
    }).join("");
  }

  private take(depth: number): boolean {
    if (depth >= this.left.depth || this.left.nodes <= 0) {
      this.truncated = true;
      return false;
    }
    this.left.nodes -= 1;
    return true;
  }

  private text(text: string): string {
    if (text.length > this.left.characters) this.truncated = true;
    const shown = text.slice(0, this.left.characters).replaceAll(/\p{Cs}/gu, "\uFFFD");
    this.left.characters -= shown.length;
    return shown;
  }
}

const plainText = (text: string): RichInline[] => (text === "" ? [] : [{ kind: "text", text, marks: [], href: null }]);

const whole = (value: unknown, least: number, most: number, otherwise: number): number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;

const safeSchemes = new Set(["http:", "https:", "mailto:"]);

/** The address as a browser will understand it, if it is of the web or a mailbox; a browser ignores blanks and control characters that a pattern would trip over. */
export function safeHref(href: string): string | null {
  if (href.length > 4_000 || !URL.canParse(href)) return null;
  const url = new URL(href);
  return safeSchemes.has(url.protocol) ? url.href : null;
}

/** What a document says, without its looks. */
export function plainOf({ blocks }: Pick<RichDocument, "blocks">): string {
  return blocks.map(plainBlock).filter((text) => text !== "").join("\n\n");
}

function plainBlock(block: RichBlock): string {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return plainInlines(block.content);
    case "list":
      return block.items.map(({ done, content }, index) => {
        const mark = done === null ? (block.ordered ? `${block.start + index}. ` : "- ") : done ? "[x] " : "[ ] ";
        return `${mark}${content.map(plainBlock).join("\n").replaceAll("\n", "\n  ")}`;
      }).join("\n");
    case "quote":
      return plainOf({ blocks: block.content }).split("\n").map((line) => `> ${line}`).join("\n");
    case "panel":
      return plainOf({ blocks: block.content });
    case "expand":
      return [block.title, plainOf({ blocks: block.content })].filter(Boolean).join("\n");
    case "code":
      return block.text;
    case "table":
      return block.rows.map((row) => row.map(({ content }) => plainOf({ blocks: content }).replaceAll(/\s+/g, " ")).join(" | ")).join("\n");
    case "file":
      return block.name;
    case "rule":
      return "---";
  }
}

const plainInlines = (content: RichInline[]): string =>
  content.map((inline) => {
    switch (inline.kind) {
      case "text":
      case "status":
        return inline.text;
      case "break":
        return "\n";
      case "mention":
        return `@${inline.name || inline.accountId}`;
      case "date":
        return inline.date;
    }
  }).join("");

export interface AdfNode {
  type: string;
  version?: number;
  text?: string;
  attrs?: Record<string, string>;
  marks?: { type: string; attrs: Record<string, string> }[];
  content?: AdfNode[];
}

export interface Mentionable {
  accountId: string;
  name: string;
}

/**
 * What somebody typed as a document: a paragraph for each block of lines, links where addresses stand, and mentions where `@` stands
 * before the full name of one of `people`.
 */
export function documentOf(text: string, people: Mentionable[] = []): AdfNode {
  // The longest first, so that "@Kim Minjun" is not taken for "@Kim".
  const named = people.filter(({ name }) => name.trim() !== "").sort((a, b) => b.name.length - a.name.length);
  const paragraphs = text.replaceAll(/\r\n?/g, "\n").split(/\n[ \t]*\n\s*/).map((block) => block.replace(/^\n+/, "").trimEnd()).filter(Boolean);
  return { type: "doc", version: 1, content: paragraphs.map((block) => ({ type: "paragraph", content: lines(block, named) })) };
}

const lines = (block: string, people: Mentionable[]): AdfNode[] =>
  block.split("\n").flatMap((line, index) => [...(index > 0 ? [{ type: "hardBreak" }] : []), ...lineNodes(line, people)]);

/** Begins of what is more than text. */
const special = /@|https?:\/\/[^\s<>"]+/g;
const endsSentence = new Set([...".,;:!?)]}'"]);

function lineNodes(line: string, people: Mentionable[]): AdfNode[] {
  const nodes: AdfNode[] = [];
  let from = 0;
  const until = (end: number) => {
    if (end > from) nodes.push({ type: "text", text: line.slice(from, end) });
  };
  for (const { 0: found, index } of line.matchAll(special)) {
    if (index < from) continue;
    if (found === "@") {
      const person = mentionedAt(line, index, people);
      if (!person) continue;
      until(index);
      nodes.push({ type: "mention", attrs: { id: person.accountId, text: `@${person.name}` } });
      from = index + 1 + person.name.length;
      continue;
    }
    let end = found.length;
    while (endsSentence.has(found.charAt(end - 1))) end -= 1;
    const href = safeHref(found.slice(0, end));
    if (!href) continue;
    until(index);
    nodes.push({ type: "text", text: found.slice(0, end), marks: [{ type: "link", attrs: { href } }] });
    from = index + end;
  }
  until(line.length);
  return nodes;
}

/** No mention inside a word or an e-mail address. Letters may follow a name, because Korean hangs its particles there. */
function mentionedAt(line: string, at: number, people: Mentionable[]): Mentionable | undefined {
  if (/[\p{L}\p{N}._%+-]/u.test(line.charAt(at - 1))) return undefined;
  // No more of the line than a name is long, or a line of nothing but `@` takes as many steps as its square.
  const longest = people[0]?.name.length ?? 0;
  const rest = line.slice(at + 1, at + 2 + longest).toLowerCase();
  return people.find(({ name }) => rest.startsWith(name.toLowerCase()) && !/[a-z0-9_]/.test(rest.charAt(name.length)));
}
