import { expect, test } from "vitest";
import { verdict, type Knowledge } from "./rules";

const now = 1_000_000_000;
const minutes = 60_000;
const linked = { broken: false };
const saw = (ageMs: number, visible = true): Knowledge["sight"] => ({ visible, checkedAtMs: now - ageMs });

test.each<[string, Knowledge, boolean, boolean | "ask"]>([
  ["no account, open project", { account: null, sight: null, open: true }, false, true],
  ["no account, closed project", { account: null, sight: null, open: false }, false, false],
  ["an account that was never asked, whatever is open", { account: linked, sight: null, open: true }, false, "ask"],
  ["a fresh answer", { account: linked, sight: saw(4 * minutes), open: false }, false, true],
  ["a fresh no, although the project is open", { account: linked, sight: saw(4 * minutes, false), open: true }, false, false],
  ["an old answer", { account: linked, sight: saw(6 * minutes), open: false }, false, "ask"],
  ["a broken grant, although they saw it a minute ago", { account: { broken: true }, sight: saw(minutes), open: true }, false, false],
  ["gone, and seen within a day", { account: linked, sight: saw(23 * 60 * minutes), open: false }, true, true],
  ["gone, and seen longer ago", { account: linked, sight: saw(25 * 60 * minutes), open: true }, true, false],
  ["gone, and never seen", { account: linked, sight: null, open: true }, true, false],
  ["gone, without an account", { account: null, sight: null, open: true }, true, true],
])("%s", (_, knowledge, gone, expected) => expect(verdict(knowledge, gone, now)).toBe(expected));
