import { describe, expect, test } from "vitest";
import { parseAddressList } from "./address-list";

const addresses = (pasted: string) => parseAddressList(pasted).map((entry) => ("address" in entry ? entry.address : `? ${entry.malformed}`));

describe("a pasted list", () => {
  test.each([
    ["a@x.example\nb@x.example\r\nc@x.example", ["a@x.example", "b@x.example", "c@x.example"]],
    ["a@x.example, b@x.example; c@x.example", ["a@x.example", "b@x.example", "c@x.example"]],
    ["Mina Kim <Mina@X.example>, 김민준 <min@x.example>", ["mina@x.example", "min@x.example"]],
    ['"Kim, Mina" <mina@x.example>; plain@x.example', ["mina@x.example", "plain@x.example"]],
    ["mailto:a@x.example", ["a@x.example"]],
    ["A@x.example\na@X.EXAMPLE", ["a@x.example"]],
    ["\n ,; \n", []],
    ["nobody, a@x.example, also wrong@", ["? nobody", "a@x.example", "? also wrong@"]],
    ['"unclosed <a@x.example>\nb@x.example', ["a@x.example", "b@x.example"]],
    ["a@x.example b@x.example", ["? a@x.example b@x.example"]],
  ])("%j", (pasted, expected) => {
    expect(addresses(pasted)).toEqual(expected);
  });

  test("shows only the beginning of a long mistake", () => {
    expect(addresses("x".repeat(500))).toEqual([`? ${"x".repeat(80)}`]);
  });
});
