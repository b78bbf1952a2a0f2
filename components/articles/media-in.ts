import type { ArticleDocument, Block, ListItem } from "@/lib/feed/document/rules";

/** The ids of what a document shows, in its order. */
export const mediaIn = (document: ArticleDocument): string[] => document.content.flatMap(mediaOf);

function mediaOf(block: Block | ListItem): string[] {
  switch (block.type) {
    case "media":
      return [block.attrs.mediaId];
    case "paragraph":
    case "heading":
    case "codeBlock":
    case "horizontalRule":
      return [];
    default:
      return block.content.flatMap(mediaOf);
  }
}
