import { expect, test } from "vitest";
import { linkAddress } from "./link-address";

test.each([
  ["https://moim.example/a?b#c", "https://moim.example/a?b#c"],
  [" http://10.0.0.1:8080 ", "http://10.0.0.1:8080/"],
  ["moim.example", "https://moim.example/"],
  ["moim.example/guide", "https://moim.example/guide"],
  ["모임.한국/안내", "https://xn--v52b68u.xn--3e0b707e/%EC%95%88%EB%82%B4"],
  ["ada@moim.example", "mailto:ada@moim.example"],
  ["mailto:ada@moim.example", "mailto:ada@moim.example"],
])("%s leads somewhere", (typed, address) => expect(linkAddress(typed)).toBe(address));

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox",
  "file:///etc/passwd",
  "blob:https://moim.example/x",
  "https://",
  "https://ada:secret@moim.example",
  "two words.example",
  "word",
  "",
])("%j is no link", (typed) => expect(linkAddress(typed)).toBeNull());
