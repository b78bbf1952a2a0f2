import { DocumentFault, documentOfText, readDocument, type ArticleDocument, type Block, type Inline } from "../rules";

/** A document as the plain text that `documentOfText` reads: for a form without an editor. What plain text cannot say is left out. */
export const textOfDocument = (document: ArticleDocument): string => blocksOf(document.content).join("\n\n");

/** Whether plain text says all of it, so that it can be changed in a plain field without losing anything. */
export function isPlain(document: ArticleDocument): boolean {
  const read = documentOrNull(textOfDocument(document));
  // Read anew, too: the database keeps what is in a node in an order of its own.
  return read !== null && JSON.stringify(withoutEnd(read)) === JSON.stringify(withoutEnd(readDocument(document)));
}

/** As text something may be more than a document takes: each line of a code block is a node then. */
function documentOrNull(text: string): ArticleDocument | null {
  try {
    return documentOfText(text);
  } catch (error) {
    if (error instanceof DocumentFault) return null;
    throw error;
  }
}

/** As deep as `documentLimits` allow and no deeper. */
function blocksOf(blocks: Block[]): string[] {
  return blocks.flatMap((block): string[] => {
    switch (block.type) {
      case "paragraph":
      case "heading":
      case "codeBlock":
        return [(block.content ?? []).map(wordsOf).join("")];
      case "bulletList":
      case "orderedList":
        return [block.content.flatMap((item) => blocksOf(item.content)).map((line) => `- ${line}`).join("\n")];
      case "blockquote":
        return blocksOf(block.content);
      case "media":
        return block.attrs.caption === "" ? [] : [block.attrs.caption];
      case "horizontalRule":
        return [];
    }
  });
}

function wordsOf(inline: Inline): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "hardBreak":
      return "\n";
    case "mention":
      return `@[${inline.attrs.label}](${inline.attrs.memberId})`;
  }
}

/** The empty line that an editor leaves to go on in says nothing. */
function withoutEnd({ content }: ArticleDocument): Block[] {
  const last = content.findLastIndex((block) => block.type !== "paragraph" || block.content !== undefined);
  return content.slice(0, last + 1);
}
