import { expect, test } from "vitest";
import { templateShape } from "./forms";
import { templateDraft, templateInput } from "./inputs";

/** A form as a browser sends it: every field is there, most of them empty. */
function form(typed: Record<string, string>): FormData {
  const data = new FormData();
  for (const name of ["key", "name", "category", "en.subject", "en.body", "en.button.label", "en.button.url", "en.line", "ko.subject", "ko.body"]) data.set(name, typed[name] ?? "");
  return data;
}

test("what is being written can be shown before it has a name and a key, with the variables that its texts name", () => {
  const shape = templateShape(form({ "en.subject": "Closed on {{day}}", "en.body": "One.\r\n\r\nTwo, {{name}}." }));
  expect(templateInput.safeParse(shape).success).toBe(false);
  expect(templateDraft.parse(shape)).toEqual({
    variables: [{ name: "day", sample: "", required: true }, { name: "name", sample: "", required: true }],
    content: { en: { subject: "Closed on {{day}}", body: "One.\n\nTwo, {{name}}." } },
  });
});

test("a language counts as written once it is begun", () => {
  const shape = templateShape(form({ "en.subject": "A", "en.body": "B", "ko.subject": "가" }));
  expect(templateDraft.safeParse(shape).error?.issues.map(({ path }) => path.join("."))).toEqual(["content.ko.body"]);
});
