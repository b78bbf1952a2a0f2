import { expect, test } from "vitest";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import { mediaIn } from "./media-in";
import { textsIn } from "./texts";

const document: ArticleDocument = {
  type: "doc",
  content: [
    { type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: "Plan for " }, { type: "text", text: "MOIM-1", marks: [{ type: "bold" }] }] },
    { type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "see MOIM-2" }] }, { type: "media", attrs: { mediaId: "med_in_list", caption: "MOIM-3" } }] }] },
    { type: "blockquote", content: [{ type: "media", attrs: { mediaId: "med_quoted", caption: "" } }] },
    { type: "codeBlock", attrs: { language: null }, content: [{ type: "text", text: "MOIM-4" }] },
  ],
};

test("what is looked for in the words of a document is found wherever they stand, but not in code", () => {
  expect(textsIn(document).filter(Boolean)).toEqual(["Plan for MOIM-1", "see MOIM-2", "MOIM-3"]);
});

test("what a document shows is found wherever it stands", () => {
  expect(mediaIn(document)).toEqual(["med_in_list", "med_quoted"]);
});
