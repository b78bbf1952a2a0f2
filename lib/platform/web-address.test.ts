import { describe, expect, test } from "vitest";
import { isWebAddress } from "./web-address";

describe("a web address", () => {
  test.each(["https://x.example/a", "http://127.0.0.1:8080/"])("%s is one", (text) => expect(isWebAddress(text)).toBe(true));

  test.each(["javascript:alert(1)", "data:text/html,x", "//x.example", "https:x.example", "https://", "https://user@x.example/", "https://x.example/ a", "https://x.example\\@y.example", "ftp://x.example"])(
    "%s is none",
    (text) => expect(isWebAddress(text)).toBe(false),
  );
});
