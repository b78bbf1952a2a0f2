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
