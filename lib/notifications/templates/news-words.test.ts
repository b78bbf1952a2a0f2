import { describe, expect, test } from "vitest";
import { locales } from "@/lib/platform/i18n/locales";
import type { Matter } from "./matter";
import { foldable, lineOfMany, quoteOfMany } from "./many";
import { readerOf } from "./reader";

const at = (minute: number) => new Date(Date.UTC(2031, 2, 3, 9, minute));
const row = (type: Matter["type"], who: string, minute = 0, comment: string | null = null): Matter => ({
  type,
  payload: { actor: { memberId: `mbr_${who}`, name: who }, article: { id: "art_1", title: "Plans", excerpt: "It begins" }, comment: comment === null ? null : { id: `cmt_${minute}`, excerpt: comment } },
  occurredAt: at(minute),
});
const english = readerOf({ locale: "en", timeZone: "UTC", hourCycle: "h23" });

describe("what several news of one article come to", () => {
  test.each<[string, Matter[], number | undefined, string]>([
    ["one comment is itself", [row("comment.added", "Ada")], undefined, "Ada commented on Plans"],
    ["several of one person", [row("comment.added", "Ada", 1), row("comment.replied", "Ada")], undefined, "Ada wrote 2 comments on Plans"],
    ["several of one person, who means the reader in one", [row("comment.added", "Ada", 1), row("comment.mentioned", "Ada")], undefined, "Ada wrote 2 comments on Plans and mentions you"],
    ["two people", [row("comment.added", "Ada", 1), row("comment.added", "Bora")], undefined, "Ada and Bora commented on Plans"],
    ["many people, the latest first", [row("comment.added", "Ada", 4), row("comment.added", "Bora", 3), row("comment.added", "Cem", 2), row("comment.added", "Ada", 1), row("comment.added", "Dora")], undefined, "Ada, Bora, and 2 others commented on Plans"],
    ["likes of three", [row("article.liked", "Ada", 2), row("article.liked", "Bora", 1), row("article.liked", "Cem")], undefined, "Ada, Bora, and Cem like Plans"],
    ["likes of more than there are rows at hand", [row("article.liked", "Ada", 1), row("article.liked", "Bora")], 207, "Ada, Bora, and 205 others like Plans"],
    ["likes of comments", [row("article.liked", "Ada", 1, "Hm"), row("article.liked", "Bora", 0, "Ha")], undefined, "Ada and Bora like your comments on Plans"],
    ["likes of both", [row("article.liked", "Ada", 1), row("article.liked", "Bora", 0, "Ha")], undefined, "Ada and Bora like what you wrote on Plans"],
    ["likes of one person", [row("article.liked", "Ada", 1), row("article.liked", "Ada", 0, "Ha")], undefined, "Ada likes what you wrote on Plans"],
  ])("%s", async (_, matters, total, expected) => {
    expect(lineOfMany(matters, await english, total)).toBe(expected);
  });

  test.each(locales)("has every number and name filled in, in %s", async (locale) => {
    const reader = await readerOf({ locale, timeZone: "UTC", hourCycle: "h23" });
    const several: Matter[][] = [
      [row("comment.added", "Ada", 1), row("comment.mentioned", "Ada")],
      [row("comment.added", "Ada", 1), row("comment.replied", "Ada")],
      [row("comment.added", "Ada", 1), row("comment.mentioned", "Bora")],
      [row("article.liked", "Ada", 1), row("article.liked", "Bora")],
    ];
    for (const matters of several) {
      const line = lineOfMany(matters, reader, 9);
      expect(line).toContain("Plans");
      expect(line).toContain("Ada");
      expect(line).not.toMatch(/[#{}]|news\.|undefined/);
    }
  });

  test("is comments with comments and likes with likes, however far apart, and the newest's own words", () => {
    const mixed = [row("comment.added", "Ada", 55, "Newest"), row("article.published", "Bora", 30), row("comment.mentioned", "Cem", 0, "Oldest")];
    const folded = foldable([...mixed, { ...row("comment.replied", "Dora", 0, "A day ago"), occurredAt: new Date(0) }]);
    expect(folded.map(({ type }) => type)).toEqual(["comment.added", "comment.mentioned", "comment.replied"]);
    expect(quoteOfMany(folded)).toBe("Newest");
    expect(foldable([row("article.published", "Ada", 1), row("comment.added", "Bora")])).toEqual([]);
    expect(foldable([row("article.liked", "Ada", 1), row("comment.added", "Bora")])).toHaveLength(1);
  });
});
