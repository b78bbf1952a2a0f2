import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZodError } from "zod";
import { startPusher } from "@/local/pusher/server";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { respond } from "@/lib/meetings/answers/commands";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { scheduleMeetingInput } from "@/lib/meetings/inputs";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { deliver } from "./sending/commands";
import { fanOut } from "./fan-out/commands";
import { announceInbox, markRead, markUnread } from "./inbox/commands";
import { inboxCount, inboxPage, threadRows } from "./inbox/queries";
import { snooze } from "./inbox/snoozes/commands";
import { channels } from "./registry";
import { deliveryRows, eventsAbout } from "./testing";

const app = { id: "4711", key: "inbox-key", secret: "inbox-secret" };
const pusher = await startPusher({ port: 0, app });
useTestDatabase({ PUSHER_APP_ID: app.id, PUSHER_KEY: app.key, PUSHER_SECRET: app.secret, PUSHER_HOST: pusher.host, PUSHER_PORT: String(pusher.port) });
afterAll(() => pusher.close());

let ada: Member;
let bora: Member;
let chris: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  chris = await joinAs(ada, "chris@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

async function book(attendees: object[], title = "Plan"): Promise<string> {
  const input = { title, startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees };
  return (await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input))).meetingId;
}
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
};
const page = (member: Member, more: object = {}) => inboxPage(member, { limit: 20, tab: "all", ...more });
const about = async (member: Member, id: string) => (await page(member, { limit: 100 })).items.filter((item) => item.subjectId === id);

describe("fan-out", () => {
  test("of one event delivered five times at once makes one row, one delivery a channel and a higher version", async () => {
    const id = await book([{ memberId: bora.id }, { email: "x@out.example" }]);
    const before = await inboxCount(bora);
    const [event] = await eventsAbout(id);
    if (!event) throw new Error("no event");
    await Promise.all(Array.from({ length: 5 }, () => fanOut(systemTenant(ada.organizationId), event.name, event.envelope)));
    const after = await inboxCount(bora);
    expect(after.unread).toBe(before.unread + 1);
    expect(after.version).toBeGreaterThan(before.version);
    expect(await about(bora, id)).toMatchObject([{ type: "meeting.invited", line: { actor: ada.name, meeting: { title: "Plan" } } }]);
    expect((await deliveryRows(id)).map(({ recipient }) => recipient).sort()).toEqual([bora.id, "x@out.example"].sort());
    expect(await deliveryRows(id, "realtime")).toMatchObject([{ recipient: bora.id }]);
  });

  test("tells nobody what they did themselves, and the organizer what others did", async () => {
    const id = await book([{ memberId: bora.id }]);
    await respond(bora, id, { partstat: "tentative", comment: "late" });
    await fanOutAll(id);
    expect((await about(ada, id)).map(({ type, line }) => [type, line.actor, line.partstat, line.words])).toEqual([["meeting.responded", "bora", "tentative", "late"]]);
    expect((await about(bora, id)).map(({ type }) => type)).toEqual(["meeting.invited"]);
  });

  test("for 500 people is written in chunks of a hundred, and again is no work", async () => {
    const id = await book(Array.from({ length: 500 }, (_, index) => ({ email: `many${index}@out.example` })));
    const [event] = await eventsAbout(id);
    if (!event) throw new Error("no event");
    const batches = await fanOut(systemTenant(ada.organizationId), event.name, event.envelope);
    expect(batches.map(({ channel, deliveryIds }) => [channel, deliveryIds.length])).toEqual(Array.from({ length: 5 }, () => ["email", 100]));
    await fanOut(systemTenant(ada.organizationId), event.name, event.envelope);
    expect(await deliveryRows(id)).toHaveLength(500);
  });

  test("leaves out a member who was removed before it", async () => {
    const dan = await joinAs(ada, "dan@here.example");
    const id = await book([{ memberId: dan.id }, { memberId: bora.id }]);
    await asSystem("sweep", (tx) => tx.execute(sql`update members set removed_at = now() where id = ${dan.id}`));
    await fanOutAll(id);
    expect((await deliveryRows(id)).map(({ recipient }) => recipient)).toEqual([bora.id]);
    expect(await deliveryRows(id, "realtime")).toHaveLength(1);
  });

  test("under another organization's name reaches nobody's inbox", async () => {
    const id = await book([{ memberId: bora.id }]);
    const before = await inboxCount(bora);
    const [event] = await eventsAbout(id);
    if (!event) throw new Error("no event");
    const forged: EventEnvelope = { ...event.envelope, eventId: newId("event"), organizationId: stranger.organizationId };
    expect(await fanOut(systemTenant(stranger.organizationId), event.name, forged)).toEqual([]);
    expect((await inboxCount(bora)).unread).toBe(before.unread);
  });

  test("of an event with U+0000 in a name is stored without it, one that breaks its contract is refused whole", async () => {
    const id = await book([{ memberId: bora.id }]);
    const [event] = await eventsAbout(id);
    if (!event) throw new Error("no event");
    const poisoned = JSON.parse(JSON.stringify({ ...event.envelope, eventId: newId("event") }).replaceAll('"Plan"', '"Pl\\u0000an"')) as EventEnvelope;
    expect(await fanOut(systemTenant(ada.organizationId), event.name, poisoned)).not.toEqual([]);
    expect((await about(bora, id))[0]?.line.meeting?.title).toBe("Pl\uFFFDan");
    const broken = { ...event.envelope, eventId: newId("event"), payload: { actor: null } };
    await expect(fanOut(systemTenant(ada.organizationId), event.name, broken)).rejects.toBeInstanceOf(ZodError);
    expect(await about(bora, id)).toHaveLength(1);
  });
});

describe("the inbox", () => {
  test("is read page by page, newest first, without gap or repetition while new rows arrive", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const id = await book([{ memberId: chris.id }]);
      await fanOutAll(id);
      ids.unshift(id);
    }
    const first = await page(chris, { limit: 2 });
    await fanOutAll(await book([{ memberId: chris.id }], "Meanwhile"));
    const second = await page(chris, { limit: 2, cursor: first.nextCursor });
    const third = await page(chris, { limit: 2, cursor: second.nextCursor });
    expect([first, second, third].flatMap(({ items }) => items.map(({ subjectId }) => subjectId))).toEqual(ids);
    expect(third.nextCursor).toBeNull();
    await expect(page(chris, { cursor: "mtg_nonsense" })).rejects.toMatchObject({ code: "INVALID" });
  });

  test("of one person cannot be read or marked by another", async () => {
    const id = await book([{ memberId: bora.id }]);
    await fanOutAll(id);
    const [row] = await about(bora, id);
    for (const other of [chris, stranger]) {
      await markRead(other, { ids: [row?.id ?? ""] });
      await markRead(other, { subject: id });
      await markRead(other, { seen: (await page(bora)).seen });
      await markUnread(other, { ids: [row?.id ?? ""] });
      await expect(snooze(other, { ids: [row?.id ?? ""], until: "in-an-hour" })).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(threadRows(other, row?.id ?? "")).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await about(other, id)).toEqual([]);
    }
    expect((await about(bora, id))[0]?.readAt).toBeNull();
  });
});

describe("live", () => {
  /** What one member's channel says, from now on. */
  async function listen(member: Member) {
    const heard: { unread: number; version: number; type: string | null; subjectId: string | null }[] = [];
    const { authorizeChannel, memberChannel } = await import("@/lib/platform/realtime");
    const { default: Client } = await import("pusher-js");
    const client = new Client(app.key, {
      cluster: "local",
      wsHost: pusher.host,
      wsPort: pusher.port,
      forceTLS: false,
      enabledTransports: ["ws"],
      channelAuthorization: { transport: "ajax", endpoint: "", customHandler: ({ socketId, channelName }, done) => done(null, authorizeChannel(socketId, channelName)) },
    });
    const channel = client.subscribe(memberChannel(member.id));
    channel.bind("inbox.changed", (change: (typeof heard)[number]) => heard.push(change));
    await new Promise((resolve) => channel.bind("pusher:subscription_succeeded", resolve));
    return { heard, close: () => client.disconnect() };
  }

  test("a member hears the new count with its version and what it is about, and their other tabs hear what was read", async () => {
    const tab = await listen(bora);
    const id = await book([{ memberId: bora.id }, { memberId: chris.id }]);
    await fanOutAll(id);
    const ids = (await deliveryRows(id, "realtime")).map((row) => row.id);
    const never = () => Promise.reject(new Error("realtime asks no subject"));
    expect(await deliver(systemTenant(ada.organizationId), channels.realtime, ids, { resolve: never, applies: never })).toMatchObject({ sent: 2 });
    const count = await inboxCount(bora);
    await expect.poll(() => tab.heard).toMatchObject([{ unread: count.unread, type: "meeting.invited", subjectId: id }]);
    expect(tab.heard[0]?.version).toBeLessThanOrEqual(count.version);
    const [row] = await about(bora, id);
    const read = await markRead(bora, { ids: [row?.id ?? ""] });
    await announceInbox(bora, read);
    await expect.poll(() => tab.heard.at(-1)).toMatchObject({ unread: count.unread - 1, version: read.version });
    expect(read.version).toBeGreaterThan(count.version);
    tab.close();
  });
});
