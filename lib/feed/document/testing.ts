import fc from "fast-check";

/** What people and programs might send as a document: close to one, full of what must not come through, and anything at all. */
export const scripts = [
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "java\u0000script:alert(1)",
  "\u0001javascript:alert(1)",
  "java\u200Bscript:alert(1)",
  "javascript&colon;alert(1)",
  "&#106;avascript:alert(1)",
  "ｊavascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD4=",
  "vbscript:msgbox(1)",
  "blob:https://a.example/1",
  "file:///etc/passwd",
  "//evil.example/x",
  "/api/me",
  "https://user:password@evil.example/",
  "https://",
  "<script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>",
  "' onmouseover='alert(1)",
  "</title></textarea></style><svg onload=alert(1)>",
  "<!--<img src=--><img src=x onerror=alert(1)//>",
  "{{constructor.constructor('alert(1)')()}}",
  "\u202Egpj.exe",
  "\uD800",
  "__proto__",
];
export const addresses = ["https://a.example/?a=1&b=%22'<>\"#x", "HTTP://A.example", "mailto:ada@a.example?subject=%3Cb%3E", "tel:+82-2-555-0100", "https://회의.example/록 을", "https:a.example"];

const text = fc.oneof(fc.constantFrom(...scripts), fc.string({ unit: "binary", maxLength: 12 }), fc.lorem({ maxCount: 3 }));
const href = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...addresses) }, { weight: 1, arbitrary: text });
const memberId = fc.oneof({ weight: 5, arbitrary: fc.constant("mbr_01jd0000000000000000000000") }, text);
const mediaId = fc.oneof({ weight: 5, arbitrary: fc.constantFrom("med_01jd0000000000000000000001", "med_01jd0000000000000000000002") }, text);

const attrs = fc.record(
  {
    ...{ href, memberId, mediaId, label: text, caption: text },
    level: fc.constantFrom(1, 2, 3, 4, "2", 7),
    start: fc.oneof(fc.integer(), fc.constantFrom(null, "3", 2.5, Infinity)),
    language: fc.oneof(text, fc.constantFrom("ts", "c++", null)),
    ...{ src: href, style: text, class: text, id: text, onclick: text, target: text, rel: text, type: text, html: text, dangerouslySetInnerHTML: fc.record({ __html: text }), __proto__: text },
  },
  { requiredKeys: ["href", "memberId", "mediaId"] },
);
const mark = fc.record({ type: fc.constantFrom("bold", "italic", "strike", "code", "link", "link", "script", "textStyle"), attrs });
const goodMark = fc.record({ type: fc.constantFrom("bold", "italic", "strike", "code", "link"), attrs: fc.record({ href: fc.constantFrom(...addresses), target: text, class: text }) });
const goodAttrs = fc.record({
  ...{ memberId: fc.constant("mbr_01jd0000000000000000000000"), mediaId: fc.constantFrom("med_01jd0000000000000000000001", "med_01jd0000000000000000000002") },
  ...{ label: text, caption: text, level: fc.constantFrom(2, 3, 4), start: fc.integer(), language: text, style: text, onclick: text },
});

const inlines = ["text", "text", "text", "hardBreak", "mention"];
const blocks = ["paragraph", "paragraph", "heading", "bulletList", "orderedList", "blockquote", "codeBlock", "horizontalRule", "media"];

/** Documents as an editor might make them, with hostile words in every field that takes any. */
export const likelyDocument = (() => {
  const run = fc.record({ type: fc.constant("text"), text, marks: fc.array(goodMark, { maxLength: 3 }) });
  const inline = fc.oneof({ weight: 4, arbitrary: run }, fc.record({ type: fc.constantFrom("hardBreak", "mention"), attrs: goodAttrs }));
  const line = fc.array(inline, { maxLength: 5 });
  const { block } = fc.letrec((tie) => ({
    block: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.record({ type: fc.constantFrom("paragraph", "heading"), attrs: goodAttrs, content: line }),
      fc.record({ type: fc.constantFrom("horizontalRule", "media"), attrs: goodAttrs }),
      fc.record({ type: fc.constant("codeBlock"), attrs: goodAttrs, content: fc.array(run, { maxLength: 3 }) }),
      fc.record({ type: fc.constant("blockquote"), content: fc.array(tie("block"), { maxLength: 3 }) }),
      fc.record({ type: fc.constantFrom("bulletList", "orderedList"), attrs: goodAttrs, content: fc.array(fc.record({ type: fc.constant("listItem"), content: fc.array(tie("block"), { maxLength: 3 }) }), { maxLength: 3 }) }),
    ),
  }));
  return fc.record({ type: fc.constant("doc"), content: fc.array(block, { maxLength: 6 }) });
})();

/** Anything, most of it shaped like nodes in places where they may or may not stand. */
export const anyDocument = (() => {
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.record({ type: fc.constantFrom(...inlines), text, attrs, marks: fc.array(mark, { maxLength: 3 }) }, { requiredKeys: ["type"] }),
      fc.record(
        { type: fc.constantFrom(...blocks, "listItem", "doc", "script", "iframe", "html", "image", "__proto__", "constructor", "toString"), text, attrs, content: fc.oneof(fc.array(tie("node"), { maxLength: 4 }), fc.anything()) },
        { requiredKeys: ["type"] },
      ),
      fc.anything(),
    ),
  }));
  return fc.oneof(fc.record({ type: fc.constant("doc"), content: fc.array(node, { maxLength: 5 }) }), fc.anything());
})();
