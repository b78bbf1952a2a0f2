import { beforeAll, describe, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { startArticle } from "../articles/commands";
import { countReaders } from "../readers/queries";
import { firstFeedOf, publishNews, workspaceWith } from "../testing";
import { peopleToMention } from "./queries";

useTestDatabase();

let ada: Member;
let bo: Member;
let zoe: Member;
let workspaceId: string;
let elsewhere: string;

beforeAll(async () => {
  ({ owner: ada, workspaceId } = await foundOrganization("ada@mentions.example", "Mentions"));
  bo = await joinAs(ada, "bo@mentions.example");
  zoe = await joinAs(ada, "z_e@mentions.example");
  ({ workspaceId: elsewhere } = await workspaceWith("Elsewhere", [ada, zoe]));
});

const namesFor = async (member: Member, articleId: string, search = "") => (await peopleToMention(member, articleId, { search })).map(({ name }) => name);

describe("people to mention", () => {
  test("are those who read along in the workspaces of the article, and nobody else", async () => {
    const article = await publishNews(ada, elsewhere, "Elsewhere");
    expect(await namesFor(ada, article)).toEqual(["ada", "z_e"]);
    await expect(peopleToMention(bo, article, { search: "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("are told to nobody but its author while it is a draft", async () => {
    const { articleId } = await startArticle(ada, { feedId: await firstFeedOf(ada, workspaceId) });
    expect(await namesFor(ada, articleId)).toContain("z_e");
    await expect(peopleToMention(zoe, articleId, { search: "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("are found by what is typed, and signs of a pattern are only signs", async () => {
    const article = await publishNews(ada, workspaceId, "Here");
    expect(await namesFor(ada, article, "Z")).toEqual(["z_e"]);
    expect(await namesFor(ada, article, "_")).toEqual(["z_e"]);
    expect(await namesFor(ada, article, "%")).toEqual([]);
  });
});

describe("how many people read along", () => {
  test("counts each once, without the author, and nothing of workspaces that are not the asker's", async () => {
    const article = await publishNews(ada, workspaceId, "Counted");
    expect(await countReaders(ada, article, [workspaceId, elsewhere])).toBe(2);
    expect(await countReaders(ada, article, [elsewhere])).toBe(1);
    expect(await countReaders(bo, article, [elsewhere])).toBe(0);
    expect(await countReaders(ada, article, [])).toBe(0);
    const draft = await publishNews(ada, workspaceId, "Draft", { publish: false });
    await expect(countReaders(bo, draft, [workspaceId])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
