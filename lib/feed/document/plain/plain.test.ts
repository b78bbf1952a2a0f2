import { describe, expect, test } from "vitest";
import { documentOfText, readDocument, type ArticleDocument } from "../rules";
import { isPlain, textOfDocument } from "./rules";

const doc = (...content: unknown[]): ArticleDocument => readDocument({ type: "doc", content });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const text = (words: string, ...marks: unknown[]) => ({ type: "text", text: words, marks });

describe("a document in a plain field", () => {
  test.each(["One line", "Two\n\nparagraphs", "A break\nwithin, and https://moim.example/guide to read", "안녕하세요 @[김민준](mbr_01kah2m3n4p5q6r7s8t9v0w1x2), 반가워요"])(
    "%j goes out and comes back as it was",
    (words) => {
      const read = documentOfText(words);
      expect(textOfDocument(read)).toBe(words);
      expect(isPlain(read)).toBe(true);
    },
  );

  test("in which order a node's parts are kept is no difference", () => {
    const kept = { content: [{ content: [{ text: "Words", type: "text" }], type: "paragraph" }], type: "doc" } as ArticleDocument;
    expect(isPlain(kept)).toBe(true);
  });

  test("the empty line at the end of an editor's document is no difference", () => {
    expect(isPlain(doc(paragraph(text("Words")), { type: "paragraph" }))).toBe(true);
  });

  test.each([
    ["a heading", doc({ type: "heading", attrs: { level: 2 }, content: [text("Title")] })],
    ["bold words", doc(paragraph(text("Words", { type: "bold" })))],
    ["a list", doc({ type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("One"))] }] })],
    ["a code block of more lines than a document has nodes", doc({ type: "codeBlock", content: [text("x\n".repeat(10_100))] })],
    ["more mentions than a document takes, as words", doc(paragraph(text("@[a](mbr_01kah2m3n4p5q6r7s8t9v0w1x2)".repeat(101))))],
    ["a picture", doc({ type: "media", attrs: { mediaId: "med_01kah2m3n4p5q6r7s8t9v0w1x2", caption: "A" } })],
  ])("%s would be lost in it", (_, document) => expect(isPlain(document)).toBe(false));
});
