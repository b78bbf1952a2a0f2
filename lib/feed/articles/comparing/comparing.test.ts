import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { compareLines } from "./rules";

const shown = (before: string[], after: string[]) => compareLines(before, after).map(({ change, text }) => `${{ same: " ", added: "+", removed: "-" }[change]}${text}`);

describe("two versions, line by line", () => {
  test("what stayed, came and went", () => {
    expect(shown(["Title", "One", "Two", "Three"], ["Title", "One", "Zwei", "Three", "Four"])).toEqual([" Title", " One", "-Two", "+Zwei", " Three", "+Four"]);
  });

  test("a paragraph that was put in the middle is all that changed", () => {
    expect(shown(["A", "B", "A", "B"], ["A", "B", "New", "A", "B"]).filter((line) => !line.startsWith(" "))).toEqual(["+New"]);
  });

  test("of any two, what is not removed makes the one and what is not added the other", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const compared = compareLines(before, after);
        expect(compared.filter(({ change }) => change !== "added").map(({ text }) => text)).toEqual(before);
        expect(compared.filter(({ change }) => change !== "removed").map(({ text }) => text)).toEqual(after);
      }),
    );
  });

  test("ten thousand lines against ten thousand others are still compared", () => {
    const many = (word: string) => Array.from({ length: 10_000 }, (_, at) => `${word} ${at}`);
    expect(compareLines(many("before"), many("after"))).toHaveLength(20_000);
  });
});
