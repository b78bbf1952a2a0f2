import { describe, expect, test } from "vitest";
import type { CommentPage, CommentView } from "@/lib/feed/comments/mappings";
import { talkOf, threadsOf, withChanged, withEarlier, withLatest, withOne, withReplies, withoutRemoved, type Talk } from "./talk";

const comment = (id: string, parentId: string | null = null, more: Partial<CommentView> = {}): CommentView => ({
  id,
  articleId: "art",
  parentId,
  author: { id: "mbr", name: "Ada" },
  document: { type: "doc", content: [] },
  text: id,
  version: 1,
  createdAt: "2031-01-01T09:00:00.000Z",
  editedAt: null,
  deleted: null,
  replies: 0,
  likes: 0,
  liked: false,
  mayEdit: true,
  mayDelete: true,
  url: "",
  ...more,
});
const page = (comments: CommentView[], more: Partial<CommentPage> = {}): CommentPage => ({ comments, nextCursor: null, people: {}, total: comments.length, open: true, ...more });
const idsOf = (talk: Talk) => threadsOf(talk).map(({ comment: { id }, replies }) => [id, ...replies.map((reply) => reply.id)].join(" "));

describe("a conversation in a tab", () => {
  test("is read oldest first, with replies below what they answer, whatever order they came in", () => {
    expect(idsOf(talkOf(page([comment("c3"), comment("c2", "c1"), comment("c1")])))).toEqual(["c1 c2", "c3"]);
  });

  test("says how many replies came before those it has", () => {
    const talk = talkOf(page([comment("c1", null, { replies: 3 }), comment("c4", "c1")]));
    expect(threadsOf(talk)).toMatchObject([{ earlier: 2 }]);
    expect(threadsOf(withReplies(talk, page([comment("c2", "c1"), comment("c3", "c1")])))).toMatchObject([{ earlier: 0 }]);
  });

  test("takes in what changed, and loses what is not there any more", () => {
    const talk = talkOf(page([comment("c1"), comment("c2")]));
    expect(idsOf(withChanged(talk, ["c2", "c3"], page([comment("c3")])))).toEqual(["c1", "c3"]);
    expect(withChanged(talk, ["c1"], page([comment("c1", null, { text: "new" })])).comments.get("c1")?.text).toBe("new");
  });

  test("loses the place of a deleted comment with its last reply, and no other", () => {
    const talk = talkOf(page([comment("c1", null, { deleted: "by-author", replies: 1 }), comment("c2", "c1"), comment("c3"), comment("c4", "c3")]));
    expect(idsOf(withChanged(talk, ["c2"], page([])))).toEqual(["c3 c4"]);
    expect(idsOf(withChanged(talk, ["c4"], page([])))).toEqual(["c1 c2", "c3"]);
  });

  test("leaves out a change in a part that it has not gone back to", () => {
    const talk = talkOf(page([comment("c5")], { nextCursor: "c5" }));
    expect(idsOf(withChanged(talk, ["c2"], page([comment("c2")])))).toEqual(["c5"]);
    expect(idsOf(withChanged(talk, ["c6"], page([comment("c6")])))).toEqual(["c5", "c6"]);
  });

  test("goes back without losing what it has", () => {
    const talk = withEarlier(talkOf(page([comment("c5")], { nextCursor: "c5" })), page([comment("c3"), comment("c4")], { nextCursor: "c3" }));
    expect(idsOf(talk)).toEqual(["c3", "c4", "c5"]);
    expect(talk.cursor).toBe("c3");
  });

  test("read anew has exactly what there is in that part, and keeps what lies before it", () => {
    const talk: Talk = { ...talkOf(page([comment("c1"), comment("c3"), comment("c4"), comment("c5", "c3")])), cursor: "c1" };
    const anew = withLatest(talk, page([comment("c3"), comment("c6")], { nextCursor: "c3", total: 9 }));
    expect(idsOf(anew)).toEqual(["c1", "c3", "c6"]);
    expect(anew).toMatchObject({ cursor: "c1", total: 9 });
    expect(withLatest(talk, page([comment("c6")])).cursor).toBeNull();
  });

  test("read anew keeps earlier replies that were asked for, and loses later ones that are gone", () => {
    const talk = talkOf(page([comment("c1", null, { replies: 3 }), comment("c2", "c1"), comment("c3", "c1"), comment("c4", "c1")]));
    expect(idsOf(withLatest(talk, page([comment("c1", null, { replies: 2 }), comment("c3", "c1")])))).toEqual(["c1 c2 c3"]);
  });

  test("counts what is sent once, also when it is heard of before", () => {
    const talk = withOne(talkOf(page([comment("c1")])), comment("c2"));
    expect(talk.total).toBe(2);
    expect(withOne(talk, comment("c2")).total).toBe(2);
  });

  test("shows a deletion at once: the place stays where it was answered", () => {
    const [answered, alone] = threadsOf(talkOf(page([comment("c1", null, { replies: 1 }), comment("c2", "c1"), comment("c3")])));
    if (!answered || !alone) throw new Error("two threads");
    expect(withoutRemoved(answered, new Set(["c1"]))).toMatchObject([{ comment: { id: "c1", author: null, document: null }, replies: [{ id: "c2" }] }]);
    expect(withoutRemoved(alone, new Set(["c3"]))).toEqual([]);
    expect(withoutRemoved(answered, new Set(["c1", "c2"]))).toEqual([]);
    expect(withoutRemoved(alone, new Set())).toEqual([alone]);
  });
});
