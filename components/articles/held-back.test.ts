import { describe, expect, test } from "vitest";
import { heldBack } from "./held-back";

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
