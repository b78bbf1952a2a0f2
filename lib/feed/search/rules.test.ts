import { describe, expect, test } from "vitest";
import { basesOf, fold, questionOf, queryOf } from "./rules";

describe("words that nobody writes", () => {
  test("a long row of particles is one word, and not as many as it has syllables", () => {
    expect(basesOf("회의록에서는")).toEqual(["회의록에서는", "회의록"]);
    const row = "은".repeat(200);
    expect(basesOf(row)).toEqual([row]);
    // Each word that is asked for costs an index scan.
    expect(queryOf(questionOf(row), new Map())?.split("'").length).toBeLessThan(1_000);
  });

  test("a word is cut before its letters are taken apart", () => {
    expect([...fold("ﷺ".repeat(100_000))].length).toBeLessThanOrEqual(40);
    expect(fold(`Éte${"\u0301".repeat(100)}`)).toBe("ete");
  });
});
