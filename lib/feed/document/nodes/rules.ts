import { isId } from "@/lib/platform/ids";
import { plainLine, plainText, shortened } from "@/lib/platform/plain-text";
import { readAddress } from "../addresses/inputs";
import type { Block, Inline, ListItem, Mark, Text } from "../rules";

export type DocumentNode = Block | ListItem | Inline;
export type NodeType = DocumentNode["type"];

/** What is wrong with one node; `readDocument` says where it stands. */
export type NodeFault = "document-malformed" | "document-node" | "document-mark" | "document-link" | "document-attribute";

const blocks: readonly NodeType[] = ["paragraph", "heading", "bulletList", "orderedList", "blockquote", "codeBlock", "horizontalRule", "media"];
const inlines: readonly NodeType[] = ["text", "hardBreak", "mention"];
const items: readonly NodeType[] = ["listItem"];

/** The white list: what may stand in what. Nodes that are not named here hold nothing, whatever they bring. */
export const contents = {
  doc: blocks,
  blockquote: blocks,
  listItem: blocks,
  bulletList: items,
  orderedList: items,
  paragraph: inlines,
  heading: inlines,
  codeBlock: ["text"] as readonly NodeType[],
} as const;
export type Container = keyof typeof contents;

export const holdsContent = (type: string): type is Container => Object.hasOwn(contents, type);

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

const captionMax = 500;
const labelMax = 100;

/** One node without what it holds; of its attributes those that we know, the others stay behind. Null when it is nothing at all. */
export function readNode(source: unknown, parent: Container): DocumentNode | NodeFault | null {
  if (!isFields(source)) return "document-malformed";
  const type = contents[parent].find((allowed) => allowed === source.type);
  if (!type) return "document-node";
  const attrs = isFields(source.attrs) ? source.attrs : {};
  switch (type) {
    case "text":
      return readText(source, parent);
    case "hardBreak":
    case "horizontalRule":
      return { type };
    case "paragraph":
      return { type, content: [] };
    case "blockquote":
    case "listItem":
    case "bulletList":
      return { type, content: [] };
    case "orderedList":
      return { type, attrs: { start: readStart(attrs.start) }, content: [] };
    case "heading":
      return isLevel(attrs.level) ? { type, attrs: { level: attrs.level }, content: [] } : "document-attribute";
    case "codeBlock":
      return { type, attrs: { language: readLanguage(attrs.language) }, content: [] };
    case "media":
      return isId("media", attrs.mediaId) ? { type, attrs: { mediaId: attrs.mediaId, caption: readLine(attrs.caption, captionMax) } } : "document-attribute";
    case "mention":
      return isId("member", attrs.memberId) ? { type, attrs: { memberId: attrs.memberId, label: readLine(attrs.label, labelMax) } } : "document-attribute";
  }
}

function readText(source: Fields, parent: Container): Text | NodeFault | null {
  if (typeof source.text !== "string") return "document-malformed";
  const text = plainText(source.text);
  const marks = parent === "codeBlock" ? [] : readMarks(source.marks);
  if (typeof marks === "string") return marks;
  if (text === "") return null;
  return { type: "text", text, ...(marks.length > 0 && { marks }) };
}

/** In the order in which the editor keeps them, so that equal ones look equal. */
const markTypes = ["link", "bold", "code", "italic", "strike"] as const;
/** More than there are kinds is no document of an editor. */
const marksMax = 16;

function readMarks(value: unknown): Mark[] | NodeFault {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > marksMax) return "document-malformed";
  const marks = new Map<Mark["type"], Mark>();
  for (const source of value as unknown[]) {
    if (!isFields(source)) return "document-malformed";
    const type = markTypes.find((known) => known === source.type);
    if (!type) return "document-mark";
    if (marks.has(type)) continue;
    if (type !== "link") {
      marks.set(type, { type });
      continue;
    }
    const address = isFields(source.attrs) && typeof source.attrs.href === "string" ? readAddress(source.attrs.href) : null;
    if (address === null) return "document-link";
    marks.set(type, { type, attrs: { href: address } });
  }
  return markTypes.flatMap((type) => marks.get(type) ?? []);
}

const isLevel = (value: unknown): value is 2 | 3 | 4 => value === 2 || value === 3 || value === 4;

const readStart = (value: unknown) => (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 1_000_000 ? value : 1);

const readLanguage = (value: unknown) => (typeof value === "string" && /^[A-Za-z0-9+#._-]{1,30}$/.test(value) ? value : null);

/** Cut before it is cleaned, so that ten megabytes cost no more than the limit. */
const readLine = (value: unknown, max: number) => (typeof value === "string" ? shortened(plainLine(value.slice(0, max * 4)), max) : "");

export const isSameMarks = (one: Mark[] = [], other: Mark[] = []) =>
  one.length === other.length && one.every((mark, at) => mark.type === other[at]?.type && addressOf(mark) === addressOf(other[at]));

const addressOf = (mark: Mark | undefined) => (mark?.type === "link" ? mark.attrs.href : null);
