import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJql } from "@/local/atlassian/jql/parser";
import { jqlOf, quoted, searchWords } from "./jql";

const terms = (jql: string) => {
  const { where } = parseJql(jql);
  return where?.kind === "and" ? where.clauses : where ? [where] : [];
};

describe("a query made of what somebody typed", () => {
  test("has that as one value, whatever it is", () => {
    const anything = fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.stringMatching(/^[\\"' =()OR,]+$/), fc.constantFrom('" OR 1 = 1 --', "\\", '\\"', "x\" ORDER BY key"));
    fc.assert(
      fc.property(anything, (value) => {
        const clean = value.replaceAll(/[\p{Cc}\p{Cs}]/gu, " ");
        expect(terms(`project = ${quoted(value)}`)).toEqual([{ kind: "term", field: "project", operator: "=", operands: [{ kind: "value", text: clean }] }]);
      }),
    );
  });

  test("has as many clauses as wishes, whatever they say", () => {
    const wish = fc.record({ text: fc.string(), project: fc.string({ minLength: 1 }), status: fc.string({ minLength: 1 }) });
    fc.assert(
      fc.property(wish, ({ text, project, status }) => {
        expect(terms(jqlOf({ text, project, status, mine: true }))).toHaveLength(searchWords(text) ? 4 : 3);
      }),
    );
  });

  test("is bounded also without any wish", () => {
    expect(terms(jqlOf({}))).toHaveLength(1);
    expect(terms(jqlOf({ text: "?!" }))).toHaveLength(1);
  });

  test("looks for words, of which the last one is not ended yet", () => {
    expect(searchWords('door AND "hinge" (squ')).toBe("door and hinge squ*");
    expect(searchWords("문이 안 닫")).toBe("문이 안 닫*");
    expect(searchWords("+-&|!(){}[]^~*?:\\")).toBeNull();
  });

  test("shows what is mine and open, and also what is done if that was asked for", () => {
    expect(jqlOf({ mine: true })).toBe("assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC");
    expect(jqlOf({ mine: true, status: "Done" })).toBe('assignee = currentUser() AND status = "Done" ORDER BY updated DESC');
  });
});
