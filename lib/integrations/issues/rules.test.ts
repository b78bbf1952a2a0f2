import { expect, test } from "vitest";
import { newestOfEach } from "./rules";
import { issueOf } from "./testing";

test("of several words about one issue the newest stays", () => {
  const late = issueOf(1, { summary: "late", updatedAt: "2026-01-02T00:00:00.000Z" });
  expect(newestOfEach([late, issueOf(2), issueOf(1), issueOf(1, { updatedAt: null })]).map(({ facts }) => facts.summary)).toEqual(["late", "Issue 2"]);
});
