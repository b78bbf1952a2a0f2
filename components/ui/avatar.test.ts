import { describe, expect, it } from "vitest";
import { initialsOf } from "./avatar";

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["김서연", "서연"],
    ["Élodie de la Tour", "ÉT"],
    ["ada@example.com", "A"],
    ["", "?"],
  ])("shortens %s to %s", (name, initials) => expect(initialsOf(name)).toBe(initials));
});
