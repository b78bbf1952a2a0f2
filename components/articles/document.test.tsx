// @vitest-environment jsdom
import createPurifier from "dompurify";
import fc from "fast-check";
import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test, vi } from "vitest";
import media from "@/lib/platform/i18n/messages/en/media.json";
import { DocumentFault, readDocument, type ArticleDocument } from "@/lib/feed/document/rules";
import { anyDocument, likelyDocument, scripts } from "@/lib/feed/document/testing";
import type { MediaView } from "@/lib/feed/media/mappings";
import { anchorsOf } from "./anchors";
import { DocumentBody } from "./document";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => undefined }) }));

const memberId = "mbr_01jd0000000000000000000000";
const imageId = "med_01jd0000000000000000000001";
const fileId = "med_01jd0000000000000000000002";

const hostile = "\"><script>alert(1)</script><img src=x onerror='alert(1)'>";
const view = (id: string, kind: MediaView["kind"], words: string): MediaView => ({
  ...{ id, organization: words, kind, state: "ready", refusal: null, fileName: words, type: "image/png", bytes: 100, width: 40, height: 30, durationMs: null, alt: words, placeholder: null },
  variants: [{ name: "medium", width: 40, height: 30 }, { name: "original", width: 40, height: 30 }],
});

interface Around {
  words?: string;
  variant?: "article" | "comment";
}

function htmlOf(document: ArticleDocument, { words = hostile, variant = "article" }: Around = {}): string {
  return renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ media }}>
      <DocumentBody
        document={document}
        variant={variant}
        media={new Map([[imageId, view(imageId, "image", words)], [fileId, view(fileId, "file", words)]])}
        people={new Map([[memberId, words]])}
        organization="maru"
        origin="https://moim.example"
      />
    </NextIntlClientProvider>,
  );
}

const purifier = createPurifier(window);

const parsed = (html: string): HTMLElement => {
  const body = window.document.implementation.createHTMLDocument("").body;
  body.innerHTML = html;
  return body;
};

/** As a browser writes it again, with values trimmed as the sanitizer trims them, so that only what it took away can differ. */
function written(body: Element): string {
  for (const element of body.querySelectorAll("*")) {
    for (const attribute of element.attributes) if (attribute.value !== attribute.value.trim()) attribute.value = attribute.value.trim();
  }
  return body.innerHTML;
}

/** For HTML: to be safe in XML, too, it would take away alternative texts that speak of scripts. */
const sanitized = (html: string) => written(purifier.sanitize(html, { ADD_ATTR: ["target"], SAFE_FOR_XML: false, RETURN_DOM: true }) as HTMLElement);

const elements = new Set("div p h2 h3 h4 ul ol li blockquote pre code hr br a strong em s span figure figcaption picture source img svg path".split(" "));

/** What a reader's browser could be made to do by an element, however the sanitizer sees it. */
function offencesOf(element: Element): string[] {
  const attributes = [...element.attributes].filter(
    ({ name, value }) =>
      /^on|^style$|^srcdoc$|^action$|^formaction$|^xlink/.test(name) ||
      ((name === "href" || name === "src") && !/^(?:https?:\/\/|mailto:|tel:|\/api\/media\/med_)/.test(value)) ||
      (name === "id" && !value.startsWith("s-")) ||
      (name === "target" && !element.getAttribute("rel")?.includes("noopener")),
  );
  return [...(elements.has(element.localName) ? [] : [element.localName]), ...attributes.map(({ name, value }) => `${name}=${value}`)];
}

function expectHarmless(html: string): void {
  const body = parsed(html);
  expect([...body.querySelectorAll("*")].flatMap(offencesOf)).toEqual([]);
  expect(sanitized(html)).toBe(written(body));
}

describe("nothing that can be executed comes out", () => {
  test("of documents with hostile words in every field, and a sanitizer finds nothing to take away", { timeout: 60_000 }, () => {
    fc.assert(fc.property(likelyDocument, fc.constantFrom<"article" | "comment">("article", "comment"), (value, variant) => expectHarmless(htmlOf(readDocument(value), { variant }))), { numRuns: 1000 });
  });

  test("of anything that is taken for a document", () => {
    fc.assert(
      fc.property(anyDocument, (value) => {
        let read: ArticleDocument;
        try {
          read = readDocument(value);
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentFault);
          return;
        }
        expectHarmless(htmlOf(read));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(scripts)("%j in every field at once", (script) => {
    const text = { type: "text", text: script };
    const attrs = { level: 2, mediaId: imageId, memberId, label: script, caption: script, language: script, start: script, style: script, onclick: script, id: script };
    const html = htmlOf(
      readDocument({
        type: "doc",
        content: [
          { type: "heading", attrs, content: [text, { type: "mention", attrs }] },
          { type: "paragraph", attrs, content: [{ ...text, marks: [{ type: "bold", attrs }, { type: "code" }] }, { type: "hardBreak", attrs }] },
          { type: "orderedList", attrs, content: [{ type: "listItem", attrs, content: [{ type: "codeBlock", attrs, content: [text] }] }] },
          { type: "blockquote", attrs, content: [{ type: "media", attrs }, { type: "media", attrs: { ...attrs, mediaId: fileId } }] },
        ],
      }),
      { words: script.replace(/\p{Cs}/gu, "") },
    );
    expectHarmless(html);
  });

  test("and the sanitizer would have found it", () => {
    for (const html of ["<img src=\"x\" onerror=\"alert(1)\">", "<a href=\"javascript:alert(1)\">a</a>", "<svg><script>alert(1)</script></svg>", "<p id=\"attributes\">a</p>"]) {
      expect(sanitized(html)).not.toBe(written(parsed(html)));
    }
  });
});

const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const linked = (text: string, href: string, ...marks: unknown[]) => ({ type: "text", text, marks: [{ type: "link", attrs: { href } }, ...marks] });
const bodyOf = (content: unknown[], around?: Around) => parsed(htmlOf(readDocument({ type: "doc", content }), around));

test("links lead out without telling who comes, and our own stay in the tab", () => {
  const body = bodyOf([paragraph(linked("out", "https://a.example"), { type: "text", text: " " }, linked("in", "https://moim.example/maru/articles/art_1"), { type: "text", text: " " }, linked("not ours", "https://moim.example.evil.example/"))]);
  const [out, own, posing] = body.querySelectorAll("a");
  expect([out?.target, out?.rel]).toEqual(["_blank", "noopener noreferrer nofollow ugc"]);
  expect([own?.target, own?.rel]).toEqual(["", ""]);
  expect([posing?.target, posing?.rel]).toEqual(["_blank", "noopener noreferrer nofollow ugc"]);
});

test("one link with several looks is one link", () => {
  const body = bodyOf([paragraph(linked("read ", "https://a.example"), linked("this", "https://a.example", { type: "bold" }), linked("that", "https://b.example"))]);
  expect([...body.querySelectorAll("a")].map((link) => link.innerHTML.replace(/ class="[^"]*"/g, ""))).toEqual(["read <strong>this</strong>", "that"]);
});

test("a mention shows the name of today, and that of its day where nobody knows another", () => {
  const mention = (id: string) => ({ type: "mention", attrs: { memberId: id, label: "Ada Byron" } });
  expect(bodyOf([paragraph(mention(memberId))], { words: "Ada Lovelace" }).textContent).toBe("@Ada Lovelace");
  expect(bodyOf([paragraph(mention("mbr_01jd0000000000000000000009"))], { words: "Ada Lovelace" }).textContent).toBe("@Ada Byron");
});

test("the empty line that an editor leaves at the end is not shown; those in between are", () => {
  expect(bodyOf([paragraph({ type: "text", text: "a" }), paragraph(), paragraph({ type: "text", text: "b" }), paragraph(), paragraph()]).querySelectorAll("p")).toHaveLength(3);
});

test("headings are reached by their words, each by its own, and those of a comment are none", () => {
  const heading = (text: string, level = 2) => ({ type: "heading", attrs: { level }, content: [{ type: "text", text }] });
  const content = [heading("Été à Séoul!"), heading("Été à Séoul"), heading("Été à Séoul 2"), heading("다음 단계", 3), heading("…", 4), { type: "blockquote", content: [heading("다음 단계")] }, heading("location")];
  const document = readDocument({ type: "doc", content });
  expect([...anchorsOf(document).values()]).toEqual(["s-été-à-séoul", "s-été-à-séoul-2", "s-été-à-séoul-2-2", "s-다음-단계", "s-section", "s-다음-단계-2", "s-location"]);
  expect([...bodyOf(content).querySelectorAll("[id]")].map(({ id }) => id)).toEqual([...anchorsOf(document).values()]);
  expect(bodyOf(content, { variant: "comment" }).querySelectorAll("h2, h3, h4, [id]")).toHaveLength(0);
});
