import { describe, expect, test } from "vitest";
import { keyOfText, keysInText, keysOf } from "./inputs";

describe("a key in a text", () => {
  test.each([
    ["See MOIM-12.", ["MOIM-12"]],
    ["(MOIM-12, OPS_2-7)", ["MOIM-12", "OPS_2-7"]],
    ["MOIM-12는 오늘 끝냅니다", ["MOIM-12"]],
    ["MOIM-12 MOIM-12", ["MOIM-12", "MOIM-12"]],
    ["MOIM-12-draft MOIM-12.pdf xMOIM-12 MOIM-12x", []],
    ["https://a.example/browse/MOIM-12 #MOIM-12", []],
    ["moim-12 M-1 MOIM-0 MOIM-012 2X-1", []],
    ["MOIM-12: done; MOIM-13?", ["MOIM-12", "MOIM-13"]],
    ["\u{1F600}MOIM-12\u{1F600}", ["MOIM-12"]],
  ])("%s", (text, keys) => {
    expect(keysInText(text).map(({ key }) => key)).toEqual(keys);
    for (const { key, index } of keysInText(text)) expect(text.slice(index, index + key.length)).toBe(key);
  });

  test("stands once in the list of a page", () => {
    expect(keysOf(["MOIM-2 MOIM-1", "MOIM-1 MOIM-3"])).toEqual(["MOIM-2", "MOIM-1", "MOIM-3"]);
  });

  test("is not looked for again and again where there is none", () => {
    expect(keysInText("A".repeat(200_000))).toEqual([]);
    expect(keysInText("AB-".repeat(60_000))).toEqual([]);
  });
});

test.each([
  [" moim-12 ", "MOIM-12"],
  ["https://maru.atlassian.net/browse/MOIM-12?focusedId=1", "MOIM-12"],
  ["https://maru.example/jira/browse/moim-12#x", "MOIM-12"],
  ["http://x/browse/MOIM-12/", "MOIM-12"],
  ["the door", null],
  ["javascript:/browse/MOIM-12", null],
])("what is pasted for a key: %s", (text, key) => expect(keyOfText(text)).toBe(key));
