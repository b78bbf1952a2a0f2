import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { auditEntries, workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { documentOfText } from "../document/rules";
import { saveDraft } from "../drafts/commands";
import { saveDraftInput } from "../drafts/inputs";
import { draftOf, myDrafts } from "../drafts/queries";
import { createFeed } from "../feeds/commands";
import { createFeedInput } from "../feeds/inputs";
import { articleMedia } from "../media/tables";
import { eventsOf, firstFeedOf, publishNews, slugOfWorkspace, workspaceWith } from "../testing";
import { archiveArticle, changeArticle, createArticle, deleteArticle, moveFeed, publishArticle, restoreArticle, restoreVersion, setCommentsOpen, setPinned, startArticle } from "./commands";
import { articleHistory, articleVersion } from "./history/queries";
import { changeArticleInput, createArticleInput, publishInput, type PublishInput } from "./inputs";
import { archivedArticles, openArticle } from "./queries";
import { purgeArticles } from "./retention/commands";
import { articles, articlePlaces, articleVersions } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let admin: Member;
let home: string;
/** In the organization, and in no workspace of it that matters here. */
let outside: Member;
let stranger: Member;
/** Ada and the admin are in it, Bora is not. */
let studio: string;

beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  home = founded.workspaceId;
  bora = await joinAs(ada, "bora@here.example");
  admin = await joinAs(ada, "min@here.example", "admin");
  outside = await joinAs(ada, "out@here.example");
  await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, outside.id)));
  studio = (await workspaceWith("Studio", [ada, admin])).workspaceId;
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

const refused = async (work: Promise<unknown>): Promise<Refused> => {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  if (error instanceof Refused) return error;
  throw new Error(`not refused: ${String(error)}`);
};
const codeOf = async (work: Promise<unknown>) => (await refused(work)).code;
/** How each of these is refused, without repetition. */
const codesOf = async (works: Promise<unknown>[]) => [...new Set(await Promise.all(works.map(codeOf)))];
const faultsOf = async (work: Promise<unknown>) => (await refused(work)).fields.map(({ path, code }) => `${path.join(".")}: ${code}`);

const asIs = (more: Partial<PublishInput> = {}): PublishInput => parseInput(publishInput, { revision: 1, workspaceIds: [], ...more });

/** A draft of the author with these words, saved once. */
async function drafted(author: Member, title: string, text: string, workspaceId = home): Promise<{ articleId: string; revision: number }> {
  const { articleId } = await startArticle(author, { feedId: await firstFeedOf(author, workspaceId) });
  const { revision } = await saveDraft(author, articleId, parseInput(saveDraftInput, { title, document: documentOfText(text), coverId: null, revision: 1, tab: "one" }));
  return { articleId, revision };
}

describe("publishing", () => {
  test("makes a draft readable to its workspace, with an event that names what a fan-out needs", async () => {
    const { articleId, revision } = await drafted(ada, "  A new\nplan ", `Hello @[Bora](${bora.id}) and @[Out](${outside.id})`);
    expect(await codeOf(openArticle(bora, articleId))).toBe("NOT_FOUND");
    expect(await publishArticle(ada, articleId, asIs({ revision }))).toEqual({ state: "published", version: 1, publishAt: null });
    const seen = await openArticle(bora, articleId);
    expect(seen).toMatchObject({ title: "A new plan", version: 1, state: "published", author: { id: ada.id, name: "ada" }, likes: 0, comments: 0, mayEdit: false, mayManage: false, draft: null });
    expect(seen.people.get(bora.id)).toBe("bora");
    const [published, ...more] = await eventsOf(articleId);
    expect(more).toEqual([]);
    // Whoever is not in the workspace is told of no mention.
    expect(published).toMatchObject({ name: "article.published", payload: { notify: true, mentioned: [bora.id], mustRead: null, article: { id: articleId, version: 1, workspaceIds: [home], workspace: { id: home } } } });
  });

  test("refuses what has no title or no words, each at its field", async () => {
    const { articleId } = await startArticle(ada, { feedId: await firstFeedOf(ada, home) });
    expect(await faultsOf(publishArticle(ada, articleId, asIs()))).toEqual(["title: required", "document: required"]);
    const { revision } = await saveDraft(ada, articleId, parseInput(saveDraftInput, { title: "\u202E \u2066", document: documentOfText(" \n \n"), coverId: null, revision: 1, tab: "a" }));
    expect(await faultsOf(publishArticle(ada, articleId, asIs({ revision })))).toEqual(["title: required", "document: required"]);
    expect((await openArticle(ada, articleId)).state).toBe("draft");
  });

  test("twice at once is one publication and one event", async () => {
    const { articleId, revision } = await drafted(ada, "Once", "Only once");
    const answers = await Promise.all(Array.from({ length: 6 }, () => publishArticle(ada, articleId, asIs({ revision }))));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([1]));
    expect((await eventsOf(articleId)).map(({ name }) => name)).toEqual(["article.published"]);
    expect(await articleHistory(ada, articleId)).toHaveLength(1);
  });

  test("is refused over a draft that another tab has saved since, which keeps its words", async () => {
    const { articleId, revision } = await drafted(ada, "Tab one", "one");
    await saveDraft(ada, articleId, { title: "Tab two", document: documentOfText("two"), coverId: null, revision, tab: "two" });
    const conflict = await refused(publishArticle(ada, articleId, asIs({ revision })));
    expect(conflict).toMatchObject({ code: "EDIT_CONFLICT", extra: { revision: revision + 1, title: "Tab two", tab: "two" } });
    expect((await draftOf(ada, articleId)).title).toBe("Tab two");
  });

  test("rolls back whole when it is refused late", async () => {
    const { articleId, revision } = await drafted(ada, "Half", "half");
    expect(await faultsOf(publishArticle(ada, articleId, asIs({ revision, mustRead: { dueAt: "2001-01-01T00:00:00Z" }, workspaceIds: [studio] })))).toEqual(["mustRead.dueAt: in-the-past"]);
    expect((await openArticle(ada, articleId)).places.map(({ workspaceId }) => workspaceId)).toEqual([home]);
    expect(await eventsOf(articleId)).toEqual([]);
  });

  test("in several workspaces puts it into their first feeds, and only into those that its author is in", async () => {
    const { articleId, revision } = await drafted(ada, "Both", "for both");
    await publishArticle(ada, articleId, asIs({ revision, workspaceIds: [studio] }));
    const view = await openArticle(ada, articleId);
    expect(view.places).toMatchObject([{ workspaceId: home, home: true }, { workspaceId: studio, home: false, feedId: await firstFeedOf(ada, studio) }]);
    const here = await openArticle(bora, articleId);
    expect(here.places.map(({ workspaceId }) => workspaceId)).toEqual([home]);
    expect(here.workspaces).toBe(2);
    const other = await drafted(bora, "Mine", "words");
    expect(await faultsOf(publishArticle(bora, other.articleId, asIs({ revision: other.revision, workspaceIds: [studio] })))).toEqual(["workspaceIds: unknown-workspace"]);
    const theirs = await foundOrganization("zoe@zoe.example", "Zoe");
    expect(await faultsOf(publishArticle(bora, other.articleId, asIs({ revision: other.revision, workspaceIds: [theirs.workspaceId] })))).toEqual(["workspaceIds: unknown-workspace"]);
  });

  test("is for admins alone in a feed of admins", async () => {
    const { feedId } = await createFeed(ada, parseInput(createFeedInput, { workspaceId: home, name: "Board", posting: "admins" }));
    expect(await faultsOf(startArticle(bora, { feedId }))).toEqual(["feedId: feed-for-admins"]);
    const { articleId } = await startArticle(admin, { feedId });
    const { revision } = await saveDraft(admin, articleId, { title: "From the board", document: documentOfText("x"), coverId: null, revision: 1, tab: "a" });
    await publishArticle(admin, articleId, asIs({ revision }));
    expect((await openArticle(bora, articleId)).feed).toMatchObject({ id: feedId, slug: "board" });
    expect(await faultsOf(moveFeed(admin, articleId, await firstFeedOf(admin, studio)))).toEqual(["feedId: not-an-option"]);
    await moveFeed(admin, articleId, await firstFeedOf(admin, home));
    expect((await openArticle(bora, articleId)).feed.slug).toBe("news");
  });

  test("with a key is done once however often it is asked for", async () => {
    const key = randomUUID();
    const input = parseInput(createArticleInput, { title: "Keyed", text: "words", feedId: await firstFeedOf(ada, home) });
    const made = await Promise.all(Array.from({ length: 4 }, () => createArticle(ada, input, { idempotencyKey: key })));
    expect(new Set(made.map(({ articleId }) => articleId)).size).toBe(1);
    expect(await codeOf(createArticle(ada, { ...input, title: "Other" }, { idempotencyKey: key }))).toBe("IDEMPOTENCY_MISMATCH");
    const started = randomUUID();
    const [one, two] = await Promise.all([startArticle(ada, { feedId: input.feedId }, started), startArticle(ada, { feedId: input.feedId }, started)]);
    expect(one).toEqual(two);
  });

  test("shows no media that are neither its author's nor in it", async () => {
    const { articleId, revision } = await drafted(ada, "Picture", "words");
    const picture = { type: "doc", content: [{ type: "media", attrs: { mediaId: "med_01h455vb4pex5vsknk084sn02q", caption: "" } }] } as const;
    expect(await faultsOf(saveDraft(ada, articleId, { title: "P", document: { type: "doc", content: [...picture.content] }, coverId: null, revision, tab: "a" }))).toEqual(["document: unknown-media"]);
    expect(await inTenant(ada, (tx) => tx.select().from(articleMedia).where(eq(articleMedia.articleId, articleId)))).toEqual([]);
    expect((await draftOf(ada, articleId)).revision).toBe(revision);
  });
});

describe("a further version", () => {
  test("is told only to whom it mentions for the first time, and keeps the earlier one", async () => {
    const articleId = await publishNews(ada, home, "Plan", { text: `Hi @[Bora](${bora.id})` });
    await saveDraft(ada, articleId, { title: "Plan B", document: documentOfText(`Hi @[Min](${admin.id}), and @[Bora](${bora.id})`), coverId: null, revision: 0, tab: "a" });
    expect((await openArticle(bora, articleId)).title).toBe("Plan");
    expect(await myDrafts(ada, await slugOfWorkspace(home))).toContainEqual(expect.objectContaining({ articleId, title: "Plan B", published: true }));
    expect(await publishArticle(ada, articleId, asIs())).toMatchObject({ version: 2 });
    expect(await openArticle(bora, articleId)).toMatchObject({ title: "Plan B", version: 2, editedAt: expect.any(Date) });
    expect((await eventsOf(articleId)).map(({ name, payload }) => [name, payload.mentioned])).toEqual([["article.published", [bora.id]], ["article.updated", [admin.id]]]);
    // Taken out and put in again, a name is not mentioned for the first time.
    await changeArticle(ada, articleId, parseInput(changeArticleInput, { text: "Nobody" }));
    await changeArticle(ada, articleId, parseInput(changeArticleInput, { text: `Again @[Min](${admin.id})` }));
    expect((await eventsOf(articleId)).slice(2).map(({ payload }) => payload.mentioned)).toEqual([[], []]);
    expect((await articleHistory(ada, articleId)).map(({ version, title, editor }) => [version, title, editor.name])).toEqual([[4, "Plan B", "ada"], [3, "Plan B", "ada"], [2, "Plan B", "ada"], [1, "Plan", "ada"]]);
    expect((await articleVersion(ada, articleId, 1)).document).toEqual(documentOfText(`Hi @[Bora](${bora.id})`));
    expect(await codeOf(articleVersion(ada, articleId, 9))).toBe("NOT_FOUND");
    expect(await codeOf(articleHistory(bora, articleId))).toBe("FORBIDDEN");
  });

  test("of two editors at once: one wins, the other is told what readers see now and keeps their words", async () => {
    const articleId = await publishNews(bora, home, "Shared");
    for (const [editor, title] of [[bora, "Bora's"], [admin, "Min's"]] as const) {
      await saveDraft(editor, articleId, { title, document: documentOfText(title), coverId: null, revision: 0, basedOn: 1, tab: "a" });
    }
    const outcomes = await Promise.allSettled([publishArticle(bora, articleId, asIs()), publishArticle(admin, articleId, asIs())]);
    const lost = outcomes.find((outcome) => outcome.status === "rejected");
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { title: winner } = await openArticle(ada, articleId);
    expect(lost?.reason).toMatchObject({ code: "EDIT_CONFLICT", extra: { version: 2, title: winner } });
    const loser = winner === "Bora's" ? admin : bora;
    const kept = await draftOf(loser, articleId);
    expect(kept).toMatchObject({ basedOn: 1, version: 2, revision: 1 });
    expect(kept.title).not.toBe(winner);
    // Having compared the two, they may replace it knowingly.
    expect(await publishArticle(loser, articleId, asIs({ version: 2 }))).toMatchObject({ version: 3 });
  });

  test("is none when nothing changed", async () => {
    const articleId = await publishNews(ada, home, "Same", { text: "words" });
    await saveDraft(ada, articleId, { title: "Same", document: documentOfText("words"), coverId: null, revision: 0, tab: "a" });
    expect(await publishArticle(ada, articleId, asIs({ commentsOpen: false }))).toMatchObject({ version: 1 });
    expect(await openArticle(ada, articleId)).toMatchObject({ version: 1, commentsOpen: false, draft: null });
    expect(await eventsOf(articleId)).toHaveLength(1);
  });

  test("an earlier one goes back into the draft, which readers do not see", async () => {
    const articleId = await publishNews(ada, home, "First", { text: "first words" });
    await changeArticle(ada, articleId, parseInput(changeArticleInput, { title: "Second", text: "second words" }), { ifVersion: 1 });
    expect(await codeOf(changeArticle(ada, articleId, parseInput(changeArticleInput, { title: "Third" }), { ifVersion: 1 }))).toBe("PRECONDITION_FAILED");
    await restoreVersion(ada, articleId, 1);
    expect(await draftOf(ada, articleId)).toMatchObject({ title: "First", basedOn: 2, document: documentOfText("first words") });
    expect((await openArticle(bora, articleId)).title).toBe("Second");
    expect(await codeOf(restoreVersion(bora, articleId, 1))).toBe("FORBIDDEN");
  });
});

describe("places", () => {
  test("a workspace that loses an article loses it at once, and one that its editor cannot see stays", async () => {
    const articleId = await publishNews(bora, home, "Moving");
    await changeArticle(ada, articleId, { workspaceIds: [home, studio], document: undefined });
    const inStudio = await joinAs(ada, "stu@here.example");
    await asSystem("demo", async (tx) => {
      await tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, inStudio.id));
      await tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId: studio, memberId: inStudio.id });
    });
    expect((await openArticle(inStudio, articleId)).title).toBe("Moving");
    // Bora is its author, and not in the studio.
    await changeArticle(bora, articleId, { workspaceIds: [home], document: undefined });
    expect((await openArticle(inStudio, articleId)).title).toBe("Moving");
    await changeArticle(admin, articleId, { workspaceIds: [home], document: undefined });
    expect(await codeOf(openArticle(inStudio, articleId))).toBe("NOT_FOUND");
    // Where it was written it stays, whatever is asked for.
    await changeArticle(admin, articleId, { workspaceIds: [studio], document: undefined });
    expect((await openArticle(bora, articleId)).title).toBe("Moving");
  });
});

describe("archive, restore, delete, purge", () => {
  test("what is archived is read by its address, and comes back where it stood", async () => {
    const articleId = await publishNews(bora, home, "Old");
    const { publishedAt } = await openArticle(bora, articleId);
    await setPinned(admin, articleId, { workspaceId: home, pinned: true });
    await archiveArticle(bora, articleId);
    await archiveArticle(bora, articleId);
    expect((await openArticle(ada, articleId)).state).toBe("archived");
    expect((await archivedArticles(ada, await slugOfWorkspace(home))).map(({ id }) => id)).toContain(articleId);
    expect(await codeOf(setPinned(admin, articleId, { workspaceId: home, pinned: true }))).toBe("CONFLICT");
    await restoreArticle(admin, articleId);
    const [place] = await inTenant(ada, (tx) => tx.select().from(articlePlaces).where(eq(articlePlaces.articleId, articleId)));
    expect(place).toMatchObject({ listedAt: publishedAt, pinnedAt: null });
    expect((await eventsOf(articleId)).map(({ name }) => name)).toEqual(["article.published", "article.archived"]);
    expect(await codeOf(archiveArticle((await drafted(ada, "x", "x").then(() => bora)), articleId).then(() => archiveArticle(stranger, articleId)))).toBe("NOT_FOUND");
  });

  test("what is deleted is gone for everybody at once, is audited when it was somebody else's, and purged a month later", async () => {
    const articleId = await publishNews(bora, home, "Away");
    await deleteArticle(admin, articleId);
    for (const reader of [ada, bora, admin]) expect(await codeOf(openArticle(reader, articleId))).toBe("ARTICLE_GONE");
    expect(await codeOf(deleteArticle(bora, articleId))).toBe("ARTICLE_GONE");
    expect(await codeOf(openArticle(stranger, articleId))).toBe("NOT_FOUND");
    expect((await eventsOf(articleId)).map(({ name }) => name)).toEqual(["article.published", "article.deleted"]);
    const entries = await inTenant(ada, (tx) => tx.select().from(auditEntries).where(and(eq(auditEntries.action, "article.deleted"), eq(auditEntries.subject, "Away"))));
    expect(entries).toMatchObject([{ actorId: admin.id, detail: { articleId, author: "bora" } }]);
    const rows = () => inTenant(ada, (tx) => tx.select({ id: articles.id }).from(articles).where(eq(articles.id, articleId)));
    const day = 24 * 60 * 60 * 1000;
    await clock.at(new Date(Date.now() + 29 * day), purgeArticles);
    expect(await rows()).toHaveLength(1);
    await clock.at(new Date(Date.now() + 31 * day), purgeArticles);
    expect(await rows()).toEqual([]);
    expect(await inTenant(ada, (tx) => tx.select().from(articleVersions).where(eq(articleVersions.articleId, articleId)))).toEqual([]);
    expect(await codeOf(openArticle(ada, articleId))).toBe("NOT_FOUND");
  });

  test("what was never published leaves no trace when it is deleted, and nobody hears of it", async () => {
    const { articleId } = await drafted(bora, "Secret", "words");
    expect(await codeOf(deleteArticle(admin, articleId))).toBe("NOT_FOUND");
    await deleteArticle(bora, articleId);
    expect(await codeOf(openArticle(bora, articleId))).toBe("NOT_FOUND");
    expect(await eventsOf(articleId)).toEqual([]);
  });
});

describe("pins", () => {
  test("are few, for admins, and counted exactly when many pin at once", async () => {
    const { workspaceId } = await workspaceWith("Pins", [ada, admin, bora]);
    const made = [];
    for (let n = 0; n < 6; n += 1) made.push(await publishNews(ada, workspaceId, `Pin ${n}`));
    const outcomes = await Promise.allSettled(made.map((id) => setPinned(admin, id, { workspaceId, pinned: true })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const lost = outcomes.find((outcome) => outcome.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "INVALID", fields: [{ code: "too-many-pins", values: { max: 3 } }] });
    const [first = ""] = made;
    expect(await codeOf(setPinned(bora, first, { workspaceId, pinned: false }))).toBe("FORBIDDEN");
    expect(await codeOf(setPinned(admin, first, { workspaceId: home, pinned: true }))).toBe("NOT_FOUND");
  });
});

describe("who may", () => {
  test("nobody outside its workspaces sees or touches an article, in any state", async () => {
    const published = await publishNews(ada, home, "Here");
    const { articleId: draft } = await drafted(ada, "Mine", "words");
    for (const person of [outside, stranger]) {
      for (const id of [published, draft]) {
        expect(await codeOf(openArticle(person, id))).toBe("NOT_FOUND");
        expect(await codeOf(draftOf(person, id))).toBe("NOT_FOUND");
        expect(await codeOf(saveDraft(person, id, { title: "x", document: documentOfText("x"), coverId: null, revision: 0, tab: "a" }))).toBe("NOT_FOUND");
        expect(await codesOf([
          publishArticle(person, id, asIs()), archiveArticle(person, id), restoreArticle(person, id), deleteArticle(person, id), restoreVersion(person, id, 1),
          setPinned(person, id, { workspaceId: home, pinned: true }), setCommentsOpen(person, id, false), changeArticle(person, id, { workspaceIds: [], document: undefined }),
          changeArticle(person, id, parseInput(changeArticleInput, { title: "x" })),
        ])).toEqual(["NOT_FOUND"]);
      }
      expect(await codeOf(startArticle(person, { feedId: await firstFeedOf(ada, home) }))).toBe("NOT_FOUND");
    }
  });

  test("a reader changes nothing, an admin everything but somebody's draft", async () => {
    const articleId = await publishNews(bora, home, "Bora's own");
    const carl = await joinAs(ada, "carl@here.example");
    expect(await codesOf([
      archiveArticle(carl, articleId), deleteArticle(carl, articleId), setCommentsOpen(carl, articleId, false), changeArticle(carl, articleId, { workspaceIds: [], document: undefined }),
      changeArticle(carl, articleId, parseInput(changeArticleInput, { title: "x" })), publishArticle(carl, articleId, asIs()),
      saveDraft(carl, articleId, { title: "x", document: documentOfText("x"), coverId: null, revision: 0, tab: "a" }),
    ])).toEqual(["FORBIDDEN"]);
    await changeArticle(admin, articleId, parseInput(changeArticleInput, { title: "By an admin" }));
    expect(await openArticle(carl, articleId)).toMatchObject({ title: "By an admin", author: { id: bora.id } });
    const { articleId: draft } = await drafted(bora, "Only mine", "words");
    expect(await codesOf([openArticle(admin, draft), draftOf(admin, draft), changeArticle(admin, draft, parseInput(changeArticleInput, { title: "x" })), publishArticle(admin, draft, asIs())])).toEqual(["NOT_FOUND"]);
  });

  test("what somebody wrote stays when they are removed, and says so", async () => {
    const dan = await joinAs(ada, "dan@here.example");
    const articleId = await publishNews(dan, home, "By Dan");
    await removeMember(ada, dan.id);
    expect(await openArticle(bora, articleId)).toMatchObject({ author: { id: dan.id, name: "dan", gone: true }, title: "By Dan" });
  });

  test("whoever leaves a workspace loses its articles at once, their own included", async () => {
    const eve = await joinAs(ada, "eve@here.example");
    const articleId = await publishNews(eve, home, "By Eve");
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, eve.id)));
    expect(await codeOf(openArticle(eve, articleId))).toBe("NOT_FOUND");
    expect(await codeOf(deleteArticle(eve, articleId))).toBe("NOT_FOUND");
  });
});

test("what is no id is nothing, and not a defect", async () => {
  for (const id of ["", "art_", "art_x", "' or 1=1", `mtg_${"0".repeat(26)}`, "art_01h455vb4pex5vsknk084sn02q"]) expect(await codeOf(openArticle(ada, id))).toBe("NOT_FOUND");
});
