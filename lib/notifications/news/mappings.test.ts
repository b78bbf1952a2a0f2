import { describe, expect, test } from "vitest";
import { articleKept } from "./mappings";

const article = {
  id: "art_1",
  title: "Plans",
  excerpt: "What we plan.",
  version: 1,
  authorId: "mbr_1",
  authorName: "Ada",
  feed: { id: "fed_1", name: "Merger" },
  workspace: { id: "wsp_1", name: "Board" },
  workspaceIds: ["wsp_1"],
  cover: null,
};
const actor = { memberId: "mbr_1", name: "Ada" };

describe("what an inbox keeps of an article", () => {
  test("names its place where everybody who is told reads along", () => {
    expect(articleKept({ actor, article }).article).toMatchObject({ feed: { name: "Merger" }, workspace: { name: "Board" }, elsewhere: false });
  });

  test("names no place that some of those who are told are not in", () => {
    expect(JSON.stringify(articleKept({ actor, article: { ...article, workspaceIds: ["wsp_1", "wsp_2"] } }))).not.toMatch(/Merger|Board|fed_1|wsp_/);
  });
});
