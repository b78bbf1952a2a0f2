import { expect, test } from "vitest";
import { instantInput } from "./instant-input";

test.each(["2026-11-21T09:00:00Z", "2026-11-21T09:00:00.123+09:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])("%s is an instant", (text) => {
  expect(instantInput.safeParse(text).success).toBe(true);
});

test.each(["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "2026-11-21T09:00:00", "tomorrow", ""])(
  "%j is refused instead of failing in the database",
  (text) => expect(instantInput.safeParse(text).success).toBe(false),
);
