import { and, count, eq, isNull } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rateLimits } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { removeFromWorkspace } from "@/lib/organizations/workspaces/commands";
import { archiveArticle, deleteArticle, setCommentsOpen, startArticle } from "../articles/commands";
import { articleTallies } from "../articles/tables";
import { addComment, deleteComment } from "../comments/commands";
import { commentsAt } from "../comments/queries";
import { documentOfText } from "../document/rules";
import { eventsOf, firstFeedOf, publishNews } from "../testing";
import { setLike } from "./commands";
import { likeableOf, likersOf } from "./queries";
import { likes } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let outside: Member;
let stranger: Member;
let workspaceId: string;
const crowd: Member[] = [];

beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  workspaceId = founded.workspaceId;
  bora = await joinAs(ada, "bora@here.example");
  outside = await joinAs(ada, "outside@here.example", "admin");
  await removeFromWorkspace(ada, workspaceId, outside.id);
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
  for (let number = 0; number < 20; number += 1) crowd.push(await joinAs(ada, `crowd${number}@here.example`));
});
beforeEach(() => asSystem("authentication", (tx) => tx.delete(rateLimits)));

const like = (member: Member, articleId: string, liked = true) => setLike(member, { articleId, commentId: null }, liked);
const likeComment = (member: Member, articleId: string, commentId: string, liked = true) => setLike(member, { articleId, commentId }, liked);
const say = async (member: Member, articleId: string, text = "Well.") => (await addComment(member, articleId, { document: documentOfText(text), parentId: null })).commentId;
const likedEvents = async (articleId: string) => (await eventsOf(articleId)).filter(({ name }) => name === "article.liked").map(({ payload }) => payload);
/** What is kept, beside what is there. */
const counted = async (articleId: string) =>
  asSystem("articles", async (tx) => {
    const [tally] = await tx.select({ likes: articleTallies.likes }).from(articleTallies).where(eq(articleTallies.articleId, articleId));
    const [rows] = await tx.select({ likes: count() }).from(likes).where(and(eq(likes.articleId, articleId), isNull(likes.commentId), isNull(likes.withdrawnAt)));
    return { kept: tally?.likes, there: rows?.likes };
  });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (error: unknown) => (error instanceof Refused ? error.code : Promise.reject(error instanceof Error ? error : new Error(String(error)))),
  );

describe("liking", () => {
  test("counts once however often it is said, and is taken back once", async () => {
    const article = await publishNews(ada, workspaceId);
    expect(await like(bora, article)).toEqual({ liked: true, likes: 1 });
    expect(await like(bora, article)).toEqual({ liked: true, likes: 1 });
    expect(await like(bora, article, false)).toEqual({ liked: false, likes: 0 });
    expect(await like(bora, article, false)).toEqual({ liked: false, likes: 0 });
    expect(await counted(article)).toEqual({ kept: 0, there: 0 });
  });

  test("tells the author the first time ever, and nobody of their own like", async () => {
    const article = await publishNews(ada, workspaceId);
    await like(ada, article);
    await like(bora, article);
    await like(bora, article, false);
    await like(bora, article);
    expect(await likedEvents(article)).toMatchObject([{ actor: { memberId: bora.id }, authorId: ada.id, comment: null, article: { id: article } }]);
    expect(await counted(article)).toEqual({ kept: 2, there: 2 });
  });

  test("of a comment tells who wrote the comment, and leaves the article's count alone", async () => {
    const article = await publishNews(ada, workspaceId);
    const comment = await say(bora, article, "Well said");
    expect(await likeComment(ada, article, comment)).toEqual({ liked: true, likes: 1 });
    expect(await likeComment(bora, article, comment)).toEqual({ liked: true, likes: 2 });
    expect(await likedEvents(article)).toMatchObject([{ actor: { memberId: ada.id }, authorId: bora.id, comment: { id: comment, excerpt: "Well said" } }]);
    expect((await commentsAt(ada, article)).comments).toMatchObject([{ id: comment, likes: 2, liked: true }]);
    expect(await likeComment(ada, article, comment, false)).toEqual({ liked: false, likes: 1 });
    expect(await counted(article)).toEqual({ kept: 0, there: 0 });
  });

  test("by one person twenty times at once is one like and one event", async () => {
    const article = await publishNews(ada, workspaceId);
    const answers = await Promise.all(Array.from({ length: 20 }, () => like(bora, article)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ liked: true, likes: 1 })));
    expect(await counted(article)).toEqual({ kept: 1, there: 1 });
    expect(await likedEvents(article)).toHaveLength(1);
  });

  test("by twenty people at once, back and forth, ends exact", async () => {
    const article = await publishNews(ada, workspaceId);
    const comment = await say(ada, article);
    await Promise.all(
      crowd.map(async (member, number) => {
        for (let round = 0; round < 5; round += 1) {
          await Promise.all([like(member, article, round % 2 === 0), likeComment(member, article, comment, round % 2 === 0)]);
        }
        // Every second one changes their mind at last.
        if (number % 2 === 1) await Promise.all([like(member, article, false), likeComment(member, article, comment, false)]);
      }),
    );
    expect(await counted(article)).toEqual({ kept: 10, there: 10 });
    expect((await commentsAt(ada, article)).comments).toMatchObject([{ likes: 10 }]);
    expect(await likedEvents(article)).toHaveLength(40);
  }, 60_000);

  test("and taking back at the same instant leave what the row says", async () => {
    const article = await publishNews(ada, workspaceId);
    await Promise.all(Array.from({ length: 30 }, (_, number) => like(bora, article, number % 2 === 0)));
    const { kept, there } = await counted(article);
    expect(kept).toBe(there);
    expect((await likersOf(bora, article, { limit: 0 })).likes).toBe(there);
  });

  test("is refused where nothing may be liked, with the reason", async () => {
    const archived = await publishNews(ada, workspaceId);
    await like(bora, archived);
    await archiveArticle(ada, archived);
    for (const liked of [true, false]) expect(await refusal(like(bora, archived, liked))).toBe("COMMENTS_CLOSED");
    expect(await counted(archived)).toEqual({ kept: 1, there: 1 });
    const deleted = await publishNews(ada, workspaceId);
    const comment = await say(bora, deleted);
    await deleteArticle(ada, deleted);
    expect(await refusal(like(bora, deleted))).toBe("ARTICLE_GONE");
    expect(await refusal(likeComment(bora, deleted, comment))).toBe("ARTICLE_GONE");
    const { articleId: draft } = await startArticle(ada, { feedId: await firstFeedOf(ada, workspaceId) });
    expect(await refusal(like(ada, draft))).toBe("NOT_FOUND");
    const article = await publishNews(ada, workspaceId);
    const gone = await say(bora, article);
    await deleteComment(bora, gone);
    expect(await refusal(likeComment(ada, article, gone))).toBe("NOT_FOUND");
    expect(await refusal(likeComment(ada, article, comment))).toBe("NOT_FOUND");
  });

  test("stays possible where comments are closed", async () => {
    const article = await publishNews(ada, workspaceId);
    await setCommentsOpen(ada, article, false);
    expect(await like(bora, article)).toEqual({ liked: true, likes: 1 });
  });
});

describe("who likes it", () => {
  test("is a list of people, the latest first, page by page, without who took it back", async () => {
    const article = await publishNews(ada, workspaceId);
    let second = 0;
    for (const member of crowd.slice(0, 5)) await clock.at(new Date(Date.UTC(2031, 0, 1, 9, 0, (second += 1))), () => like(member, article));
    await like(crowd[2] ?? ada, article, false);
    const first = await likersOf(ada, article, { limit: 3 });
    expect(first).toMatchObject({ likes: 4, liked: false, people: ["crowd4", "crowd3", "crowd1"].map((name) => ({ name })) });
    expect(await likersOf(ada, article, { limit: 3, cursor: first.nextCursor ?? undefined })).toMatchObject({ people: [{ name: "crowd0" }], nextCursor: null });
    expect(await refusal(likersOf(ada, article, { limit: 3, cursor: "nonsense" }))).toBe("INVALID");
    for (const at of ["0000-01-01", "-271821-04-20T00:00:00Z", "+275760-09-13T00:00:00Z"]) {
      expect(await refusal(likersOf(ada, article, { limit: 3, cursor: Buffer.from(`${at} ${ada.id}`).toString("base64url") }))).toBe("INVALID");
    }
  });
});

describe("who is not in the workspace", () => {
  test("can neither like nor see who does", async () => {
    const article = await publishNews(ada, workspaceId);
    const comment = await say(bora, article);
    for (const member of [outside, stranger]) {
      for (const id of [article, comment, newId("article"), "nonsense"]) {
        expect(await refusal(likeableOf(member, id))).toBe("NOT_FOUND");
        expect(await refusal(likersOf(member, id, { limit: 50 }))).toBe("NOT_FOUND");
      }
      expect(await refusal(like(member, article))).toBe("NOT_FOUND");
      expect(await refusal(likeComment(member, article, comment))).toBe("NOT_FOUND");
    }
    expect(await counted(article)).toEqual({ kept: 0, there: 0 });
  });

  test("cannot like any more what they could before", async () => {
    const article = await publishNews(ada, workspaceId);
    const leaving = await joinAs(ada, "leaving@here.example");
    await like(leaving, article);
    await removeFromWorkspace(ada, workspaceId, leaving.id);
    expect(await refusal(like(leaving, article, false))).toBe("NOT_FOUND");
    expect(await counted(article)).toEqual({ kept: 1, there: 1 });
  });
});
