import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { documentOfText } from "../../document/rules";
import { saveDraft } from "../../drafts/commands";
import { draftOf, myDrafts } from "../../drafts/queries";
import { archiveFeed, createFeed } from "../../feeds/commands";
import { createFeedInput } from "../../feeds/inputs";
import { eventsOf, publishNews, slugOfWorkspace, workspaceWith } from "../../testing";
import { deleteArticle, publishArticle, unscheduleArticle } from "../commands";
import { publishInput } from "../inputs";
import { listArticles } from "../listing/queries";
import { openArticle, scheduledArticles } from "../queries";
import { publishScheduled, scheduledBefore } from "./commands";

useTestDatabase();

let ada: Member;
let bora: Member;
let admin: Member;
let home: string;
beforeAll(async () => {
  ({ owner: ada, workspaceId: home } = await foundOrganization("ada@here.example", "Here"));
  bora = await joinAs(ada, "bora@here.example");
  admin = await joinAs(ada, "min@here.example", "admin");
});

const publishAt = new Date(Date.now() + 60 * 60 * 1000);
const later = new Date(publishAt.getTime() + 1_000);
const scheduled = (author: Member, title: string, more: object = {}) => publishNews(author, home, title, { publishAt: publishAt.toISOString(), ...more });
const fire = (articleId: string, at = later) => clock.at(at, () => publishScheduled(systemTenant(ada.organizationId), { articleId, publishAt }));
const names = async (articleId: string) => (await eventsOf(articleId)).map(({ name }) => name);

describe("what is scheduled", () => {
  test("is published at its instant, exactly once, by however many runs", async () => {
    const id = await scheduled(bora, "Soon");
    expect((await scheduledBefore(later)).map(({ articleId }) => articleId)).toContain(id);
    expect((await scheduledBefore(new Date())).map(({ articleId }) => articleId)).not.toContain(id);
    expect(await fire(id, new Date())).toBe("nothing");
    await expect(openArticle(ada, id)).resolves.toMatchObject({ state: "scheduled", publishAt, excerpt: "Soon, in so many words." });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => fire(id)));
    expect(outcomes.filter((outcome) => outcome === "published")).toHaveLength(1);
    expect(await fire(id)).toBe("nothing");
    expect(await names(id)).toEqual(["article.scheduled", "article.published"]);
    expect(await openArticle(ada, id)).toMatchObject({ state: "published", version: 1, publishedAt: later, publishAt: null, draft: null });
    expect((await listArticles(ada, { workspace: await slugOfWorkspace(home) })).articles.map(({ id: listed }) => listed)).toContain(id);
  });

  test("is seen by its author and by admins alone, and in no feed", async () => {
    const id = await scheduled(bora, "Hidden");
    const slug = await slugOfWorkspace(home);
    const carl = await joinAs(ada, "carl@here.example");
    await expect(openArticle(carl, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(unscheduleArticle(carl, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await scheduledArticles(carl, slug)).map(({ id: listed }) => listed)).not.toContain(id);
    expect((await scheduledArticles(admin, slug)).map(({ id: listed }) => listed)).toContain(id);
    expect((await listArticles(bora, { workspace: slug })).articles.map(({ id: listed }) => listed)).not.toContain(id);
    await expect(draftOf(admin, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("publishes what was scheduled, and leaves what was written since as a draft of the next version", async () => {
    const id = await scheduled(bora, "As scheduled");
    const { revision } = await draftOf(bora, id);
    await saveDraft(bora, id, { title: "Half an edit", document: documentOfText("half"), coverId: null, revision, tab: "a" });
    expect(await fire(id)).toBe("published");
    expect(await openArticle(ada, id)).toMatchObject({ title: "As scheduled" });
    expect(await draftOf(bora, id)).toMatchObject({ title: "Half an edit", basedOn: 1, version: 1 });
  });

  test("stopped by an admin, or scheduled anew, is not published at the earlier instant", async () => {
    const id = await scheduled(bora, "Stopped");
    await unscheduleArticle(admin, id);
    expect(await fire(id)).toBe("nothing");
    expect(await openArticle(bora, id)).toMatchObject({ state: "draft", publishAt: null, stopped: null });
    await expect(openArticle(admin, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const moved = new Date(publishAt.getTime() + 60_000);
    const { revision } = await draftOf(bora, id);
    await publishArticle(bora, id, parseInput(publishInput, { revision, workspaceIds: [], publishAt: moved.toISOString() }));
    expect(await fire(id, new Date(moved.getTime() + 1))).toBe("nothing");
    expect(await clock.at(moved, () => publishScheduled(systemTenant(ada.organizationId), { articleId: id, publishAt: moved }))).toBe("published");
  });

  test("deleted meanwhile is not published", async () => {
    const id = await scheduled(bora, "Deleted");
    await deleteArticle(admin, id);
    expect(await fire(id)).toBe("nothing");
    expect(await names(id)).toEqual(["article.scheduled"]);
  });

  test("whose author was removed, or has left, is a draft again, and says why", async () => {
    const eve = await joinAs(ada, "eve@here.example");
    const dan = await joinAs(ada, "dan@here.example");
    const [evesId, dansId] = [await scheduled(eve, "Eve's"), await scheduled(dan, "Dan's")];
    await removeMember(ada, eve.id);
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, dan.id)));
    expect([await fire(evesId), await fire(dansId)]).toEqual(["stopped", "stopped"]);
    expect(await openArticle(admin, evesId)).toMatchObject({ state: "draft", stopped: "author-removed", publishAt });
    expect(await openArticle(admin, dansId)).toMatchObject({ state: "draft", stopped: "author-left" });
    expect((await scheduledArticles(admin, await slugOfWorkspace(home))).filter(({ id }) => [evesId, dansId].includes(id)).map(({ stopped }) => stopped).sort()).toEqual(["author-left", "author-removed"]);
    expect(await names(evesId)).toEqual(["article.scheduled"]);
  });

  test("in a feed that was archived meanwhile is a draft again, which its author sees", async () => {
    const { feedId } = await createFeed(ada, parseInput(createFeedInput, { workspaceId: home, name: "Short-lived" }));
    const id = await scheduled(bora, "Late", { feedId });
    await archiveFeed(ada, feedId);
    expect(await fire(id)).toBe("stopped");
    expect(await myDrafts(bora, await slugOfWorkspace(home))).toContainEqual(expect.objectContaining({ articleId: id, state: "draft", stopped: "feed-archived", publishAt }));
  });

  test("loses the further workspaces that its author has left, and nothing else", async () => {
    const studio = await workspaceWith("Studio", [bora, ada]);
    const id = await scheduled(bora, "Two places", { workspaceIds: [studio.workspaceId] });
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.workspaceId, studio.workspaceId)).then(() => tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId: studio.workspaceId, memberId: ada.id })));
    expect(await fire(id)).toBe("published");
    expect((await openArticle(ada, id)).places.map(({ workspaceId }) => workspaceId)).toEqual([home]);
  });

  test("can be neither in the past nor years ahead, and only before it was published", async () => {
    const at = (date: Date) => publishNews(bora, home, "When", { publishAt: date.toISOString() });
    await expect(at(new Date(Date.now() - 1000))).rejects.toMatchObject({ fields: [{ path: ["publishAt"], code: "in-the-past" }] });
    await expect(at(new Date(Date.now() + 400 * 24 * 3_600_000))).rejects.toMatchObject({ fields: [{ path: ["publishAt"], code: "too-far" }] });
    const id = await publishNews(bora, home, "Out");
    await saveDraft(bora, id, { title: "New", document: documentOfText("new"), coverId: null, revision: 0, tab: "a" });
    await expect(publishArticle(bora, id, parseInput(publishInput, { revision: 1, workspaceIds: [], publishAt: publishAt.toISOString() }))).rejects.toMatchObject({ fields: [{ code: "published-already" }] });
  });
});
