import type { ArticleDocument, Block, Heading, Inline, ListItem } from "@/lib/feed/document/rules";

/**
 * The names by which links reach the headings of an article: made of their words, so that they stay when others come and go, each once.
 * The prefix keeps them apart from the page's own names.
 */
export function anchorsOf(document: ArticleDocument): ReadonlyMap<Heading, string> {
  const anchors = new Map<Heading, string>();
  const taken = new Set<string>();
  // Where counting goes on: thousands of one name would count from the beginning each.
  const counted = new Map<string, number>();
  for (const heading of headingsIn(document.content)) {
    const name = nameOf(heading);
    let anchor = name;
    let next = counted.get(name) ?? 2;
    for (; taken.has(anchor); next += 1) anchor = `${name}-${next}`;
    counted.set(name, next);
    taken.add(anchor);
    anchors.set(heading, anchor);
  }
  return anchors;
}

const headingsIn = (blocks: (Block | ListItem)[]): Heading[] =>
  blocks.flatMap((block) => {
    if (block.type === "heading") return [block];
    const holds = block.type === "blockquote" || block.type === "bulletList" || block.type === "orderedList" || block.type === "listItem";
    return holds ? headingsIn(block.content) : [];
  });

const anchorMax = 60;

function nameOf(heading: Heading): string {
  const words = (heading.content ?? []).map(wordsOf).join("").normalize("NFC").toLowerCase();
  const name = words.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `s-${[...name].slice(0, anchorMax).join("").replace(/-$/, "") || "section"}`;
}

const wordsOf = (inline: Inline) => (inline.type === "text" ? inline.text : inline.type === "mention" ? inline.attrs.label : " ");
