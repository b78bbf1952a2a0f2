import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { markRead, markUnread, readAnswered } from "./commands";
import { readSeen, type ListNotificationsInput } from "./inputs";
import { inboxCount, inboxPage, threadRows, unreadAbout } from "./queries";
import { tell, tellIn } from "./testing";

useTestDatabase();

let owner: Member;
let ada: Member;
let bea: Member;
let people = 0;
beforeAll(async () => {
  owner = (await foundOrganization("owner@here.example", "Here")).owner;
});
beforeEach(async () => {
  people += 1;
  ada = await joinAs(owner, `ada${people}@here.example`);
  bea = await joinAs(owner, `bea${people}@here.example`);
});

const page = (member: Member, more: Partial<ListNotificationsInput> = {}) => inboxPage(member, { limit: 20, tab: "all", ...more });
const unreadIds = async (member: Member) => (await page(member, { tab: "unread" })).items.map(({ id }) => id);
const by = (name: string) => ({ memberId: `mbr_${name}`, name });

/** A transaction that is held open until `commit` is called. */
async function late(member: Member): Promise<{ id: string; commit: () => Promise<void> }> {
  let commit = () => undefined as void;
  const wait = new Promise<void>((resolve) => (commit = resolve));
  let written: (id: string) => void = () => undefined;
  const id = new Promise<string>((resolve) => (written = resolve));
  const done = asSystem("demo", async (tx) => {
    written(await tellIn(tx, member));
    await wait;
  });
  return { id: await id, commit: () => (commit(), done) };
}

describe("all read", () => {
  test("leaves unread what a transaction commits later, although its id is older than what was seen", async () => {
    const slow = await late(ada);
    const seenRow = await tell(ada);
    const looked = await page(ada);
    expect(looked.items.map(({ id }) => id)).toEqual([seenRow]);
    expect(slow.id < seenRow).toBe(true);
    await slow.commit();
    const marked = await markRead(ada, { seen: looked.seen });
    expect(marked.unread).toBe(1);
    expect(await unreadIds(ada)).toEqual([slow.id]);
    expect((await markRead(ada, { seen: (await page(ada)).seen })).unread).toBe(0);
  });

  test("counts what is minutes old as seen, so that a database restored from a dump can be read", async () => {
    const id = await tell(ada);
    await asSystem("demo", (tx) => tx.execute(sql`update receivers set written_in = '9000000000'::xid8 where id = ${id}`));
    const { seen } = await page(ada);
    expect((await markRead(ada, { seen })).unread).toBe(1);
    const parsed = readSeen(seen);
    if (!parsed) throw new Error("unreadable");
    const minutesLater = `${parsed.snapshot}@${parsed.at.getTime() + 6 * 60_000}`;
    expect((await markRead(ada, { seen: minutesLater })).unread).toBe(0);
  });

  test("is about the list that was looked at, with the rows under its lines, and nobody else's", async () => {
    const thread = newId("meeting");
    const earlier = await tell(ada, { subjectId: thread, type: "meeting.responded", category: "answers" });
    await tell(ada, { subjectId: thread, type: "meeting.responded", category: "answers" });
    const invitation = await tell(ada);
    await tell(bea);
    const { seen } = await page(ada);
    await markRead(ada, { seen, category: "answers" });
    expect(await unreadIds(ada)).toEqual([invitation]);
    expect((await threadRows(ada, earlier)).rows.map(({ readAt }) => readAt !== null)).toEqual([true]);
    await markRead(ada, { seen, tab: "personal" });
    expect(await unreadIds(ada)).toEqual([]);
    expect((await inboxCount(bea)).unread).toBe(1);
  });

  test("a line that grew meanwhile stays unread, and says how much of it was known", async () => {
    const thread = newId("meeting");
    await tell(ada, { subjectId: thread });
    const { seen } = await page(ada);
    const newer = await tell(ada, { subjectId: thread, type: "meeting.updated", category: "changes" });
    await markRead(ada, { seen });
    const [line] = (await page(ada, { tab: "unread" })).items;
    expect(line).toMatchObject({ id: newer, summary: { earlier: 1, unreadEarlier: 0 } });
  });

  test("is taken back by its instant, and nothing else with it", async () => {
    const before = await tell(ada);
    await clock.at("2031-01-01T00:00:00Z", () => markRead(ada, { ids: [before] }));
    const thread = newId("meeting");
    await tell(ada, { subjectId: thread });
    const head = await tell(ada, { subjectId: thread });
    const other = await tell(ada);
    const { readAt } = await markRead(ada, { seen: (await page(ada)).seen });
    expect((await markUnread(bea, { readAt: readAt.toISOString() })).unread).toBe(0);
    expect((await inboxCount(ada)).unread).toBe(0);
    expect((await markUnread(ada, { readAt: readAt.toISOString() })).unread).toBe(2);
    expect(await unreadIds(ada)).toEqual([other, head]);
    expect((await page(ada)).items.find(({ id }) => id === head)?.summary.unreadEarlier).toBe(1);
  });
});

describe("reading", () => {
  test("one line reads its whole thread, and putting it back makes the line alone unread", async () => {
    const thread = newId("meeting");
    await tell(ada, { subjectId: thread });
    const head = await tell(ada, { subjectId: thread });
    await markRead(ada, { ids: [head] });
    expect((await threadRows(ada, head)).rows.every(({ readAt }) => readAt !== null)).toBe(true);
    expect((await markUnread(ada, { ids: [head] })).unread).toBe(1);
    expect((await page(ada)).items[0]).toMatchObject({ readAt: null, summary: { unreadEarlier: 0 } });
  });

  test("by an earlier row of the thread reads the line, too: a mail's or push's link names the row it was sent for", async () => {
    const thread = newId("meeting");
    const earlier = await tell(ada, { subjectId: thread });
    await tell(ada, { subjectId: thread });
    expect((await markRead(ada, { ids: [earlier] })).unread).toBe(0);
  });

  test("the page of a subject reads what it could know, in this inbox alone", async () => {
    const subject = newId("meeting");
    await tell(ada, { subjectId: subject });
    await tell(bea, { subjectId: subject });
    await tell(ada);
    const { unread, seen } = await unreadAbout(ada, subject);
    expect(unread).toBe(1);
    const newer = await tell(ada, { subjectId: subject });
    expect((await markRead(ada, { subject, seen })).unread).toBe(2);
    expect(await unreadIds(ada)).toContain(newer);
    expect((await markRead(ada, { subject })).unread).toBe(1);
    expect((await inboxCount(bea)).unread).toBe(1);
  });

  test("an answer, wherever it was given, reads what came before it", async () => {
    const subject = newId("meeting");
    await tell(ada, { subjectId: subject, occurredAt: new Date("2031-03-03T00:00:00Z") });
    const answer = { memberId: ada.id, subjectId: subject };
    expect(await readAnswered(systemTenant(ada.organizationId), { ...answer, answeredAt: new Date("2031-03-02T00:00:00Z") })).toBe(0);
    expect(await readAnswered(systemTenant("org_elsewhere"), { ...answer, answeredAt: new Date("2031-03-04T00:00:00Z") })).toBe(0);
    expect(await readAnswered(systemTenant(ada.organizationId), { ...answer, answeredAt: new Date("2031-03-04T00:00:00Z") })).toBe(1);
    expect((await inboxCount(ada)).unread).toBe(0);
  });
});

describe("lists", () => {
  test("tabs and categories show what they say", async () => {
    const invitation = await tell(ada);
    const change = await tell(ada, { type: "meeting.updated", category: "changes" });
    await tell(ada, { type: "meeting.updated", category: "changes", shown: false });
    await markRead(ada, { ids: [invitation] });
    const ids = async (more: Partial<ListNotificationsInput>) => (await page(ada, more)).items.map(({ id }) => id);
    expect(await ids({})).toEqual([change, invitation]);
    expect(await ids({ tab: "unread" })).toEqual([change]);
    expect(await ids({ tab: "personal" })).toEqual([invitation]);
    expect(await ids({ category: "changes" })).toEqual([change]);
    expect(await ids({ tab: "unread", category: "invitations" })).toEqual([]);
    expect(await ids({ tab: "snoozed" })).toEqual([]);
  });

  test("three people who answered are one line that names them, of any length of thread", async () => {
    const thread = newId("meeting");
    const answers = { subjectId: thread, type: "meeting.responded", category: "answers" } as const;
    await tell(ada, { ...answers, actor: by("Old") });
    await markRead(ada, { subject: thread });
    for (const name of ["Ann", "Bob", "Cid", "Bob", "Dee"]) await tell(ada, { ...answers, actor: by(name) });
    const { items } = await page(ada);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      sentence: "Dee, Bob, and 2 others answered Plan",
      summary: { earlier: 5, more: false, unreadEarlier: 4, alike: 5, people: ["Dee", "Bob", "Cid"], otherPeople: 1 },
    });
    for (let count = 0; count < 55; count += 1) await tell(ada, { ...answers, actor: by("Eve") });
    expect((await page(ada)).items[0]?.summary).toMatchObject({ earlier: 50, more: true });
    expect(await threadRows(ada, items[0]?.id ?? "")).toMatchObject({ rows: { length: 50 }, more: true });
  });
});

describe("versions", () => {
  test("rise with every change, whoever changes the inbox at once", async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => tell(ada)));
    const before = await inboxCount(ada);
    const counts = await Promise.all(ids.map((id) => markRead(ada, { ids: [id] })));
    for (const { version } of counts) expect(version).toBeGreaterThan(before.version);
    const newest = counts.reduce((a, b) => (b.version > a.version ? b : a));
    expect(newest.unread).toBe(0);
    const after = await inboxCount(ada);
    expect(after.unread).toBe(0);
    expect(after.version).toBeGreaterThanOrEqual(newest.version);
  });

  test("of a count that cannot know of a change are never higher than of one that does", async () => {
    const known: { version: number; unread: number }[] = [];
    for (let round = 0; round < 5; round += 1) {
      const slow = await late(ada);
      await tell(bea);
      const without = await inboxCount(ada);
      await slow.commit();
      const withIt = await inboxCount(ada);
      expect(withIt.unread).toBe(without.unread + 1);
      expect(withIt.version).toBeGreaterThan(without.version);
      known.push(without, withIt);
    }
    expect(known.map(({ version }) => version)).toEqual(known.map(({ version }) => version).sort((a, b) => a - b));
  });
});
