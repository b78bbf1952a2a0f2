import { describe, expect, test } from "vitest";
import { heldBack, seenOf } from "./held-back";

describe("what a list holds back until its reader asks for it", () => {
  test("is what came above the newest that they have seen", () => {
    expect(heldBack(["d", "c", "b", "a"], ["b", "a"])).toEqual(["d", "c"]);
  });

  test("is nothing of what was loaded below, nor of what moved away", () => {
    expect(heldBack(["b", "a", "older"], ["c", "b", "a"])).toEqual([]);
  });

  test("is nothing when nothing is left of what they saw, because a page must show something", () => {
    expect(heldBack(["z", "y"], ["b", "a"])).toEqual([]);
    expect(heldBack(["z"], [])).toEqual([]);
  });
});

test("what is held back has not been seen", () => {
  const rows = ["c", "b", "a"].map((id, at) => ({ id, at: `2026-11-21T12:00:0${9 - at}.000Z` }));
  expect(seenOf(rows, new Set(), "everything")).toBe("everything");
  expect(seenOf(rows, new Set(["c"]), "everything")).toBe("2026-11-21T12:00:08.000Z");
});
