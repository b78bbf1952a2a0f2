import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rateLimits } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { auditEntries } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { removeFromWorkspace } from "@/lib/organizations/workspaces/commands";
import { archiveArticle, deleteArticle, setCommentsOpen, startArticle } from "../articles/commands";
import { articleTallies } from "../articles/tables";
import { documentOfText } from "../document/rules";
import { eventsOf, firstFeedOf, publishNews, workspaceWith } from "../testing";
import { addComment, deleteComment, editComment } from "./commands";
import { addCommentInput } from "./inputs";
import { commentDetails, commentsAt } from "./queries";
import { comments } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let chris: Member;
let outside: Member;
let stranger: Member;
let workspaceId: string;

beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  workspaceId = founded.workspaceId;
  bora = await joinAs(ada, "bora@here.example");
  chris = await joinAs(ada, "chris@here.example");
  outside = await joinAs(ada, "outside@here.example", "admin");
  await removeFromWorkspace(ada, workspaceId, outside.id);
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

// Each test is as a minute of its own.
beforeEach(() => asSystem("authentication", (tx) => tx.delete(rateLimits)));

const words = (text: string) => documentOfText(text);
const say = async (member: Member, articleId: string, text = "Well.", parentId: string | null = null, key?: string) =>
  (await addComment(member, articleId, { document: words(text), parentId }, key)).commentId;
const textsAt = async (member: Member, articleId: string) => (await commentsAt(member, articleId)).comments.map(({ text }) => text);
const tallyOf = async (articleId: string) => {
  const [row] = await asSystem("articles", (tx) => tx.select().from(articleTallies).where(eq(articleTallies.articleId, articleId)));
  return row?.comments;
};
const standingAt = async (articleId: string) =>
  (await asSystem("articles", (tx) => tx.select({ deletedAt: comments.deletedAt }).from(comments).where(eq(comments.articleId, articleId)))).filter(({ deletedAt }) => deletedAt === null).length;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (error: unknown) => (error instanceof Refused ? error.code : Promise.reject(error instanceof Error ? error : new Error(String(error)))),
  );

describe("commenting", () => {
  test("stores the words, counts them and tells of them together", async () => {
    const article = await publishNews(ada, workspaceId, "Opening");
    const id = await say(bora, article, `Fine, @[Chris](${chris.id}) and @[Outside](${outside.id}) and @[Bora](${bora.id})`);
    expect(await commentDetails(ada, id)).toMatchObject({ articleId: article, parentId: null, author: { id: bora.id, name: "bora" }, version: 1, editedAt: null, mayEdit: false, mayDelete: true });
    expect(await tallyOf(article)).toBe(1);
    // Only who may read the article is told, and nobody of what they wrote themselves.
    expect(await eventsOf(article)).toContainEqual({
      name: "comment.added",
      payload: expect.objectContaining({
        actor: { memberId: bora.id, name: "bora" },
        article: expect.objectContaining({ id: article, authorId: ada.id, workspaceIds: [workspaceId] }),
        comment: { id, parentId: null, excerpt: "Fine, @Chris and @Outside and @Bora" },
        repliedTo: null,
        mentioned: [chris.id],
      }),
    });
  });

  test("an answer to an answer stands beside it, and tells whom it answers", async () => {
    const article = await publishNews(ada, workspaceId);
    const first = await say(bora, article, "first");
    const reply = await say(chris, article, "reply", first);
    const further = await say(ada, article, "further", reply);
    expect((await commentDetails(ada, further)).parentId).toBe(first);
    const told = (await eventsOf(article)).filter(({ name }) => name === "comment.added").map(({ payload }) => payload.repliedTo);
    expect(told).toEqual([null, bora.id, chris.id]);
  });

  test("an answer to a comment that was just deleted is not lost: the place comes back without words, and nobody is told", async () => {
    const article = await publishNews(ada, workspaceId);
    const first = await say(bora, article, "a secret");
    await deleteComment(bora, first);
    expect(await textsAt(ada, article)).toEqual([]);
    await say(chris, article, "why?", first);
    const page = await commentsAt(ada, article);
    expect(page.comments).toMatchObject([{ id: first, author: null, document: null, text: "", deleted: "by-author", replies: 1, mayEdit: false }, { text: "why?", parentId: first }]);
    expect((await eventsOf(article)).at(-1)?.payload.repliedTo).toBeNull();
  });

  test("a parent at another article is no parent", async () => {
    const article = await publishNews(ada, workspaceId);
    const elsewhere = await say(bora, await publishNews(ada, workspaceId), "there");
    for (const parent of [elsewhere, newId("comment"), "nonsense"]) expect(await refusal(say(bora, article, "here", parent))).toBe("INVALID");
    expect(await tallyOf(article)).toBe(0);
  });

  test("a request that is repeated, even ten times at once, is one comment", async () => {
    const article = await publishNews(ada, workspaceId);
    const made = await Promise.all(Array.from({ length: 10 }, () => say(bora, article, "once", null, "key-once")));
    expect(new Set(made).size).toBe(1);
    expect(await standingAt(article)).toBe(1);
    expect(await tallyOf(article)).toBe(1);
    expect((await eventsOf(article)).filter(({ name }) => name === "comment.added")).toHaveLength(1);
    expect(await refusal(say(bora, article, "something else", null, "key-once"))).toBe("IDEMPOTENCY_MISMATCH");
    expect(await say(bora, article, "once", null, "key-once")).toBe(made[0]);
  });

  test("is refused where there is nothing to comment, with the reason", async () => {
    const closed = await publishNews(ada, workspaceId);
    await setCommentsOpen(ada, closed, false);
    expect(await refusal(say(bora, closed))).toBe("COMMENTS_CLOSED");
    const archived = await publishNews(ada, workspaceId);
    await archiveArticle(ada, archived);
    expect(await refusal(say(bora, archived))).toBe("COMMENTS_CLOSED");
    const deleted = await publishNews(ada, workspaceId);
    await deleteArticle(ada, deleted);
    expect(await refusal(say(bora, deleted))).toBe("ARTICLE_GONE");
    const { articleId: draft } = await startArticle(ada, { feedId: await firstFeedOf(ada, workspaceId) });
    for (const member of [ada, bora]) expect(await refusal(say(member, draft))).toBe("NOT_FOUND");
    expect(await refusal(say(ada, newId("article")))).toBe("NOT_FOUND");
  });

  test("stops at so many a minute, for this member alone", async () => {
    const article = await publishNews(ada, workspaceId);
    const hasty = await joinAs(ada, "hasty@here.example");
    const answers = await clock.at("2031-01-01T09:00:00Z", () => Promise.all(Array.from({ length: 65 }, () => refusal(say(hasty, article)))));
    expect(answers.filter((answer) => answer === "TOO_MANY_REQUESTS")).toHaveLength(5);
    expect(await refusal(say(bora, article))).toBe("taken");
    expect(await tallyOf(article)).toBe(await standingAt(article));
  });

  test("wants a document or words, not both, and not nothing", () => {
    const read = (input: object) => parseInput(addCommentInput, { article: "art_x", ...input });
    expect(read({ text: "Hello" })).toMatchObject({ articleId: "art_x", parentId: null, document: { type: "doc" } });
    for (const input of [{}, { text: " \n " }, { document: words("") }, { document: words("a"), text: "b" }, { document: { type: "doc", content: [{ type: "script" }] } }]) {
      expect(() => read(input)).toThrow(Refused);
    }
  });
});

describe("changing", () => {
  test("is marked, raises the version and tells only who is named for the first time", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, `Hi @[Chris](${chris.id})`);
    expect(await editComment(bora, id, { document: words(`Hi @[Chris](${chris.id}) and @[Ada](${ada.id})`), version: 1 })).toEqual({ version: 2 });
    expect(await commentDetails(bora, id)).toMatchObject({ text: "Hi @Chris and @Ada", version: 2, editedAt: expect.any(String), mayEdit: true });
    expect((await eventsOf(article)).at(-1)).toMatchObject({ name: "comment.edited", payload: { mentioned: [ada.id] } });
  });

  test("into the same words changes nothing", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "as it is");
    expect(await editComment(bora, id, { document: words("as it is") })).toEqual({ version: 1 });
    expect((await commentDetails(bora, id)).editedAt).toBeNull();
    expect((await eventsOf(article)).filter(({ name }) => name === "comment.edited")).toEqual([]);
  });

  test("of two tabs at once, one wins and the other is told", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "draft");
    const answers = await Promise.all(["one", "other"].map((text) => refusal(editComment(bora, id, { document: words(text), version: 1 }))));
    expect(answers.sort()).toEqual(["PRECONDITION_FAILED", "taken"]);
  });

  test("is the author's alone, and only while comments are taken", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "mine");
    for (const member of [ada, chris]) expect(await refusal(editComment(member, id, { document: words("theirs") }))).toBe("FORBIDDEN");
    await setCommentsOpen(ada, article, false);
    expect(await refusal(editComment(bora, id, { document: words("late") }))).toBe("COMMENTS_CLOSED");
    await deleteComment(bora, id);
    expect(await refusal(editComment(bora, id, { document: words("too late") }))).toBe("NOT_FOUND");
  });
});

describe("deleting", () => {
  test("takes the words away, counts down once however often it is said, and leaves no place without replies", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "gone soon");
    await Promise.all([deleteComment(bora, id), deleteComment(bora, id), deleteComment(bora, id)]);
    expect(await tallyOf(article)).toBe(0);
    expect(await textsAt(ada, article)).toEqual([]);
    expect((await eventsOf(article)).filter(({ name }) => name === "comment.deleted")).toMatchObject([{ payload: { articleId: article, commentId: id, actor: { memberId: bora.id } } }]);
    const [row] = await asSystem("articles", (tx) => tx.select().from(comments).where(eq(comments.id, id)));
    expect(row).toMatchObject({ document: null, text: "", deletedBy: bora.id });
    expect(await refusal(commentDetails(ada, id))).toBe("NOT_FOUND");
  });

  test("by a manager is written down; by its author or another member it is not, or not at all", async () => {
    const article = await publishNews(ada, workspaceId, "Audited");
    const id = await say(bora, article, "rude");
    const reply = await say(chris, article, "hey", id);
    expect(await refusal(deleteComment(chris, id))).toBe("FORBIDDEN");
    await deleteComment(chris, reply);
    await say(chris, article, "hey again", id);
    await deleteComment(ada, id);
    expect((await commentsAt(bora, article)).comments[0]).toMatchObject({ id, deleted: "by-manager", author: null });
    const entries = await asSystem("articles", (tx) => tx.select().from(auditEntries).where(eq(auditEntries.action, "comment.deleted")));
    expect(entries).toMatchObject([{ actorId: ada.id, subject: "Audited", detail: { commentId: id, articleId: article, authorId: bora.id } }]);
  });

  test("stays possible when nothing can be added any more", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "mine");
    await archiveArticle(ada, article);
    await deleteComment(bora, id);
    expect(await tallyOf(article)).toBe(0);
  });

  test("the last reply to a deleted comment takes its place with it", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article);
    const reply = await say(chris, article, "reply", id);
    await deleteComment(bora, id);
    await deleteComment(chris, reply);
    expect((await commentsAt(ada, article)).comments).toEqual([]);
  });

  test("while it is being answered ends with the answer there and the count right, whoever is first", async () => {
    const article = await publishNews(ada, workspaceId);
    for (let round = 0; round < 5; round += 1) {
      const id = await say(bora, article, `round ${round}`);
      await Promise.all([deleteComment(bora, id), say(chris, article, `answer ${round}`, id)]);
    }
    const page = await commentsAt(ada, article);
    expect(page.comments.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, (_, round) => ["", `answer ${round}`]).flat());
    expect(page.total).toBe(5);
    expect(await standingAt(article)).toBe(5);
  });
});

describe("reading", () => {
  test("begins with the latest, oldest first, and goes back page by page without losing or repeating any", async () => {
    const article = await publishNews(ada, workspaceId);
    const people = [ada, bora, chris];
    for (let number = 1; number <= 25; number += 1) await say(people[number % 3] ?? ada, article, String(number));
    const latest = await commentsAt(ada, article, { limit: 10 });
    expect(latest.comments.map(({ text }) => text)).toEqual(["16", "17", "18", "19", "20", "21", "22", "23", "24", "25"]);
    expect(latest.total).toBe(25);
    const before = await commentsAt(ada, article, { limit: 10, cursor: latest.nextCursor ?? undefined });
    const first = await commentsAt(ada, article, { limit: 10, cursor: before.nextCursor ?? undefined });
    expect([...first.comments, ...before.comments].map(({ text }) => text)).toEqual(Array.from({ length: 15 }, (_, at) => String(at + 1)));
    expect(first.nextCursor).toBeNull();
    const looked = await commentsAt(ada, article, { around: first.comments[2]?.id });
    expect(looked.comments.map(({ text }) => text)).toEqual(Array.from({ length: 23 }, (_, at) => String(at + 3)));
    expect(looked.nextCursor).toBe(looked.comments[0]?.id);
    expect(await refusal(commentsAt(ada, article, { cursor: "nonsense" }))).toBe("INVALID");
  });

  test("shows the latest replies with their comment, earlier ones when asked, and a looked-for one wherever it is", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(ada, article, "parent");
    const ids: string[] = [];
    const people = [ada, bora, chris];
    for (let number = 1; number <= 14; number += 1) ids.push(await say(people[number % 3] ?? ada, article, String(number), id));
    const page = await commentsAt(bora, article);
    expect(page.comments.map(({ text }) => text)).toEqual(["parent", ...Array.from({ length: 10 }, (_, at) => String(at + 5))]);
    expect(page.comments[0]).toMatchObject({ replies: 14 });
    const earlier = await commentsAt(bora, article, { parent: id, cursor: page.comments[1]?.id });
    expect(earlier).toMatchObject({ comments: ["1", "2", "3", "4"].map((text) => ({ text, parentId: id })), nextCursor: null });
    const looked = await commentsAt(bora, article, { around: ids[1] });
    expect(looked.comments.map(({ text }) => text)).toEqual(["parent", ...Array.from({ length: 13 }, (_, at) => String(at + 2))]);
  });

  test("by ids gives what is there, with what it answers, and of one article only", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(ada, article, "parent");
    const reply = await say(bora, article, "reply", id);
    const foreign = await say(bora, await publishNews(ada, workspaceId), "elsewhere");
    const gone = await say(bora, article, "gone");
    await deleteComment(bora, gone);
    expect((await commentsAt(ada, article, { ids: [reply, gone, foreign, "nonsense"] })).comments.map((comment) => comment.id)).toEqual([id, reply]);
  });

  test("calls people by their present names, also where they are mentioned", async () => {
    const article = await publishNews(ada, workspaceId);
    await say(ada, article, `Ask @[Somebody](${chris.id})`);
    expect((await commentsAt(bora, article)).people).toEqual({ [chris.id]: "chris" });
  });
});

describe("who is not in the workspace", () => {
  test("finds nothing, admins of the organization neither, and can change nothing", async () => {
    const article = await publishNews(ada, workspaceId);
    const id = await say(bora, article, "inside");
    for (const member of [outside, stranger]) {
      expect(await refusal(commentsAt(member, article))).toBe("NOT_FOUND");
      expect(await refusal(commentDetails(member, id))).toBe("NOT_FOUND");
      expect(await refusal(say(member, article))).toBe("NOT_FOUND");
      expect(await refusal(editComment(member, id, { document: words("x") }))).toBe("NOT_FOUND");
      expect(await refusal(deleteComment(member, id))).toBe("NOT_FOUND");
    }
    expect(await textsAt(ada, article)).toEqual(["inside"]);
  });

  test("loses it the moment they leave, and has it by any of the article's workspaces", async () => {
    const dora = await joinAs(ada, "dora@here.example");
    const { workspaceId: second } = await workspaceWith("Second", [ada, dora]);
    const article = await publishNews(ada, workspaceId, "Both", { workspaceIds: [workspaceId, second] });
    const id = await say(dora, article, "here");
    await removeFromWorkspace(ada, workspaceId, dora.id);
    expect(await textsAt(dora, article)).toEqual(["here"]);
    await removeFromWorkspace(ada, second, dora.id);
    expect(await refusal(commentsAt(dora, article))).toBe("NOT_FOUND");
    expect(await refusal(deleteComment(dora, id))).toBe("NOT_FOUND");
    expect(await textsAt(ada, article)).toEqual(["here"]);
  });
});
