import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { archiveArticle, publishArticle } from "../articles/commands";
import { archivedArticles, openArticle } from "../articles/queries";
import { writingOf } from "../articles/writing/queries";
import { documentOfText } from "../document/rules";
import { createFeed } from "../feeds/commands";
import { firstFeedOf, publishNews, workspaceWith } from "../testing";
import { saveDraft } from "./commands";
import { draftOf } from "./queries";

useTestDatabase();

let ada: Member;
let admin: Member;
let garden: { workspaceId: string; slug: string };
let articleId: string;
beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  admin = await joinAs(ada, "admin@here.example", "admin");
  garden = await workspaceWith("Garden", [ada, admin]);
  const { feedId } = await createFeed(ada, { workspaceId: founded.workspaceId, name: "Merger", posting: "members" });
  articleId = await publishNews(ada, founded.workspaceId, "Both", { feedId, workspaceIds: [garden.workspaceId] });
  await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(and(eq(workspaceMembers.memberId, admin.id), eq(workspaceMembers.workspaceId, founded.workspaceId))));
});

describe("whoever reads an article elsewhere than where it was written", () => {
  test("changes it there, without a choice of feeds that are not theirs", async () => {
    const draft = await draftOf(admin, articleId);
    expect(draft).toMatchObject({ feed: { workspaceId: garden.workspaceId }, feeds: [] });
    expect(draft.workspaces).toMatchObject([{ id: garden.workspaceId, home: false, chosen: true }]);
    expect(await writingOf(admin, articleId)).toMatchObject({ pin: "no" });
    const { revision } = await saveDraft(admin, articleId, { title: "Both", document: documentOfText("changed"), coverId: null, revision: 0, tab: "one" });
    const settings = { revision, workspaceIds: [garden.workspaceId], notify: true, commentsOpen: true, mustRead: null };
    expect(await publishArticle(admin, articleId, settings)).toMatchObject({ version: 2 });
    expect((await openArticle(ada, articleId)).workspaces).toBe(2);
  });

  test("learns nothing of the feed that it was written in", async () => {
    const feedId = await firstFeedOf(admin, garden.workspaceId);
    expect(await openArticle(admin, articleId)).toMatchObject({ feed: { id: feedId, name: null } });
    expect(await openArticle(ada, articleId)).toMatchObject({ feed: { name: "Merger" } });
    await archiveArticle(ada, articleId);
    expect(await archivedArticles(admin, garden.slug)).toMatchObject([{ id: articleId, feed: { id: feedId, name: null } }]);
  });
});
