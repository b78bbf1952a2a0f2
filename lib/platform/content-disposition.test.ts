import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentDisposition } from "./content-disposition";

describe("the disposition of a file", () => {
  test("names it so that old and new browsers agree", () => {
    expect(contentDisposition("inline", "team photo.jpg", "image/jpeg")).toBe('inline; filename="team photo.jpg"');
    expect(contentDisposition("attachment", "회의록 (최종).pdf", "application/pdf")).toBe(
      "attachment; filename=\"_ (_).pdf\"; filename*=UTF-8''%ED%9A%8C%EC%9D%98%EB%A1%9D%20%28%EC%B5%9C%EC%A2%85%29.pdf",
    );
  });

  test.each(["image/svg+xml", "text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", "text/xml", "application/rss+xml", " text/html"])("%s is never shown", (type) => {
    expect(contentDisposition("inline", "a", type)).toMatch(/^attachment;/);
  });

  test("a name is a name: no folder, no line, no quote, no turned direction, some end", () => {
    expect(contentDisposition("attachment", "../../etc/passwd", "text/plain")).toBe('attachment; filename="passwd"');
    expect(contentDisposition("attachment", "C:\\x\\a.txt", "text/plain")).toBe('attachment; filename="a.txt"');
    expect(contentDisposition("attachment", 'a"; filename="b.exe', "text/plain")).toBe("attachment; filename=\"a_; filename=_b.exe\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe");
    expect(contentDisposition("attachment", "invoice\u202Efdp.exe", "text/plain")).toBe('attachment; filename="invoicefdp.exe"');
    expect(contentDisposition("attachment", "a\r\nSet-Cookie: x", "text/plain")).toBe('attachment; filename="aSet-Cookie: x"');
    expect(contentDisposition("attachment", " ... ", "text/plain")).toBe('attachment; filename="file"');
    expect(contentDisposition("attachment", `${"x".repeat(5_000)}.jpeg`, "image/jpeg")).toMatch(/^attachment; filename="x{175}\.jpeg"$/);
  });

  test("whatever the name, the header is one line of ASCII that says the name once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(contentDisposition("inline", name, "image/png")).toMatch(/^inline; filename="[^"\\\x00-\x1f\x7f-\uffff]*"(; filename\*=UTF-8''[\w%.!~-]+)?$/);
      }),
    );
  });
});
