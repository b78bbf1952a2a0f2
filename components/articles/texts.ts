import type { ArticleDocument, Block, Inline, ListItem } from "@/lib/feed/document/rules";

/** The words of a document, stretch by stretch, for whoever looks for something in them. */
export const textsIn = (document: ArticleDocument): string[] => document.content.flatMap(textsOf);

function textsOf(block: Block | ListItem): string[] {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return [wordsOf(block.content)];
    case "media":
      return [block.attrs.caption];
    case "codeBlock":
    case "horizontalRule":
      return [];
    default:
      return block.content.flatMap(textsOf);
  }
}

const wordsOf = (content: Inline[] = []) => content.map((inline) => (inline.type === "text" ? inline.text : " ")).join("");
