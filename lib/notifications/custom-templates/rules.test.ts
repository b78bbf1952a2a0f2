import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseInput } from "@/lib/platform/validation";
import { templateInput, templateLimits, type CheckedTemplate } from "./inputs";
import { compareValues, fillContent, fillWords, parseTemplate, templateFaults, valueFaults } from "./rules";

const template = (more: object = {}): CheckedTemplate =>
  parseInput(templateInput, { key: "release", name: "Release", variables: [{ name: "name" }, { name: "link", required: false }], content: { en: { subject: "Hi {{name}}", body: "Hello" } }, ...more });
const body = (text: string) => template({ content: { en: { subject: "S", body: text } } });
const codes = (checked: CheckedTemplate) => templateFaults(checked).map(({ code }) => code);

describe("a template", () => {
  test("knows variables, with or without spaces, and leaves single braces alone", () => {
    expect(parseTemplate("a {{name}} { b } {{ name }}!")).toEqual({ faults: [], pieces: [{ text: "a " }, { name: "name" }, { text: " { b } " }, { name: "name" }, { text: "!" }] });
  });

  test.each([
    ["{{#each items}}", "template-logic"],
    ["{{/each}}", "template-logic"],
    ["{{^name}}", "template-logic"],
    ["{{> self}}", "template-logic"],
    ["{{&name}}", "template-logic"],
    ["{{!comment}}", "template-logic"],
    ["{{{name}}}", "template-logic"],
    ["{{=<% %>=}}", "template-logic"],
    ["{{first name}}", "template-name"],
    ["{{name.first}}", "template-name"],
    ["{{}}", "template-name"],
    ["{{constructor.constructor('x')()}}", "template-name"],
    ["{{name", "template-unclosed"],
    ["{{name {{name}}", "template-unclosed"],
    ["name}}", "template-stray"],
  ])("refuses %s", (source, code) => {
    expect(codes(body(`x ${source}`))).toContain(code);
  });

  test("says where a fault is and what to do", () => {
    const [fault] = templateFaults(body("one\ntwo {{#if name}}"));
    expect(fault).toMatchObject({ path: ["content", "en", "body"], values: { line: 2, column: 5, found: "{{#if name}}" } });
    expect(fault?.detail).toBe("Line 2, column 5: {{#if name}} is more than a template can do. There are no blocks, partials or helpers, only variables such as {{name}}.");
  });

  test("refuses variables that it does not declare, in every language, and names given twice", () => {
    const checked = template({ variables: [{ name: "a" }, { name: "a" }], content: { en: { subject: "{{a}}", body: "{{b}}" }, fr: { subject: "{{c}}", body: "x" } } });
    expect(templateFaults(checked).map(({ path, code }) => [path.join("."), code])).toEqual([
      ["variables.1.name", "variable-twice"],
      ["content.en.body", "variable-undeclared"],
      ["content.fr.subject", "variable-undeclared"],
    ]);
  });

  test.each(["javascript:alert(1)", "{{link}}://x.example", "https://{{link}}", "https://{{link}}/x", "https://x.example{{link}}", "//x.example", "https://user:pw@x.example/", "data:text/html,x", "java{{link}}script:alert(1)", "https://x.example\\{{link}}"])(
    "refuses a button that leads to %s",
    (url) => {
      expect(codes(template({ content: { en: { subject: "S", body: "B", button: { label: "Go", url } } } }))).toEqual(["template-url"]);
    },
  );

  test.each(["https://x.example/{{link}}", "https://x.example/?q={{link}}&n={{name}}", "https://x.example", "{{link}}"])("takes a button that leads to %s", (url) => {
    expect(codes(template({ content: { en: { subject: "S", body: "B", button: { label: "Go", url } } } }))).toEqual([]);
  });

  test("has an end to every text", () => {
    const huge = "x".repeat(1_000_000);
    for (const more of [{ name: huge }, { key: huge }, { content: { en: { subject: huge, body: "b" } } }, { content: { en: { subject: "s", body: huge } } }, { variables: [{ name: huge }] }, { variables: [{ name: "a", sample: huge }] }]) {
      expect(() => template(more)).toThrow(expect.objectContaining({ status: 422, fields: [expect.objectContaining({ code: "too-long" })] }));
    }
    expect(() => template({ variables: Array.from({ length: 21 }, (_, index) => ({ name: `v${index}` })) })).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ code: "too-many" })] }));
  });
});

describe("values", () => {
  const checked = template({ content: { en: { subject: "{{name}}", body: "b", button: { label: "Go", url: "{{link}}" } } } });

  test("that are missing, unknown or no links are named", () => {
    expect(valueFaults(checked, { other: "x", link: "javascript:alert(1)" }).map(({ path, code }) => [path.join("."), code])).toEqual([
      ["variables.name", "variable-missing"],
      ["variables.other", "variable-unknown"],
      ["variables.link", "url"],
    ]);
    expect(valueFaults(checked, { name: "Ada" })).toEqual([]);
  });

  test("of the object's own prototype are no values", () => {
    expect(compareValues([{ name: "toString", required: true, sample: "" }], {})).toEqual({ missing: ["toString"], unknown: [] });
    expect(fillWords({ subject: "a{{constructor}}b", body: "x" }, {}).subject).toBe("ab");
  });

  test("are not read as templates, and cannot break out of a line", () => {
    const filled = fillWords({ subject: "Hi {{name}}", body: "{{name}}" }, { name: "A\r\nBcc: x@y.example {{name}}" });
    expect(filled.subject).toBe("Hi A Bcc: x@y.example {{name}}");
    expect(filled.body).toBe("A\nBcc: x@y.example {{name}}");
  });

  test("stay within their part of a link", () => {
    const link = (value: string) => fillWords({ subject: "s", body: "b", button: { label: "l", url: "https://x.example/a?q={{name}}" } }, { name: value }).button?.url;
    expect(link("&evil=1#/../")).toBe("https://x.example/a?q=%26evil%3D1%23%2F..%2F");
    const whole = (value: string) => fillWords({ subject: "s", body: "b", button: { label: "l", url: "{{name}}" } }, { name: value }).button;
    expect(whole("https://ok.example/x")?.url).toBe("https://ok.example/x");
    for (const bad of ["javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "https://a@b.example/", "//x.example", "", "\u0001javascript:alert(1)"]) expect(whole(bad)).toBeNull();
  });

  test("fill every language, and what is missing shows by its name in a preview", () => {
    const content = { en: { subject: "Hi {{name}}", body: "b" }, ko: { subject: "{{name}} 님", body: "b" } };
    expect(fillContent(content, { name: "Ada" }).ko?.subject).toBe("Ada 님");
    expect(fillContent(content, {}, (name) => `{{${name}}}`).en.subject).toBe("Hi {{name}}");
  });
});

describe("whatever is written", () => {
  const piece = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom("{{", "}}", "{{{", "}}}", "{{#each x}}", "{{name}}", "{{> self}}", "javascript:", "<script>", "\r\n", "{{!"));
  const source = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(""));

  test("reading and filling never throw, and give only web addresses and single lines", () => {
    fc.assert(
      fc.property(source, source, source, (subject, url, value) => {
        parseTemplate(subject);
        const filled = fillWords({ subject, body: subject, line: subject, push: { title: subject, body: subject }, button: { label: subject, url } }, { name: value });
        expect(`${filled.subject}${filled.line}${filled.push.title}`).not.toMatch(/[\r\n\u0000\u202E\u2028]/);
        expect(filled.subject.length).toBeLessThanOrEqual(500);
        if (filled.button) expect(new URL(filled.button.url).protocol).toMatch(/^https?:$/);
      }),
      { numRuns: 500 },
    );
  });

  test("no value makes another's link out of a link that was accepted", () => {
    fc.assert(
      fc.property(source, (value) => {
        const url = fillWords({ subject: "s", body: "b", button: { label: "l", url: "https://x.example/p/{{name}}?q={{name}}" } }, { name: value }).button?.url;
        if (url !== undefined) expect(new URL(url).host).toBe("x.example");
      }),
      { numRuns: 500 },
    );
  });

  test("a template without faults has only text and declared variables", () => {
    fc.assert(
      fc.property(source, (text) => {
        const { pieces, faults } = parseTemplate(text);
        if (faults.length === 0) expect(pieces.map((one) => ("text" in one ? one.text : "")).join("")).not.toMatch(/\{\{|\}\}/);
      }),
      { numRuns: 500 },
    );
  });

  test("the work grows with the length and no faster", () => {
    // Counted in pieces, not in time: every character is looked at once however the braces nest.
    for (const hostile of ["{{".repeat(templateLimits.body / 2), "}}".repeat(templateLimits.body / 2), "{".repeat(templateLimits.body), "{{a}}".repeat(templateLimits.body / 5), `${"{{a ".repeat(2500)}`]) {
      const { pieces, faults } = parseTemplate(hostile);
      expect(pieces.length + faults.length).toBeLessThanOrEqual(hostile.length);
    }
  });
});

test("a body of nothing but long values is filled no further than it is read", () => {
  let asked = 0;
  const values = { get name() { asked += 1; return "x".repeat(templateLimits.value); } };
  const { body: filled } = fillWords({ subject: "S", body: "{{name}}".repeat(1_250) }, values);
  expect(filled).toHaveLength(50_000);
  expect(asked).toBeLessThan(300);
});

test("a variable may be called what every object has, and is no value of its own accord", () => {
  const odd = template({
    variables: [{ name: "constructor", required: false }, { name: "toString" }],
    content: { en: { subject: "S{{constructor}}", body: "{{toString}}", button: { label: "Open", url: "{{constructor}}" } } },
  });
  const values = Object.fromEntries([["toString", "text"]]);
  expect(valueFaults(odd, values)).toEqual([]);
  expect(valueFaults(odd, {}).map(({ code }) => code)).toEqual(["variable-missing"]);
  expect(fillWords(odd.content.en, values)).toMatchObject({ subject: "S", body: "text", button: null });
});
