import { expect, test } from "vitest";
import { bytesOf, isAuthSecret, isPublicKey } from "./rules";

test("keys are read in both alphabets, padded or not", () => {
  expect(bytesOf("-_8=")).toEqual(bytesOf("+/8"));
  expect(isAuthSecret("AAAAAAAAAAAAAAAAAAAAAA==")).toBe(true);
  expect(bytesOf("AAAA===")).toBeNull();
});

test("a body full of padding is refused before anybody would wait for it", () => {
  expect(isPublicKey(`${"=".repeat(1_000_000)}x`)).toBe(false);
});
