import { expect, test } from "vitest";
import { storedDocument, wordsOf } from "./stored-document";

const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });
const media = (attrs: object) => ({ type: "media", attrs: { mediaId: "", caption: "", uploadId: null, ...attrs } });

test("media under way are not stored, wherever they stand, and what is stored knows no uploads", () => {
  const quote = { type: "blockquote", content: [paragraph("Quoted"), media({ uploadId: "local-2" })] };
  expect(storedDocument({ type: "doc", content: [paragraph("Words"), media({ uploadId: "local-1" }), quote, media({ mediaId: "med_1", caption: "Us", uploadId: null })] })).toEqual({
    type: "doc",
    content: [paragraph("Words"), { type: "blockquote", content: [paragraph("Quoted")] }, { type: "media", attrs: { mediaId: "med_1", caption: "Us" } }],
  });
});

test("a document is never empty", () => {
  expect(storedDocument({ type: "doc", content: [media({ uploadId: "local-1" })] })).toEqual({ type: "doc", content: [{ type: "paragraph" }] });
});

test("its words, a line for each block", () => {
  const list = { type: "bulletList", content: [{ type: "listItem", content: [paragraph("One")] }, { type: "listItem", content: [paragraph("Two")] }] };
  const greeting = { type: "paragraph", content: [{ type: "text", text: "Hello " }, { type: "mention", attrs: { label: "Camille" } }, { type: "hardBreak" }, { type: "text", text: "!" }] };
  expect(wordsOf({ type: "doc", content: [greeting, list] })).toBe("Hello @Camille\n!\nOne\nTwo");
});
