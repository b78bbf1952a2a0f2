import { describe, expect, it } from "vitest";
import { expression } from "./expression";

const event = {
  name: "t/x",
  ts: 123,
  data: { n: 3, half: 1.5, yes: true, text: "abc", none: null, list: [1, 2, 3], map: { k: "v" }, rows: [{ id: 1 }, {}] },
};

const matches = (source: string, asyncEvent?: unknown) => expression(source, "both").matches({ event, async: asyncEvent });

describe("an expression", () => {
  it.each([
    "event.data.n == 3",
    "event.data.n != 4 && event.data.half < 2",
    "event.data.n >= 3 && event.data.half <= 1.5",
    "event.data.text == 'abc' || event.data.missing.deep == 1",
    "event.data.missing > 3 || event.data.yes",
    "event.data.n in [1, 2, 3]",
    "2 in event.data.list",
    "has(event.data.text) && !has(event.data.nope)",
    "event.data.text.startsWith('ab')",
    "(event.data.text + '!').endsWith('c!')",
    "event.data.list.exists(x, x == 2)",
    "event.data.rows.exists(row, row.id == 1)",
    "event.data['map']['k'] == 'v'",
    "event.data.list[0] == 1",
    "event.data.n * 2 + 0.5 == 6.5",
    "event.data.n % 2 == 1",
    "size(event.data.list) == 3",
  ])("matches: %s", (source) => expect(matches(source)).toBe(true));

  it.each([
    "event.data.n == '3'",
    "event.data.text",
    "event.data.n",
    "event.data.missing",
    "event.data.missing > 3",
    "event.data.missing.startsWith('a')",
    "event.data.missing.exists(x, x == 2)",
    "has(event.data.missing.deep)",
    "event.data.text > 1",
  ])("does not match: %s", (source) => expect(matches(source)).toBe(false));

  it("reads a missing attribute as null", () => {
    expect(matches("event.data.missing == true")).toBe(false);
    expect(matches("event.data.missing != true")).toBe(true);
    expect(matches("event.data.missing == null")).toBe(true);
    expect(matches("event.data.none == null")).toBe(true);
    expect(matches("event.data.missing.deep.deeper == 'x'")).toBe(false);
    expect(matches("event.data.list[9] == null")).toBe(true);
  });

  it("matches when both sides of a match are missing", () => {
    expect(matches("event.data.k == async.data.k", { data: {} })).toBe(true);
    expect(matches("event.data.n == async.data.k", { data: {} })).toBe(false);
    expect(matches("event.data.n == async.data.n", { data: { n: 3 } })).toBe(true);
    expect(matches("event.data.n == async.data.n", { data: { n: "3" } })).toBe(false);
  });

  it("gives keys as text and numbers as numbers", () => {
    const scope = { event };
    expect(expression("event.data.n", "event").key(scope)).toBe("3");
    expect(expression("event.data.text + '-' + string(event.data.n)", "event").key(scope)).toBe("abc-3");
    expect(expression("event.data.missing", "event").key(scope)).toBe("");
    expect(expression("event.data.map", "event").key(scope)).toBe('{"k":"v"}');
    expect(expression("event.data.n == 3 ? 120 : 0", "event").number(scope)).toBe(120);
    expect(expression("event.data.text", "event").number(scope)).toBeUndefined();
  });

  it.each(["event.data.", "bogus == 1", "async.data.k == 1", "unknown(event.data)", ""])("refuses: %s", (source) =>
    expect(() => expression(source, "event")).toThrow(),
  );
});
