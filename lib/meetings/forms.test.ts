import { describe, expect, test } from "vitest";
import { parsePeople } from "./forms";

describe("people as they are pasted", () => {
  test("with and without names, in any common separation", () => {
    expect(parsePeople('Ada <ada@here.example>, "Byron, George" <george@here.example>\nbora@here.example; nobody')).toEqual([
      { name: "Ada", email: "ada@here.example" },
      { name: "Byron, George", email: "george@here.example" },
      { email: "bora@here.example" },
      { email: "nobody" },
    ]);
  });

  test("what is too long to be anybody is kept as it is, without being searched for a name", () => {
    const entry = `a${" ".repeat(300_000)}a`;
    expect(parsePeople(entry)).toEqual([{ email: entry }]);
  });
});
