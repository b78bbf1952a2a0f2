import { describe, expect, test } from "vitest";
import { Refused } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/validation";
import { readNotificationsInput, readSeen, unreadNotificationsInput } from "./inputs";

describe("a moment", () => {
  test("is read as PostgreSQL writes it", () => {
    expect(readSeen("10:20:10,12,19@1763720000000")).toEqual({ snapshot: "10:20:10,12,19", at: new Date(1763720000000) });
    expect(readSeen("10:10:@1763720000000")).toEqual({ snapshot: "10:10:", at: new Date(1763720000000) });
    expect(readSeen("18446744073709551600:18446744073709551615:@1")).not.toBeNull();
  });

  test.each([
    "",
    "10:20:",
    "10:20@5",
    "20:10:@5",
    "0:10:@5",
    "10:20:12,11@5",
    "10:20:11,11@5",
    "10:20:20@5",
    "10:20:9@5",
    "10:20:11,@5",
    "10:18446744073709551616:@5",
    "10:20:@-5",
    "10:20:@5; select 1",
    "10:20:@5\n",
    " 10:20:@5",
    "1e3:20:@5",
  ])("that was made up is refused: %j", (text) => {
    expect(readSeen(text)).toBeNull();
    expect(faultsOf(() => parseInput(readNotificationsInput, { seen: text }))).toEqual([["seen", "malformed"]]);
  });
});

test("what to mark is said in exactly one way", () => {
  const seen = "10:20:@5";
  for (const good of [{ ids: ["a"] }, { subject: "a" }, { subject: "a", seen }, { seen }, { seen, tab: "unread", category: "answers" }]) {
    expect(faultsOf(() => parseInput(readNotificationsInput, good))).toEqual([]);
  }
  for (const bad of [{}, { ids: ["a"], seen }, { ids: ["a"], subject: "a" }, { tab: "all" }, { subject: "a", tab: "all" }, { ids: ["a"], category: "answers" }]) {
    expect(faultsOf(() => parseInput(readNotificationsInput, bad))).toEqual([["", "invalid"]]);
  }
  expect(faultsOf(() => parseInput(unreadNotificationsInput, {}))).toEqual([["", "invalid"]]);
  for (const readAt of ["yesterday", "0000-01-01T00:00:00Z"]) expect(faultsOf(() => parseInput(unreadNotificationsInput, { readAt }))).toEqual([["readAt", "instant"]]);
});

function faultsOf(work: () => unknown): [string, string][] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.fields.map(({ path, code }) => [path.join("."), code]);
  }
}
