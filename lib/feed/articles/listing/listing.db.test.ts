import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { createFeed } from "../../feeds/commands";
import { createFeedInput } from "../../feeds/inputs";
import { noteRead, readAll } from "../../reading/commands";
import { unreadByWorkspace } from "../../reading/queries";
import { publishNews, workspaceWith } from "../../testing";
import { archiveArticle, changeArticle, deleteArticle, restoreArticle, setPinned } from "../commands";
import { listArticles, newerThan, streamPage } from "./queries";
import { cursorOf, readCursor } from "./rules";

useTestDatabase();

let ada: Member;
let bora: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

let serial = 0;
/** A workspace of its own for a test, with both in it since before everything. */
async function place(): Promise<{ workspaceId: string; slug: string }> {
  const made = await workspaceWith(`Place${(serial += 1)}`, [ada, bora]);
  await asSystem("demo", (tx) => tx.update(workspaceMembers).set({ createdAt: new Date("2020-01-01T00:00:00Z") }).where(eq(workspaceMembers.workspaceId, made.workspaceId)));
  return made;
}
const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n));
/** Articles titled 0, 1, 2 …, a minute apart. */
async function fill(workspaceId: string, count: number, from = 0): Promise<string[]> {
  const ids = [];
  for (let n = from; n < from + count; n += 1) ids.push(await clock.at(minute(n), () => publishNews(ada, workspaceId, String(n))));
  return ids;
}
const titles = (articles: { title: string }[]) => articles.map(({ title }) => title);

describe("a feed", () => {
  test("is newest first, in pages that neither repeat nor lose what is published between them", async () => {
    const { workspaceId, slug } = await place();
    await fill(workspaceId, 7);
    const one = await listArticles(bora, { workspace: slug, limit: 3 });
    expect(titles(one.articles)).toEqual(["6", "5", "4"]);
    await fill(workspaceId, 2, 7);
    const two = await listArticles(bora, { workspace: slug, limit: 3, cursor: one.nextCursor ?? "" });
    expect(titles(two.articles)).toEqual(["3", "2", "1"]);
    const three = await listArticles(bora, { workspace: slug, limit: 3, cursor: two.nextCursor ?? "" });
    expect([titles(three.articles), three.nextCursor]).toEqual([["0"], null]);
    expect(await newerThan(bora, { workspace: slug, newest: one.newest })).toMatchObject({ count: 2, articles: [{ title: "8" }, { title: "7" }] });
  });

  test("tells articles of one instant apart", async () => {
    const { workspaceId, slug } = await place();
    const ids = await clock.at(minute(1), async () => [await publishNews(ada, workspaceId, "a"), await publishNews(ada, workspaceId, "b"), await publishNews(ada, workspaceId, "c")]);
    const seen = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listArticles(bora, { workspace: slug, limit: 1, ...(cursor && { cursor }) });
      seen.push(...page.articles.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  test("an empty one says so, and then what is new", async () => {
    const { workspaceId, slug } = await place();
    const empty = await listArticles(bora, { workspace: slug });
    expect(empty).toMatchObject({ articles: [], pinned: [], nextCursor: null });
    await publishNews(ada, workspaceId, "First");
    expect((await newerThan(bora, { workspace: slug, newest: empty.newest })).count).toBe(1);
  });

  test("holds neither drafts nor what waits, was archived or deleted", async () => {
    const { workspaceId, slug } = await place();
    const [a = "", b = "", c = ""] = await fill(workspaceId, 3);
    await publishNews(ada, workspaceId, "Draft", { publish: false });
    await publishNews(ada, workspaceId, "Later", { publishAt: new Date(Date.now() + 3_600_000).toISOString() });
    await archiveArticle(ada, a);
    await deleteArticle(ada, b);
    expect((await listArticles(bora, { workspace: slug })).articles.map(({ id }) => id)).toEqual([c]);
    await restoreArticle(ada, a);
    expect((await listArticles(bora, { workspace: slug })).articles.map(({ id }) => id)).toEqual([c, a]);
  });

  test("of several shows its own, and the workspace all of them", async () => {
    const { workspaceId, slug } = await place();
    const { feedId } = await createFeed(ada, parseInput(createFeedInput, { workspaceId, name: "잔치 소식" }));
    await publishNews(ada, workspaceId, "General");
    await publishNews(ada, workspaceId, "Party", { feedId });
    expect(titles((await listArticles(bora, { workspace: slug, feed: "janchi-sosik" })).articles)).toEqual(["Party"]);
    expect(titles((await listArticles(bora, { workspace: slug })).articles)).toEqual(["Party", "General"]);
    await expect(listArticles(bora, { workspace: slug, feed: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("shows what is pinned apart, once, and the API in its place", async () => {
    const { workspaceId, slug } = await place();
    const [a = "", b = ""] = await fill(workspaceId, 4);
    await setPinned(ada, a, { workspaceId, pinned: true });
    await setPinned(ada, b, { workspaceId, pinned: true });
    const page = await listArticles(bora, { workspace: slug, limit: 2 });
    expect([titles(page.pinned), titles(page.articles)]).toEqual([["1", "0"], ["3", "2"]]);
    expect(page.nextCursor).toBeNull();
    expect(titles((await streamPage(bora, { workspace: slug, limit: 20 })).articles)).toEqual(["3", "2", "1", "0"]);
  });

  test("is for who is in its workspace, by the workspace's own right", async () => {
    const { workspaceId, slug } = await place();
    await fill(workspaceId, 1);
    const outside = await joinAs(ada, `out${serial}@here.example`, "admin");
    for (const person of [outside, stranger]) {
      await expect(listArticles(person, { workspace: slug })).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(newerThan(person, { workspace: slug, newest: cursorOf() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    for (const cursor of ["x", "", "bm93IGFydF8x", cursorOf({ at: new Date(0), articleId: "" }).slice(3)]) {
      await expect(listArticles(bora, { workspace: slug, cursor })).rejects.toMatchObject({ code: "INVALID", fields: [{ path: ["cursor"] }] });
    }
  });
});

describe("unread", () => {
  const unreadIn = async (member: Member, id: string) => (await unreadByWorkspace(member)).find(({ workspaceId }) => workspaceId === id)?.unread;

  test("is what came since one joined, by others, and is not read, one by one or all of it", async () => {
    const { workspaceId, slug } = await place();
    const [a = ""] = await fill(workspaceId, 5);
    expect([await unreadIn(bora, workspaceId), await unreadIn(ada, workspaceId)]).toEqual([5, 0]);
    await noteRead(bora, a);
    await noteRead(bora, a);
    expect(await unreadIn(bora, workspaceId)).toBe(4);
    expect((await listArticles(bora, { workspace: slug })).articles.map(({ unread }) => unread)).toEqual([true, true, true, true, false]);
    expect((await listArticles(ada, { workspace: slug })).articles.some(({ unread }) => unread)).toBe(false);
    await readAll(bora, workspaceId, minute(3));
    expect(await unreadIn(bora, workspaceId)).toBe(1);
    // It never goes back, and what is still to come stays unread.
    await readAll(bora, workspaceId, minute(1));
    await readAll(bora, workspaceId, new Date(-8.64e15));
    await readAll(bora, workspaceId, new Date("2999-01-01T00:00:00Z"));
    expect(await unreadIn(bora, workspaceId)).toBe(0);
    await publishNews(ada, workspaceId, "Newer");
    expect(await unreadIn(bora, workspaceId)).toBe(1);
  });

  test("does not count what was there before one joined", async () => {
    const { workspaceId } = await place();
    await fill(workspaceId, 2);
    await asSystem("demo", (tx) => tx.update(workspaceMembers).set({ createdAt: minute(60) }).where(and(eq(workspaceMembers.workspaceId, workspaceId), eq(workspaceMembers.memberId, bora.id))));
    expect(await unreadIn(bora, workspaceId)).toBe(0);
  });

  test("is nobody's to change from outside", async () => {
    const { workspaceId } = await place();
    const [a = ""] = await fill(workspaceId, 1);
    await expect(noteRead(stranger, a)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(readAll(stranger, workspaceId, new Date())).rejects.toMatchObject({ code: "NOT_FOUND" });
    const draft = await publishNews(ada, workspaceId, "Draft", { publish: false });
    await expect(noteRead(bora, draft)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("an article in two of the reader's workspaces names both, and neither that is not theirs", async () => {
  const here = await place();
  const there = await place();
  const hidden = await workspaceWith(`Hidden${serial}`, [ada]);
  const id = await publishNews(ada, here.workspaceId, "Everywhere");
  await changeArticle(ada, id, { workspaceIds: [there.workspaceId, hidden.workspaceId], document: undefined });
  const [seen] = (await listArticles(bora, { workspace: there.slug })).articles;
  expect(seen).toMatchObject({ id, workspaceSlugs: [here.slug, there.slug].sort(), feed: { name: null, slug: "news" } });
});

test("a cursor comes back as it was", () => {
  const there = { at: new Date("2026-11-21T10:00:00.123Z"), articleId: "art_01h455vb4pex5vsknk084sn02q" };
  expect(readCursor(cursorOf(there))).toEqual(there);
  expect(readCursor("%%%")).toBeNull();
});
