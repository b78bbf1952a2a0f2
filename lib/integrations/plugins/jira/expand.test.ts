import { expect, test } from "vitest";
import { expand } from "./expand";

test("a part is one segment, whatever it holds", () => {
  expect(expand("/rest/api/3/issue/{key}/comment/{id}", { key: "MOIM-1", id: 7 })).toBe("/rest/api/3/issue/MOIM-1/comment/7");
  expect(expand("/rest/api/3/issue/{key}", { key: "a/../b?c=d#e%2F é" })).toBe("/rest/api/3/issue/a%2F..%2Fb%3Fc%3Dd%23e%252F%20%C3%A9");
});

test.each(["", ".", ".."])("%j names nothing, and would lead elsewhere", (key) => {
  expect(() => expand("/rest/api/3/issue/{key}", { key })).toThrow(RangeError);
});

test("a part that nobody gave is not taken from what every object has", () => {
  expect(() => expand("/rest/api/3/issue/{constructor}", {})).toThrow(RangeError);
});
