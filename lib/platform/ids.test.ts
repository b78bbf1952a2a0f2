import { expect, test } from "vitest";
import { firstIdAt, isId, newId } from "./ids";

test("the first identifier of an instant sorts before what was made then, and after what was made before", () => {
  const now = Date.now();
  expect(firstIdAt("delivery", new Date(now - 1000)) < newId("delivery")).toBe(true);
  expect(firstIdAt("delivery", new Date(now + 60_000)) > newId("delivery")).toBe(true);
});

test.each(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", new Date(999_999_999_999_999).toISOString()])("%s has one, too", (text) => {
  const id = firstIdAt("delivery", new Date(text));
  expect(isId("delivery", id)).toBe(true);
  expect(id < newId("delivery")).toBe(new Date(text).getTime() < 0);
});
