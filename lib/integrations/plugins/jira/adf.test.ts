import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDocument } from "@/local/atlassian/jira/adf";
import { documentOf, plainOf, readDocument, richMarks, safeHref, type RichBlock, type RichInline } from "./adf";

const doc = (...content: unknown[]) => ({ type: "doc", version: 1, content });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const words = (text: string, ...marks: unknown[]) => ({ type: "text", text, marks });

const names = ["doc", "paragraph", "text", "heading", "bulletList", "listItem", "table", "tableRow", "tableCell", "panel", "expand", "codeBlock", "mediaSingle", "media", "mention", "emoji", "inlineCard", "blockCard", "date", "status", "taskList", "taskItem", "hardBreak", "rule", "script", "iframe", "html", "__proto__", "constructor", "extension"];
const hrefs = ["javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "https://a.example/", "mailto:a@b.example", "//a.example", "/x", "", "file:///etc/passwd", "blob:https://a.example/1"];
const attrs = fc.dictionary(fc.constantFrom("href", "url", "text", "title", "level", "order", "timestamp", "panelType", "alt", "onclick", "style", "dangerouslySetInnerHTML", "__proto__", "state", "id"), fc.oneof(fc.constantFrom(...hrefs), fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.object()));
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 6 },
    fc.record({ type: fc.constantFrom(...names), text: fc.oneof(fc.string(), fc.integer()), attrs: fc.oneof(attrs, fc.anything()), marks: fc.oneof(fc.array(fc.record({ type: fc.constantFrom("link", "strong", "code", "textColor", "__proto__"), attrs })), fc.anything()), content: fc.array(tie("node"), { maxLength: 4 }) }, { requiredKeys: [] }),
    fc.anything(),
  ),
}));

const kinds = new Set(["paragraph", "heading", "list", "quote", "panel", "expand", "code", "table", "file", "rule"]);
const inlineKinds = new Set(["text", "break", "mention", "status", "date"]);

function check(blocks: RichBlock[]): void {
  for (const block of blocks) {
    expect(kinds).toContain(block.kind);
    if (block.kind === "paragraph" || block.kind === "heading") block.content.forEach(checkInline);
    if (block.kind === "heading") expect([1, 2, 3, 4, 5, 6]).toContain(block.level);
    if (block.kind === "list") block.items.forEach(({ content }) => check(content));
    if (block.kind === "table") block.rows.flat().forEach(({ content }) => check(content));
    if (block.kind === "quote" || block.kind === "panel" || block.kind === "expand") check(block.content);
    if (block.kind === "code") expect(typeof block.text).toBe("string");
  }
}

function checkInline(inline: RichInline): void {
  expect(inlineKinds).toContain(inline.kind);
  if (inline.kind !== "text") return;
  expect(typeof inline.text).toBe("string");
  expect(inline.marks.every((mark) => richMarks.includes(mark))).toBe(true);
  if (inline.href !== null) expect(inline.href).toMatch(/^(https?:\/\/|mailto:)/);
}

describe("a document from anybody", () => {
  test("becomes nothing but the shapes we draw and addresses of the web and of mailboxes", () => {
    fc.assert(fc.property(fc.oneof(fc.array(node).map((content) => doc(...content)), fc.anything()), (value) => {
      const read = readDocument(value);
      check(read.blocks);
      expect(typeof plainOf(read)).toBe("string");
    }), { numRuns: 500 });
  });

  test.each(hrefs)("leads nowhere but to the web or a mailbox: %j", (href) => {
    const [block] = readDocument(doc(paragraph(words("here", { type: "link", attrs: { href } })))).blocks;
    const expected = /^(https?:\/\/|mailto:)/.test(href) ? href : null;
    expect(block).toMatchObject({ content: [{ text: "here", href: expected }] });
  });

  test("is shown by its text where it is not known", () => {
    const read = readDocument(doc({ type: "future", content: [paragraph(words("inside"))] }, { type: "extension", attrs: { text: "a macro" } }, paragraph({ type: "chip", attrs: { text: "chip" } })));
    expect(plainOf(read)).toBe("inside\n\na macro\n\nchip");
  });

  test("ends where it is too deep, too large or too long", () => {
    let deep: unknown = paragraph(words("bottom"));
    for (let level = 0; level < 10_000; level += 1) deep = { type: "blockquote", content: [deep] };
    expect(readDocument(doc(deep)).truncated).toBe(true);
    const many = readDocument(doc(...Array.from({ length: 20_000 }, () => paragraph(words("x")))));
    expect(many.truncated).toBe(true);
    expect(many.blocks.length).toBeLessThan(5_001);
    const long = readDocument(doc(paragraph(words("x".repeat(1_000_000)))));
    expect(plainOf(long)).toHaveLength(100_000);
    expect(long.truncated).toBe(true);
  });

  test("keeps its lists, tables, tasks and mentions", () => {
    const read = readDocument(
      doc(
        { type: "orderedList", attrs: { order: 3 }, content: [{ type: "listItem", content: [paragraph(words("three"))] }] },
        { type: "taskList", content: [{ type: "taskItem", attrs: { state: "DONE" }, content: [words("done")] }] },
        { type: "table", content: [{ type: "tableRow", content: [{ type: "tableHeader", content: [paragraph(words("h"))] }, { type: "tableCell", content: [paragraph(words("c"))] }] }] },
        paragraph({ type: "mention", attrs: { id: "1", text: "@Bora" } }, { type: "hardBreak" }, words("bye", { type: "strong" })),
      ),
    );
    expect(plainOf(read)).toBe("3. three\n\n[x] done\n\nh | c\n\n@Bora\nbye");
  });
});

describe("what somebody types", () => {
  const people = [{ accountId: "1", name: "Kim" }, { accountId: "2", name: "Kim Minjun" }];

  test("says the same as a document", () => {
    expect(plainOf(readDocument(documentOf("One\ntwo\n\nThree", people)))).toBe("One\ntwo\n\nThree");
  });

  test("is a document that Jira takes, whatever it is", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(isDocument(documentOf(text, people))).toBe(true);
    }));
  });

  test("names people and links addresses", () => {
    expect(documentOf("@Kim Minjun님, see https://a.example/x. a@kim @Kimberly", people).content?.[0]?.content).toEqual([
      { type: "mention", attrs: { id: "2", text: "@Kim Minjun" } },
      { type: "text", text: "님, see " },
      { type: "text", text: "https://a.example/x", marks: [{ type: "link", attrs: { href: "https://a.example/x" } }] },
      { type: "text", text: ". a@kim @Kimberly" },
    ]);
  });
});

test.each(["@", " ", "\n", "@Kim ", "https://", "https://a.example/x ,"])("writing takes little time, whatever %j somebody repeats", (piece) => {
  // Steps by the square would take minutes.
  expect(documentOf(`x${piece.repeat(600_000 / piece.length)}x`, [{ accountId: "1", name: "Kim" }]).type).toBe("doc");
});

test("an address is what a browser would go to", () => {
  expect(safeHref("HTTPS://A.example/%20x")).toBe("https://a.example/%20x");
  expect(safeHref("\u0001javascript:alert(1)")).toBeNull();
});
