import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { auditEntries, workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { startArticle } from "../articles/commands";
import { firstFeedOf, workspaceWith } from "../testing";
import { archiveFeed, changeFeed, createFeed, orderFeeds, restoreFeed } from "./commands";
import { changeFeedInput, createFeedInput } from "./inputs";
import { feedsOf, firstFeed } from "./queries";
import { feeds } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let outside: Member;
let stranger: Member;
let home: string;
beforeAll(async () => {
  ({ owner: ada, workspaceId: home } = await foundOrganization("ada@here.example", "Here"));
  bora = await joinAs(ada, "bora@here.example");
  outside = await joinAs(ada, "out@here.example", "admin");
  await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, outside.id)));
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

const make = (member: Member, name: string, more: object = {}, workspaceId = home) => createFeed(member, parseInput(createFeedInput, { workspaceId, name, ...more }));

describe("feeds", () => {
  test("the first is made when it is first asked for, once by however many ask", async () => {
    const { workspaceId } = await workspaceWith("Fresh", [ada]);
    const asked = await Promise.all(Array.from({ length: 8 }, () => feedsOf(ada, workspaceId)));
    expect(new Set(asked.map(([first]) => first?.id)).size).toBe(1);
    expect(asked[0]).toMatchObject([{ name: null, slug: "news", first: true, posting: "members", mayPublish: true }]);
    expect(await inTenant(ada, (tx) => tx.select().from(feeds).where(eq(feeds.workspaceId, workspaceId)))).toHaveLength(1);
    expect((await inTenant(ada, (tx) => firstFeed(tx, ada, workspaceId))).id).toBe(asked[0]?.[0]?.id);
  });

  test("further ones are for admins who are in the workspace, each with an address of its own, and audited", async () => {
    const made = await Promise.all([make(ada, "Release notes"), make(ada, "Release  Notes!"), make(ada, "News")]);
    const listed = await feedsOf(bora, home);
    expect(listed.filter(({ id }) => made.some(({ feedId }) => feedId === id)).map(({ slug }) => slug).sort()).toEqual(["news-feed", "release-notes", "release-notes-2"]);
    expect(listed[0]?.first).toBe(true);
    await expect(make(bora, "Mine")).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (const person of [outside, stranger]) await expect(make(person, "Mine")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const entries = await inTenant(ada, (tx) => tx.select().from(auditEntries).where(and(eq(auditEntries.action, "feed.created"), eq(auditEntries.subject, "Release notes"))));
    expect(entries).toHaveLength(1);
    for (const [name, code] of [["  ", "required"], ["x".repeat(61), "too-long"], [7, "wrong-type"]] as const) {
      expect(() => parseInput(createFeedInput, { workspaceId: home, name })).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ path: ["name"], code })] }));
    }
  });

  test("are renamed and closed without losing their address; the first keeps its name", async () => {
    const { feedId } = await make(ada, "Board");
    await changeFeed(ada, feedId, parseInput(changeFeedInput, { name: "The board", posting: "admins" }));
    expect((await feedsOf(bora, home)).find(({ id }) => id === feedId)).toMatchObject({ name: "The board", slug: "board", posting: "admins", mayPublish: false });
    await expect(startArticle(bora, { feedId })).rejects.toMatchObject({ fields: [{ code: "feed-for-admins" }] });
    const first = await firstFeedOf(ada, home);
    await expect(changeFeed(ada, first, { name: "Other" })).rejects.toMatchObject({ fields: [{ code: "first-feed" }] });
    await expect(archiveFeed(ada, first)).rejects.toMatchObject({ fields: [{ code: "first-feed" }] });
    for (const [person, code] of [[bora, "FORBIDDEN"], [outside, "NOT_FOUND"], [stranger, "NOT_FOUND"]] as const) {
      await Promise.all([changeFeed(person, feedId, { name: "x" }), archiveFeed(person, feedId), restoreFeed(person, feedId)].map((work) => expect(work).rejects.toMatchObject({ code })));
    }
  });

  test("archived take nothing new until they are restored, and go to the end", async () => {
    const { feedId } = await make(ada, "Old");
    await archiveFeed(ada, feedId);
    await archiveFeed(ada, feedId);
    await expect(startArticle(ada, { feedId })).rejects.toMatchObject({ fields: [{ code: "feed-archived" }] });
    expect((await feedsOf(bora, home)).at(-1)).toMatchObject({ id: feedId, archived: true, mayPublish: false });
    await restoreFeed(ada, feedId);
    await startArticle(bora, { feedId });
    const entries = await inTenant(ada, (tx) => tx.select({ action: auditEntries.action }).from(auditEntries).where(eq(auditEntries.subject, "Old")));
    expect(entries.map(({ action }) => action).sort()).toEqual(["feed.archived", "feed.created", "feed.restored"]);
  });

  test("stand in the order they were put in, the first first, whatever is named", async () => {
    const { workspaceId } = await workspaceWith("Order", [ada, bora]);
    const a = await make(ada, "A", {}, workspaceId);
    await make(ada, "B", {}, workspaceId);
    const c = await make(ada, "C", {}, workspaceId);
    await orderFeeds(ada, workspaceId, { feedIds: [c.feedId, "fed_unknown", a.feedId] });
    expect((await feedsOf(bora, workspaceId)).map(({ name }) => name)).toEqual([null, "C", "A", "B"]);
    await expect(orderFeeds(bora, workspaceId, { feedIds: [] })).rejects.toBeInstanceOf(Refused);
  });

  test("of another organization or workspace are nothing", async () => {
    for (const person of [outside, stranger]) await expect(feedsOf(person, home)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(changeFeed(ada, "fed_x", { name: "x" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
