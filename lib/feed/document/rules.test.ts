import { getSchema, Node } from "@tiptap/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textExtensions } from "@/components/editor/text-extensions";
import { parseInput } from "@/lib/platform/validation";
import { z } from "zod";
import { readAddress } from "./addresses/inputs";
import { commentDocumentField, commentTextInput, documentInput } from "./inputs";
import { commentLimits, DocumentFault, documentLimits, documentOfText, excerptOf, isBlank, mediaIn, mentionsIn, plainTextOf, readDocument, type DocumentLimits } from "./rules";
import { addresses, anyDocument, likelyDocument, scripts } from "./testing";

const memberId = "mbr_01jd0000000000000000000000";
const mediaId = "med_01jd0000000000000000000001";
const doc = (...content: unknown[]) => ({ type: "doc", content });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const words = (text: string, ...marks: unknown[]) => ({ type: "text", text, ...(marks.length > 0 && { marks }) });

function faultOf(value: unknown, limits?: DocumentLimits): Pick<DocumentFault, "code" | "path"> {
  try {
    readDocument(value, limits);
  } catch (error) {
    if (error instanceof DocumentFault) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error("it was read");
}

describe("what is not on the white list", () => {
  test.each([
    ["no document", "hello", "document-malformed", []],
    ["a node of another document", { type: "paragraph" }, "document-malformed", []],
    ["an unknown node", doc(paragraph(words("a")), { type: "iframe", attrs: { src: "https://a.example" } }), "document-node", ["content", 1]],
    ["raw HTML", doc({ type: "html", html: "<script>" }), "document-node", ["content", 0]],
    ["a name that every object has", doc({ type: "constructor" }), "document-node", ["content", 0]],
    ["a block within a line", doc(paragraph({ type: "blockquote", content: [] })), "document-node", ["content", 0, "content", 0]],
    ["words between blocks", doc(words("a")), "document-node", ["content", 0]],
    ["a list of something else", doc({ type: "bulletList", content: [paragraph()] }), "document-node", ["content", 0, "content", 0]],
    ["a mention in code", doc({ type: "codeBlock", content: [{ type: "mention", attrs: { memberId } }] }), "document-node", ["content", 0, "content", 0]],
    ["a document in a document", doc(doc()), "document-node", ["content", 0]],
    ["an unknown mark", doc(paragraph(words("a"), words("b", { type: "textStyle", attrs: { style: "color:red" } }))), "document-mark", ["content", 0, "content", 1]],
    ["a heading as large as the title", doc({ type: "heading", attrs: { level: 1 } }), "document-attribute", ["content", 0]],
    ["a heading without its level", doc({ type: "heading" }), "document-attribute", ["content", 0]],
    ["media by an address", doc({ type: "media", attrs: { mediaId: "https://a.example/x.png" } }), "document-attribute", ["content", 0]],
    ["a mention of nobody", doc(paragraph({ type: "mention", attrs: { memberId: "ada" } })), "document-attribute", ["content", 0, "content", 0]],
    ["text that is none", doc(paragraph({ type: "text", text: 7 })), "document-malformed", ["content", 0, "content", 0]],
    ["content that is no list", doc({ type: "paragraph", content: { 0: words("a") } }), "document-malformed", ["content", 0]],
  ])("%s is refused, and where", (_, value, code, path) => {
    expect(faultOf(value)).toEqual({ code, path });
  });

  test("attributes that nobody knows stay behind, and those of an editor are read as we keep them", () => {
    const read = readDocument(
      doc(
        { type: "orderedList", attrs: { start: 3, type: "a", style: "x" }, content: [{ type: "listItem", attrs: { id: "x" }, content: [paragraph(words("a", { type: "link", attrs: { href: "https://a.example", target: "_blank", rel: "x", class: "y", onclick: "z" } }))] }] },
        { type: "codeBlock", attrs: { language: "\"><script>" }, content: [words("x", { type: "bold" })] },
      ),
    );
    expect(read.content).toEqual([
      { type: "orderedList", attrs: { start: 3 }, content: [{ type: "listItem", content: [paragraph(words("a", { type: "link", attrs: { href: "https://a.example/" } }))] }] },
      { type: "codeBlock", attrs: { language: null }, content: [words("x")] },
    ]);
  });
});

describe("a link", () => {
  test.each([...scripts.filter((script) => script !== "\u202Egpj.exe"), "\u202Egpj.exe", "tel:javascript:alert(1)", "mailto:javascript:alert(1)", "ftp://a.example", "intent://x", "https://a.example@evil.example", `https://a.example/${"x".repeat(3000)}`])(
    "to %j is refused",
    (href) => {
      expect(faultOf(doc(paragraph(words("a", { type: "link", attrs: { href } })))).code).toBe("document-link");
    },
  );

  test.each([
    ["https://a.example", "https://a.example/"],
    [" https://a.example/x y ", "https://a.example/x%20y"],
    ["https://a.exa\u200Bmple/", "https://a.example/"],
    ["HTTPS:\\\\a.example\\x", "https://a.example/x"],
    ["mailto:ada@a.example", "mailto:ada@a.example"],
    ["tel:+82-2-555-0100", "tel:+82-2-555-0100"],
  ])("to %j leads to %s", (href, address) => {
    expect(readAddress(href)).toBe(address);
  });

  test("is read the same however often it is read", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string({ unit: "binary" }).map((end) => `https://a.example/${end}`), fc.string().map((end) => `mailto:a@b.example${end}`)), (href) => {
        const address = readAddress(href);
        if (address !== null) expect(readAddress(address)).toBe(address);
      }),
    );
    for (const href of addresses) expect(readAddress(href)).toMatch(/^(?:https?:\/\/|mailto:|tel:)[\x21-\x7E]+$/);
  });
});

describe("a document without end", () => {
  test("nested 100,000 deep is refused at its first step too many", () => {
    let inner: unknown = paragraph();
    for (let depth = 0; depth < 100_000; depth += 1) inner = { type: "blockquote", content: [inner] };
    expect(faultOf(doc(inner))).toMatchObject({ code: "document-too-deep" });
    expect(() => parseInput(z.strictObject({ document: documentInput }), { document: doc(inner) })).toThrow(expect.objectContaining({ code: "INVALID" }));
    expect(() => parseInput(z.strictObject({ document: commentDocumentField }), { document: `${'{"type":"blockquote","content":['.repeat(1000)}${"]}".repeat(1000)}` })).toThrow(
      expect.objectContaining({ code: "INVALID" }),
    );
  });

  test("of ten megabytes is refused, in one word, in many, in what is never read", () => {
    const long = "x".repeat(10_000_000);
    expect(faultOf(doc(paragraph(words(long)))).code).toBe("document-too-large");
    expect(faultOf(doc(...Array.from({ length: 1000 }, () => paragraph(words("x".repeat(10_000)))))).code).toBe("document-too-large");
    expect(faultOf(doc(paragraph(words("a", { type: "link", attrs: { href: `https://a.example/${long}` } })))).code).toBe("document-link");
    expect(readDocument(doc({ type: "media", attrs: { mediaId, caption: long, other: long } }))).toEqual(doc({ type: "media", attrs: { mediaId, caption: `${"x".repeat(499)}…` } }));
  });

  test("is measured in bytes as it is stored", () => {
    const around = JSON.stringify(doc(paragraph(words("")))).length;
    const room = commentLimits.bytes - around;
    const syllables = "가".repeat(Math.floor(room / 3));
    expect(() => readDocument(doc(paragraph(words(syllables))), commentLimits)).not.toThrow();
    expect(faultOf(doc(paragraph(words(`${syllables}가`))), commentLimits).code).toBe("document-too-large");
  });

  test.each([
    ["nodes", "document-too-long", commentLimits.nodes, { type: "horizontalRule" }],
    ["media", "document-media", documentLimits.media, { type: "media", attrs: { mediaId, caption: "" } }],
    ["mentions", "document-mentions", commentLimits.mentions, null],
  ] as const)("has at most so many %s", (what, code, max, node) => {
    const limits = what === "media" ? documentLimits : commentLimits;
    const made = (count: number) =>
      node ? doc(...Array.from({ length: count }, () => node)) : doc(paragraph(...Array.from({ length: count }, () => ({ type: "mention", attrs: { memberId, label: "" } }))));
    expect(() => readDocument(made(max), limits)).not.toThrow();
    expect(faultOf(made(max + 1), limits).code).toBe(code);
  });

  test("counts the paragraphs that are put into it", () => {
    expect(faultOf(doc(...Array.from({ length: commentLimits.nodes / 2 + 1 }, () => ({ type: "blockquote" }))), commentLimits).code).toBe("document-too-long");
  });

  test("holds no media where there may be none", () => {
    expect(faultOf(doc({ type: "media", attrs: { mediaId } }), commentLimits).code).toBe("document-media");
  });
});

describe("what was read", () => {
  test("has text without controls, half characters and marks that turn its direction, in as few pieces as there are looks", () => {
    const read = readDocument(doc(paragraph(words("a\u0000b\u202Ec"), words(""), words("\uD800d\r\n"), words("e", { type: "italic" }, { type: "bold" }, { type: "bold" }), words("f", { type: "bold" }, { type: "italic" }))));
    expect(read.content).toEqual([paragraph(words("abc\uFFFDd\n"), words("ef", { type: "bold" }, { type: "italic" }))]);
  });

  test("is whole: something in everything that holds something, and no list without items", () => {
    expect(readDocument({ type: "doc" })).toEqual(doc({ type: "paragraph" }));
    expect(readDocument(doc({ type: "bulletList", content: [] }))).toEqual(doc({ type: "paragraph" }));
    expect(readDocument(doc({ type: "blockquote", content: [{ type: "orderedList" }] }))).toEqual(doc({ type: "blockquote", content: [{ type: "paragraph" }] }));
    expect(readDocument(doc({ type: "bulletList", content: [{ type: "listItem", content: [{ type: "horizontalRule" }] }] }))).toEqual(
      doc({ type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph" }, { type: "horizontalRule" }] }] }),
    );
  });

  const schema = getSchema([
    ...textExtensions({ placeholder: "", whole: true }),
    Node.create({ name: "mention", group: "inline", inline: true, atom: true, addAttributes: () => ({ memberId: {}, label: {} }) }),
    Node.create({ name: "media", group: "block", atom: true, addAttributes: () => ({ mediaId: {}, caption: {} }) }),
  ]);

  test("changes no more, opens in the editor, and comes back from it as it was", () => {
    fc.assert(
      fc.property(likelyDocument, (value) => {
        const read = readDocument(value);
        expect(readDocument(read)).toEqual(read);
        const opened = schema.nodeFromJSON(read);
        opened.descendants((node) => expect(node.type.validContent(node.content), node.type.name).toBe(true));
        expect(readDocument(opened.toJSON())).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });

  test("is a document or a fault, whatever it was", () => {
    let read = 0;
    fc.assert(
      fc.property(anyDocument, (value) => {
        try {
          const once = readDocument(value);
          read += 1;
          expect(readDocument(once)).toEqual(once);
          expect(typeof plainTextOf(once)).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentFault);
        }
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(30);
  });
});

describe("an input", () => {
  const input = z.strictObject({ document: documentInput });
  const faultsOf = (value: unknown) => {
    try {
      parseInput(input, value);
    } catch (error) {
      return (error as { fields: { path: unknown[]; code: string; detail: string }[] }).fields;
    }
    return [];
  };

  test("names the place at fault in the reader's words", () => {
    expect(faultsOf({ document: doc(paragraph(), { type: "script" }) })).toEqual([{ path: ["document", "content", 1], code: "document-node", detail: "Something in this text cannot be kept here." }]);
    expect(faultsOf({})).toMatchObject([{ path: ["document"], code: "required" }]);
    expect(faultsOf({ document: "hello" })).toMatchObject([{ path: ["document"], code: "document-malformed" }]);
  });

  test("from a form is JSON, and broken JSON is a fault", () => {
    expect(commentDocumentField.safeParse(JSON.stringify(doc(paragraph(words("a"))))).data).toEqual(doc(paragraph(words("a"))));
    expect(commentDocumentField.safeParse("{").error?.issues[0]?.message).toBe("document-malformed");
    expect(commentTextInput.safeParse("@[A](mbr_01jd0000000000000000000000) ".repeat(51)).error?.issues[0]?.message).toBe("document-mentions");
  });
});

describe("plain text", () => {
  test("becomes paragraphs, breaks, links and mentions", () => {
    expect(documentOfText(`Hello @[Ada Byron](${memberId}),\r\nsee https://a.example/x.\n\n\n @[x](mbr_1) javascript:alert(1)`).content).toEqual([
      paragraph(words("Hello "), { type: "mention", attrs: { memberId, label: "Ada Byron" } }, words(","), { type: "hardBreak" }, words("see "), words("https://a.example/x", { type: "link", attrs: { href: "https://a.example/x" } }), words(".")),
      paragraph(words("@[x](mbr_1) javascript:alert(1)")),
    ]);
    expect(documentOfText("")).toEqual(doc({ type: "paragraph" }));
  });

  test("of anybody becomes a document", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.array(fc.constantFrom(...scripts, ...addresses, "\n", "\n\n", " ", `@[a](${memberId})`)).map((parts) => parts.join(""))), (text) => {
        const read = documentOfText(text);
        expect(readDocument(read)).toEqual(read);
      }),
    );
  });

  test("of a document says what stands in it, a line for each paragraph", () => {
    const read = readDocument(
      doc(
        { type: "heading", attrs: { level: 2 }, content: [words("Plan")] },
        { type: "bulletList", content: [{ type: "listItem", content: [paragraph(words("one "), words("bold", { type: "bold" }))] }, { type: "listItem", content: [paragraph(words("two"), { type: "hardBreak" }, words("three"))] }] },
        { type: "media", attrs: { mediaId, caption: "The roof" } },
        paragraph({ type: "mention", attrs: { memberId, label: "Ada" } }, words(" agrees")),
      ),
    );
    expect(plainTextOf(read)).toBe("Plan\none bold\ntwo\nthree\nThe roof\n@Ada agrees");
    expect(excerptOf(read, 8)).toBe("one bol…");
    expect(excerptOf(readDocument(doc({ type: "heading", attrs: { level: 2 }, content: [words("Only this")] })))).toBe("Only this");
    expect(mentionsIn(read)).toEqual([memberId]);
    expect(mediaIn(read)).toEqual([mediaId]);
    expect(isBlank(read)).toBe(false);
    expect(isBlank(documentOfText(" \n \n "))).toBe(true);
  });
});
