import type { JSONContent } from "@tiptap/core";
import type { ArticleDocument } from "@/lib/feed/document/rules";

/** What of the editor's content is stored: media whose bytes are still under way are not there yet. */
export function storedDocument(content: JSONContent): ArticleDocument {
  const blocks = stored(content).content ?? [];
  return { type: "doc", content: blocks.length > 0 ? blocks : [{ type: "paragraph" }] } as ArticleDocument;
}

function stored({ content, ...node }: JSONContent): JSONContent {
  const inner = content?.flatMap((child) => {
    if (child.type !== "media") return [stored(child)];
    const { mediaId, caption } = child.attrs ?? {};
    return mediaId ? [{ type: "media", attrs: { mediaId, caption } }] : [];
  });
  return inner ? { ...node, content: inner } : node;
}

/** The words alone, a line for each block, to look at beside others. */
export function wordsOf(document: JSONContent): string {
  const { type, text, attrs, content = [] } = document;
  if (type === "text") return text ?? "";
  if (type === "hardBreak") return "\n";
  if (type === "mention") return `@${String(attrs?.label ?? "")}`;
  if (type === "media") return String(attrs?.caption ?? "");
  const inline = content.every((child) => child.type === "text" || child.type === "hardBreak" || child.type === "mention");
  return content.map(wordsOf).join(inline ? "" : "\n");
}
