import { expect, test } from "vitest";
import { factsOf, issueFactsOf } from "../subscriptions/testing";
import { safely } from "./rules";

test.each([
  ["the year 0", factsOf({ occurredAt: "0000-01-01T00:00:00.000Z" })],
  ["an issue of the year 0", factsOf({ issue: issueFactsOf({ updatedAt: "0000-06-01T00:00:00.000Z" }) })],
])("what says a time that cannot be written down is unreadable, and stops nothing behind it: %s", (_, facts) => {
  expect(safely(() => ({ facts, changeKey: null }))).toEqual({ unreadable: expect.stringContaining("occurredAt") as string });
});

test("halves of characters and U+0000 are replaced, in facts and in keys", () => {
  expect(safely(() => ({ facts: factsOf({ title: "a\u0000\uD83D" }), changeKey: "k\uDE00" }))).toMatchObject({ facts: { title: "a\uFFFD\uFFFD" }, changeKey: "k\uFFFD" });
});
