import { describe, expect, test } from "vitest";
import { seenUpTo } from "./rules";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds));

describe("what counts as seen on a page", () => {
  test("is all that stands on it, and not what was being published while it was made", () => {
    expect(seenUpTo(at(20), at(21))).toEqual(at(20));
    expect(seenUpTo(at(20), at(50))).toEqual(at(40));
    expect(seenUpTo(null, at(50))).toEqual(at(40));
  });

  test("is what stands on it by a clock that is ahead as well", () => {
    expect(seenUpTo(at(55), at(50))).toEqual(at(55));
  });
});
