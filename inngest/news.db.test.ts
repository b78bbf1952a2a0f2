import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startMail } from "@/local/mail/server";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { archiveArticle, changeArticle, deleteArticle } from "@/lib/feed/articles/commands";
import { changeArticleInput } from "@/lib/feed/articles/inputs";
import { addComment, deleteComment, editComment } from "@/lib/feed/comments/commands";
import { documentOfText } from "@/lib/feed/document/rules";
import { setLike } from "@/lib/feed/likes/commands";
import { acknowledge, remind } from "@/lib/feed/must-reads/commands";
import { firstFeedOf, publishNews, workspaceWith } from "@/lib/feed/testing";
import { openArticles, topicNames } from "@/lib/feed/news/queries";
import { fanOut, fanOutPart, theStart } from "@/lib/notifications/fan-out/commands";
import { markRead } from "@/lib/notifications/inbox/commands";
import { inboxCount, inboxPage, unreadAbout, type InboxItem } from "@/lib/notifications/inbox/queries";
import { muteByLink } from "@/lib/notifications/leaving/commands";
import { muteOffer } from "@/lib/notifications/leaving/queries";
import { muteThread, mute, setPreferences } from "@/lib/notifications/preferences/commands";
import { mutedThreads } from "@/lib/notifications/preferences/queries";
import { receiptOf } from "@/lib/notifications/receipts/queries";
import { channels } from "@/lib/notifications/registry";
import { releaseHeld } from "@/lib/notifications/releases/commands";
import { deliver } from "@/lib/notifications/sending/commands";
import { deliveries, notifications, receivers } from "@/lib/notifications/tables";
import { mailFolder } from "@/lib/notifications/testing";
import { setTopic } from "@/lib/notifications/topics/commands";
import { myTopics, topicChoice } from "@/lib/notifications/topics/queries";
import { withdrawArticle, withdrawComment } from "@/lib/notifications/withdrawals/commands";
import type { Member } from "@/lib/organizations/actor";
import { removeFromWorkspace } from "@/lib/organizations/workspaces/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { subjects } from "./subjects";

const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
useTestDatabase({ RESEND_BASE_URL: engine.url, RESEND_API_KEY: apiKey });
afterAll(() => engine.close());

interface Stored {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}
const mailsTo = async (member: Member) => (await (await fetch(`${engine.url}/messages?to=${encodeURIComponent(member.email)}`)).json() as Stored[]).reverse();

// Each test has a workspace of its own, with the same people in it.
let here: Tenant;
let founder: Member;
let ada: Member;
let bora: Member;
let cem: Member;
let dora: Member;
/** In the organization, and not in the workspace. */
let outside: Member;
let place: string;
let round = 0;
beforeAll(async () => {
  founder = (await foundOrganization("founder@here.example", "Here")).owner;
  here = systemTenant(founder.organizationId);
});
beforeEach(async () => {
  round += 1;
  [ada, bora, cem, dora, outside] = [await person("ada"), await person("bora"), await person("cem"), await person("dora"), await person("outside")];
  place = (await workspaceWith(`Team${round}`, [ada, bora, cem, dora])).workspaceId;
});
const person = (name: string) => joinAs(founder, `${name}@round${round}.example`);

const told = new Set<string>();
/** Every event of the news that happened since, as the relay hands them over. */
async function happened(articleId: string): Promise<{ name: string; envelope: EventEnvelope }[]> {
  const rows = await asSystem("relay", (tx) =>
    tx
      .select()
      .from(outboxEvents)
      .where(sql`${outboxEvents.payload} -> 'article' ->> 'id' = ${articleId} or ${outboxEvents.payload} ->> 'articleId' = ${articleId}`)
      .orderBy(asc(outboxEvents.id)),
  );
  return rows
    .filter(({ id }) => !told.has(id))
    .map((row) => ({
      name: row.name,
      envelope: { eventId: row.id as EventEnvelope["eventId"], organizationId: row.organizationId, version: row.version, occurredAt: row.occurredAt.toISOString(), payload: row.payload },
    }));
}

/** What the functions do with what has happened. */
async function tellAll(articleId: string): Promise<void> {
  for (const { name, envelope } of await happened(articleId)) {
    told.add(envelope.eventId);
    if (name === "article.deleted") await withdrawArticle(here, articleId);
    else if (name === "comment.deleted") await withdrawComment(here, articleId, String(envelope.payload.commentId));
    else await fanOut(here, name, envelope);
  }
}

async function publish(author: Member, title: string, more: Record<string, unknown> = {}): Promise<string> {
  const id = await publishNews(author, place, title, more);
  await tellAll(id);
  return id;
}
async function comment(author: Member, articleId: string, text: string, parentId: string | null = null): Promise<string> {
  const { commentId } = await addComment(author, articleId, { document: documentOfText(text), parentId });
  await tellAll(articleId);
  return commentId;
}
const mention = ({ id, name }: Member) => `@[${name}](${id})`;

const inbox = async (member: Member): Promise<InboxItem[]> => (await inboxPage(member, { limit: 50, tab: "all" })).items;
const lines = async (member: Member) => (await inbox(member)).map(({ sentence }) => sentence);

/** Types by member of what was told about an article, oldest first. */
async function toldAbout(articleId: string): Promise<Record<string, string[]>> {
  const rows = await asSystem("sweep", (tx) =>
    tx
      .select({ type: notifications.type, memberId: receivers.memberId })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(sql`${notifications.payload} -> 'article' ->> 'id' = ${articleId}`)
      .orderBy(asc(receivers.id)),
  );
  const names = new Map([[ada.id, "ada"], [bora.id, "bora"], [cem.id, "cem"], [dora.id, "dora"], [outside.id, "outside"]]);
  const byName: Record<string, string[]> = {};
  for (const { type, memberId } of rows) (byName[names.get(memberId) ?? memberId] ??= []).push(type);
  return byName;
}

const sent = (articleId: string, channel = "email") =>
  asSystem("sweep", (tx) =>
    tx
      .select({ id: deliveries.id, type: notifications.type, state: deliveries.state, reason: deliveries.reason, memberId: deliveries.memberId, hold: deliveries.hold })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(sql`${notifications.payload} -> 'article' ->> 'id' = ${articleId} and ${deliveries.channel} = ${channel}`)
      .orderBy(asc(deliveries.id)),
  );
const later = <T>(seconds: number, work: () => Promise<T>) => clock.at(new Date(clock.nowMs() + seconds * 1000), work);
/** Sends every mail about an article whose time has come `seconds` from now. */
const mailAll = (articleId: string, seconds = 130) =>
  later(seconds, async () => deliver(here, channels.email, (await sent(articleId)).map(({ id }) => id), subjects, { sleep: async () => undefined }));
const stateOf = async (articleId: string, member: Member) => (await sent(articleId)).filter(({ memberId }) => memberId === member.id).map(({ state, reason }) => (state === "skipped" ? `${state} ${reason}` : state));

describe("an article that is published", () => {
  test("is told to its workspace, less its author, who muted its feed and who is mentioned, who is told that", async () => {
    await setTopic(dora, await firstFeedOf(dora, place), "muted");
    const id = await publish(ada, "Plans", { text: `For ${mention(cem)} and ${mention(outside)}` });
    expect(await toldAbout(id)).toEqual({ bora: ["article.published"], cem: ["article.mentioned"] });
    expect(await lines(bora)).toEqual(["ada published Plans"]);
    expect((await inbox(bora))[0]).toMatchObject({ why: `You are in Team${round}`, path: `/articles/${id}`, line: { article: { id, cover: null }, words: expect.stringContaining("For @cem") } });
    expect(await lines(cem)).toEqual(["ada mentions you in Plans"]);
  });

  test("quietly tells only who is mentioned, also who muted its feed", async () => {
    await setTopic(cem, await firstFeedOf(cem, place), "muted");
    const id = await publish(ada, "Quiet", { text: `Look, ${mention(cem)}`, notify: false });
    expect(await toldAbout(id)).toEqual({ cem: ["article.mentioned"] });
  });

  test("again tells only who is mentioned for the first time", async () => {
    const id = await publish(ada, "First", { text: `By ${mention(bora)}`, notify: false });
    await changeArticle(ada, id, { document: documentOfText(`By ${mention(bora)} and ${mention(cem)}`) });
    await tellAll(id);
    expect(await toldAbout(id)).toEqual({ bora: ["article.mentioned"], cem: ["article.mentioned"] });
  });

  test("in several workspaces happened in no single one, and everybody is told once", async () => {
    const second = (await workspaceWith(`Second${round}`, [ada, bora, outside])).workspaceId;
    const id = await publish(ada, "Shared", { workspaceIds: [second] });
    expect(await toldAbout(id)).toEqual({ bora: ["article.published"], cem: ["article.published"], dora: ["article.published"], outside: ["article.published"] });
    expect((await inbox(outside))[0]).toMatchObject({ why: "You are in one of its workspaces" });
  });

  test("in several workspaces is mailed to whoever is in one of them, but to who muted the feed it was written in meanwhile", async () => {
    const second = (await workspaceWith(`Mailed${round}`, [ada, bora, outside])).workspaceId;
    for (const member of [bora, cem, outside]) await setPreferences(member, [{ category: "news", channel: "email", value: "on" }]);
    const id = await publish(ada, "Shared", { workspaceIds: [second] });
    await comment(outside, id, `A question for ${mention(bora)}`);
    await setTopic(cem, await firstFeedOf(ada, place), "muted");
    await mailAll(id);
    expect((await mailsTo(bora)).map(({ subject }) => subject).sort()).toEqual([`Shared · Team${round}`, "outside mentions you in a comment on Shared"].sort());
    expect((await mailsTo(outside)).map(({ text }) => [text.includes(`Mailed${round}`), text.includes(`Team${round}`)])).toEqual([[true, false]]);
    expect(await mailsTo(cem)).toEqual([]);
    expect(await stateOf(id, cem)).toEqual(["skipped thread-muted"]);
  });

  test("by default comes into the inbox and the daily digest", async () => {
    const id = await publish(ada, "Default");
    expect((await sent(id)).map(({ state, hold }) => [state, hold])).toEqual([["held", "daily"], ["held", "daily"], ["held", "daily"]]);
    expect(await sent(id, "push")).toEqual([]);
  });

  test("says in its mail what it says now, where, and how to be spared the rest", async () => {
    await setPreferences(bora, [{ category: "news", channel: "email", value: "on" }]);
    const id = await publish(ada, "Old title", { mustRead: { dueAt: null } });
    await changeArticle(ada, id, parseInput(changeArticleInput, { title: "New title" }));
    await mailAll(id);
    const [mail, ...more] = await mailsTo(bora);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("Please read: New title");
    for (const form of [mail?.text, mail?.html]) {
      expect(form).toContain(`/here/articles/${id}`);
      expect(form).toContain(`Team${round}`);
      expect(form).toContain("Old title, in so many words.");
    }
    expect(mail?.headers["List-Unsubscribe"]).toContain("/api/unsubscribe/");
    const token = /\/mute\/([\w.-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    expect(await muteOffer(token)).toMatchObject({ what: "article", title: "Old title", muted: false, isMember: true });
    await muteByLink(token, "mute");
    expect(await muteOffer(token)).toMatchObject({ muted: true });
    expect([...(await topicChoice(bora, [id]))]).toEqual([[id, "muted"]]);
    await muteByLink(token, "unmute");
    expect([...(await topicChoice(bora, [id]))]).toEqual([]);
  });
});

describe("a comment", () => {
  test("is told in full to the author alone, of all who may read it: the others see it live", async () => {
    const id = await publish(ada, "Alone", { notify: false });
    await comment(bora, id, "Nice");
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added"] });
    expect(await lines(ada)).toEqual(["bora commented on Alone"]);
    expect((await inbox(ada))[0]).toMatchObject({ why: "You wrote it", line: { words: "Nice" } });
    await mailAll(id);
    expect(await mailsTo(ada)).toMatchObject([{ subject: "bora commented on Alone" }]);
    for (const other of [bora, cem, dora]) expect(await mailsTo(other)).toEqual([]);
  });

  test("reaches everybody once, by what concerns them most: a mention, else the answer to them, else what they wrote or follow", async () => {
    const id = await publish(ada, "Once", { notify: false });
    await setTopic(cem, id, "following");
    await setTopic(dora, await firstFeedOf(dora, place), "following");
    await setTopic(outside, id, "following");
    const first = await comment(bora, id, "One");
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added"], cem: ["comment.added"], dora: ["comment.added"] });
    expect((await inbox(cem))[0]?.why).toBe("You follow it");
    await comment(cem, id, `Two, ${mention(ada)}`, first);
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added", "comment.mentioned"], bora: ["comment.replied"], cem: ["comment.added"], dora: ["comment.added", "comment.added"] });
    expect(await lines(bora)).toEqual(["cem replied to you on Once"]);
  });

  test("tells nothing to who muted the article, but that they are mentioned, and nothing to the commenter", async () => {
    const id = await publish(ada, "Muted", { notify: false });
    const mine = await comment(cem, id, "First");
    for (const silent of [ada, cem, dora]) await setTopic(silent, id, "muted");
    await setTopic(dora, await firstFeedOf(dora, place), "following");
    await comment(bora, id, "Hello", mine);
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added"] });
    await comment(bora, id, `Hello ${mention(ada)} and ${mention(bora)}`);
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added", "comment.mentioned"] });
  });

  test("that is changed tells only who is mentioned for the first time", async () => {
    const id = await publish(ada, "Edited", { notify: false });
    const first = await comment(bora, id, "Hm");
    await editComment(bora, first, { document: documentOfText(`Hm, ${mention(cem)}`) });
    await tellAll(id);
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added"], cem: ["comment.mentioned"] });
  });

  test("is told to nobody who left the workspace after it was written and before it was told", async () => {
    const id = await publish(ada, "Left", { notify: false });
    for (const reader of [cem, dora]) await setTopic(reader, id, "following");
    await addComment(bora, id, { document: documentOfText(`For ${mention(dora)}`), parentId: null });
    await removeFromWorkspace(cem, place, cem.id);
    await removeFromWorkspace(dora, place, dora.id);
    await tellAll(id);
    expect(await toldAbout(id)).toEqual({ ada: ["comment.added"] });
  });

  test("and more that follow within two minutes are one mail and one line, which leads to the newest", async () => {
    const id = await publish(ada, "Burst", { notify: false });
    await comment(bora, id, "One <b>");
    await comment(cem, id, "Two");
    const last = await comment(dora, id, "Three");
    await comment(bora, id, `Four ${mention(ada)}`);
    await mailAll(id);
    const mails = await mailsTo(ada);
    // A mention goes by itself: the digest of the rest must not hold it back.
    expect(mails.map(({ subject }) => subject).sort()).toEqual(["bora mentions you in a comment on Burst", "dora, cem, and bora commented on Burst"].sort());
    const folded = mails.find(({ subject }) => subject.startsWith("dora, cem"));
    for (const words of ["One <b>", "Two", "Three", `/here/articles/${id}#${last}`]) expect(folded?.text).toContain(words);
    expect(folded?.html).not.toContain("One <b>");
    expect(await lines(ada)).toEqual(["bora, dora, and cem commented on Burst and mention you"]);
    expect((await inbox(ada))[0]).toMatchObject({ line: { words: "Four @ada" }, summary: { earlier: 3, unreadEarlier: 3 } });
    expect((await inboxPage(ada, { limit: 5, tab: "personal" })).items).toHaveLength(1);
  });
});

describe("likes", () => {
  test("are one line an article, exact above what a line is summed up from, never mailed and never pushed", async () => {
    const id = await publish(ada, "Liked", { notify: false });
    const crowd: Member[] = [];
    for (let index = 0; index < 54; index += 1) crowd.push(await joinAs(founder, `fan${index}@here.example`));
    await asSystem("demo", (tx) => tx.execute(sql`insert into workspace_members (organization_id, workspace_id, member_id) select ${here.organizationId}, ${place}, unnest(${sql.param(crowd.map((fan) => fan.id))}::text[])`));
    await Promise.all(crowd.slice(0, 20).map((fan) => setLike(fan, { articleId: id, commentId: null }, true)));
    for (const fan of crowd) await setLike(fan, { articleId: id, commentId: null }, true);
    await setLike(ada, { articleId: id, commentId: null }, true);
    await tellAll(id);
    const [line, ...more] = await inbox(ada);
    expect(more).toEqual([]);
    expect(line?.sentence).toMatch(/^fan\d+, fan\d+, and 52 others like Liked$/);
    expect(line).toMatchObject({ canBeMuted: false, path: `/articles/${id}`, why: "You wrote it" });
    expect((await inbox(ada))[0]?.sentence).toBe(line?.sentence);
    expect([...(await sent(id)), ...(await sent(id, "push"))]).toEqual([]);
    // What comes after it was read is a line about that alone; read, it speaks for everybody again.
    await markRead(ada, { subject: id });
    await setLike(bora, { articleId: id, commentId: null }, true);
    await tellAll(id);
    expect(await lines(ada)).toEqual(["bora likes Liked"]);
    await markRead(ada, { subject: id });
    expect((await lines(ada))[0]).toMatch(/^bora, fan\d+, and 53 others like Liked$/);
  }, 60_000);

  test("taken back and given again are no news, and those of comments say so", async () => {
    const id = await publish(ada, "Again", { notify: false });
    const mine = await comment(ada, id, "My own");
    for (const liked of [true, false, true]) await setLike(bora, { articleId: id, commentId: null }, liked);
    await tellAll(id);
    expect(await toldAbout(id)).toEqual({ ada: ["article.liked"] });
    await setLike(cem, { articleId: id, commentId: mine }, true);
    await tellAll(id);
    expect(await lines(ada)).toEqual(["cem and bora like what you wrote on Again"]);
    expect((await inbox(ada))[0]?.path).toBe(`/articles/${id}#${mine}`);
    await setTopic(ada, id, "muted");
    await setLike(dora, { articleId: id, commentId: null }, true);
    await tellAll(id);
    expect(await lines(ada)).toEqual(["cem and bora like what you wrote on Again"]);
  });

  test("cannot be chosen by mail or push", async () => {
    const { cellsInput } = await import("@/lib/notifications/preferences/inputs");
    for (const [channel, value] of [["email", "on"], ["email", "daily"], ["push", "on"]]) expect(cellsInput.safeParse([{ category: "likes", channel, value }]).success).toBe(false);
    for (const [channel, value] of [["inbox", "off"], ["email", "off"]]) expect(cellsInput.safeParse([{ category: "likes", channel, value }]).success).toBe(true);
  });
});

describe("what an article's page shows", () => {
  test("is read there: the article, its comments and its likes", async () => {
    const id = await publish(ada, "Page", { notify: false });
    const mine = await comment(ada, id, "Mine");
    await comment(bora, id, "Hi");
    await setLike(cem, { articleId: id, commentId: mine }, true);
    await tellAll(id);
    expect(await inbox(ada)).toHaveLength(2);
    const { unread, seen } = await unreadAbout(ada, id);
    expect(unread).toBe(2);
    expect(await markRead(ada, { subject: id, seen })).toMatchObject({ unread: 0 });
    expect((await unreadAbout(ada, id)).unread).toBe(0);
  });
});

describe("when a mail leaves", () => {
  const mailed = async (id: string, change: () => Promise<unknown>, reader: () => Member, reason: string) => {
    await change();
    await mailAll(id);
    expect(await mailsTo(reader())).toEqual([]);
    expect(await stateOf(id, reader())).toEqual([`skipped ${reason}`]);
  };
  const commented = async () => {
    const id = await publish(ada, "Late", { notify: false });
    return { id, commentId: await comment(bora, id, "Hello") };
  };

  test("an article that was archived is told no more", async () => {
    const { id } = await commented();
    await mailed(id, () => archiveArticle(ada, id), () => ada, "archived");
  });
  test("one that was deleted neither, though its withdrawal is late", async () => {
    const { id } = await commented();
    await mailed(id, () => deleteArticle(ada, id), () => ada, "deleted");
  });
  test("a deleted comment neither, though its withdrawal is late", async () => {
    const { id, commentId } = await commented();
    await mailed(id, () => deleteComment(bora, commentId), () => ada, "deleted");
  });
  test("nothing goes to who is in none of its workspaces any more", async () => {
    const { id } = await commented();
    await mailed(id, () => removeFromWorkspace(ada, place, ada.id), () => ada, "no-access");
  });
  test("nothing goes to who muted the article since, but that they are mentioned", async () => {
    const { id } = await commented();
    await comment(bora, id, `And ${mention(ada)}`);
    await setTopic(ada, id, "muted");
    await mailAll(id);
    expect(await mailsTo(ada)).toMatchObject([{ subject: "bora mentions you in a comment on Late" }]);
    expect((await stateOf(id, ada)).sort()).toEqual(["sent", "skipped thread-muted"]);
  });
  test("who confirmed meanwhile is not reminded", async () => {
    const id = await publish(ada, "Due", { notify: false, mustRead: { dueAt: null } });
    await remind(ada, id);
    await tellAll(id);
    expect(await toldAbout(id)).toEqual({ bora: ["article.acknowledgement-due"], cem: ["article.acknowledgement-due"], dora: ["article.acknowledgement-due"] });
    await acknowledge(bora, id, 1);
    await mailAll(id);
    expect(await stateOf(id, bora)).toEqual(["skipped acknowledged"]);
    expect(await mailsTo(cem)).toMatchObject([{ subject: "Waiting for you: Due" }]);
  });
  test("a push asks the same", async () => {
    const { id } = await commented();
    const ask = () => subjects.applies(here, "comment.added", [{ id: "one", subjectId: "x", memberId: ada.id, participantId: null, payload: { actor: { name: "b" }, article: { id, feed: { id: "f" } } } }]);
    expect([...(await ask())]).toEqual([]);
    await setTopic(ada, id, "muted");
    expect([...(await ask())]).toEqual([["one", "thread-muted"]]);
  });
});

describe("what is deleted", () => {
  test("leaves every inbox with its counts, and what waits is left out", async () => {
    const id = await publish(ada, "Gone", { text: `For ${mention(cem)}` });
    await comment(bora, id, "Hm");
    await setLike(dora, { articleId: id, commentId: null }, true);
    await tellAll(id);
    expect((await inboxCount(ada)).unread).toBe(2);
    await deleteArticle(ada, id);
    await tellAll(id);
    for (const member of [ada, bora, cem, dora]) {
      expect(await inbox(member)).toEqual([]);
      expect((await inboxCount(member)).unread).toBe(0);
    }
    expect(new Set((await sent(id)).map(({ state, reason }) => `${state} ${reason}`))).toEqual(new Set(["skipped withdrawn"]));
    await mailAll(id, 200_000);
    for (const member of [ada, bora, cem, dora]) expect(await mailsTo(member)).toEqual([]);
  });

  test("is not told by a fan-out that comes later, nor by what is left of one under way", async () => {
    const id = await publishNews(ada, place, "Raced");
    const [published] = await happened(id);
    if (!published) throw new Error("nothing was published");
    const first = await fanOutPart(here, published.name, published.envelope, { ...theStart, row: 1 }, 1);
    expect(first.next).not.toBeNull();
    expect(Object.keys(await toldAbout(id))).toHaveLength(1);
    await withdrawArticle(here, id);
    if (first.next) await fanOutPart(here, published.name, published.envelope, first.next, 1);
    await fanOut(here, published.name, published.envelope);
    expect(await toldAbout(id)).toEqual({});
  });

  test("races with its own news and loses nothing of the order: nobody keeps a row", async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const id = await publishNews(ada, place, `Race ${turn}`);
      const events = await happened(id);
      await Promise.all([...events.map(({ name, envelope }) => fanOut(here, name, envelope)), withdrawArticle(here, id), withdrawArticle(here, id)]);
      expect(await toldAbout(id)).toEqual({});
    }
  });

  test("as a comment alone, gives its line back to what was before it, in its place and as it was read", async () => {
    const id = await publish(ada, "Thread", { notify: false });
    await comment(bora, id, "First");
    const [line] = await inbox(ada);
    await markRead(ada, { subject: id });
    const second = await comment(cem, id, "Second");
    expect(await lines(ada)).toEqual(["cem commented on Thread"]);
    await deleteComment(cem, second);
    await tellAll(id);
    expect(await inbox(ada)).toMatchObject([{ id: line?.id, sentence: "bora commented on Thread", readAt: expect.any(Date), summary: { earlier: 0 } }]);
    expect((await inboxCount(ada)).unread).toBe(0);
    const heads = await asSystem("sweep", (tx) => tx.select({ id: receivers.id }).from(receivers).where(sql`${receivers.memberId} = ${ada.id} and head`));
    expect(heads).toHaveLength(1);
  });

  test("as one comment of several in a mail that waits, leaves the others in it", async () => {
    const id = await publish(ada, "Mail", { notify: false });
    await comment(bora, id, "Stays");
    const second = await comment(cem, id, "Goes");
    await deleteComment(cem, second);
    await tellAll(id);
    await mailAll(id);
    const [mail, ...more] = await mailsTo(ada);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ subject: "bora commented on Mail", text: expect.stringContaining("Stays") });
    expect(mail?.text).not.toContain("Goes");
  });

  test("takes its likes along, and nothing of another article or organization", async () => {
    const id = await publish(ada, "Mine", { notify: false });
    const other = await publish(ada, "Other");
    const mine = await comment(ada, id, "My words");
    await setLike(bora, { articleId: id, commentId: mine }, true);
    await setLike(bora, { articleId: id, commentId: null }, true);
    await tellAll(id);
    await deleteComment(ada, mine);
    await tellAll(id);
    expect(await lines(ada)).toEqual(["bora likes Mine"]);
    const stranger = (await foundOrganization(`sid${round}@there.example`, `There${round}`)).owner;
    await withdrawArticle(systemTenant(stranger.organizationId), other);
    await withdrawArticle(systemTenant(stranger.organizationId), id);
    expect(await lines(bora)).toEqual(["ada published Other"]);
    expect(await lines(ada)).toEqual(["bora likes Mine"]);
  });

  test("goes in small steps as well", async () => {
    const { withdraw } = await import("@/lib/notifications/withdrawals/commands");
    const id = await publish(ada, "Steps");
    expect(await withdraw(here, { threads: [id] }, 1)).toEqual({ rows: 3, messages: 6 });
    expect(await withdraw(here, { threads: [id] }, 1)).toEqual({ rows: 0, messages: 0 });
    expect(await withdraw(here, {})).toEqual({ rows: 0, messages: 0 });
  });
});

describe("a digest", () => {
  test("tells the comments of one article as one, without those that are gone", async () => {
    await setPreferences(ada, [{ category: "comments", channel: "email", value: "daily" }]);
    const id = await publish(ada, "Digest", { notify: false });
    await comment(bora, id, "One");
    await comment(cem, id, "Two");
    const last = await comment(dora, id, "Three");
    await deleteComment(dora, last);
    await tellAll(id);
    await later(26 * 3600, async () => {
      const due = await releaseHeld(here, [ada.id]);
      await deliver(here, channels.email, due.flatMap(({ deliveryIds }) => deliveryIds), subjects, { sleep: async () => undefined });
    });
    const [mail, ...more] = await mailsTo(ada);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("cem and bora commented on Digest");
    expect(mail?.text).toContain("“Two”");
    expect(mail?.text).not.toMatch(/Three|dora/);
  });

  test("of news leaves out what its reader may no longer read", async () => {
    const [open, closed] = [await publish(ada, "Open news"), await publish(ada, "Closed news")];
    await archiveArticle(ada, closed);
    await later(26 * 3600, async () => {
      const due = await releaseHeld(here, [bora.id]);
      await deliver(here, channels.email, due.flatMap(({ deliveryIds }) => deliveryIds), subjects, { sleep: async () => undefined });
    });
    const [mail] = await mailsTo(bora);
    expect(mail?.text).toContain("ada published Open news");
    expect(mail?.text).toContain(`/here/articles/${open}`);
    expect(mail?.text).not.toContain("Closed news");
  });
});

describe("topics", () => {
  test("are articles and feeds; a choice is one's own, and taken back by none", async () => {
    const id = await publish(ada, "Topic");
    const feed = await firstFeedOf(bora, place);
    for (const topic of ["art_1", "mbr_x", ada.id, "", `likes:${id}`]) await expect(setTopic(bora, topic, "muted")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await setTopic(bora, id, "muted");
    await setTopic(bora, id, "following");
    await setTopic(bora, feed, "muted");
    expect(Object.fromEntries(await topicChoice(bora, [id, feed]))).toEqual({ [id]: "following", [feed]: "muted" });
    expect([...(await topicChoice(cem, [id, feed]))]).toEqual([]);
    expect((await myTopics(bora)).map(({ topic, kind, choice }) => [topic, kind, choice]).sort()).toEqual([[id, "article", "following"], [feed, "feed", "muted"]].sort());
    await setTopic(bora, id, null);
    expect((await myTopics(bora)).map(({ topic }) => topic)).toEqual([feed]);
    expect([...(await topicNames(bora, [id, feed]))]).toMatchObject([[id, { kind: "article", title: "Topic" }], [feed, { kind: "feed", name: null, workspaceName: `Team${round}` }]]);
    expect([...(await topicNames(outside, [id, feed]))]).toEqual([]);
  });

  test("muted in the inbox are the same mute, and the line says so", async () => {
    const id = await publish(ada, "Line");
    await muteThread(bora, id);
    expect([...(await mutedThreads(bora, [id]))]).toEqual([id]);
    expect([...(await topicChoice(bora, [id]))]).toEqual([[id, "muted"]]);
    expect((await receiptOf(bora, (await inbox(bora))[0]?.id ?? "")).thread).toEqual({ name: id, muted: true });
  });

  test("say in the receipt why", async () => {
    const id = await publish(ada, "Receipt", { notify: false });
    await setTopic(cem, id, "following");
    await comment(bora, id, "Hi");
    const receipt = async (member: Member) => (await receiptOf(member, (await inbox(member))[0]?.id ?? "")).why;
    expect([await receipt(ada), await receipt(cem)]).toEqual(["You wrote it", "You follow it"]);
  });
});

test("an inbox line leads only to what its reader may still read", async () => {
  const [open, gone, archived] = [await publish(ada, "A"), await publish(ada, "B"), await publish(ada, "C")];
  await deleteArticle(ada, gone);
  await archiveArticle(ada, archived);
  expect(await openArticles(bora, [open, gone, archived])).toEqual(new Set([open, archived]));
  expect(await openArticles(outside, [open, archived])).toEqual(new Set());
});

test("quiet hours and mutes hold news like anything", async () => {
  await setPreferences(bora, [{ category: "news", channel: "email", value: "on" }]);
  await mute(bora, "hour");
  const id = await publish(ada, "Hush");
  expect((await sent(id)).filter(({ memberId }) => memberId === bora.id)).toMatchObject([{ state: "held", hold: "mute" }]);
  expect(await inTenant(here, (tx) => tx.$count(notifications, sql`${notifications.thread} = ${id}`))).toBe(1);
});
