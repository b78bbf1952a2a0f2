import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { tell } from "../inbox/testing";
import { muteThread, unmuteThread } from "../preferences/commands";
import { attempts, deliveries, notifications } from "../tables";
import { receiptResource, receiptResourceOf } from "./mappings";
import { keptOut, receiptOf } from "./queries";

useTestDatabase();

let owner: Member;
let ada: Member;
let people = 0;
beforeAll(async () => {
  owner = (await foundOrganization("owner@here.example", "Here")).owner;
});
beforeEach(async () => {
  people += 1;
  ada = await joinAs(owner, `ada${people}@here.example`);
});

const notificationOf = async (receiverId: string) => {
  const [row] = await asSystem("demo", (tx) => tx.execute<{ id: string }>(sql`select notification_id as id from receivers where id = ${receiverId}`));
  return row?.id ?? "";
};

/** A message about `notificationId` for one member. */
async function message(to: Member, notificationId: string, more: Partial<typeof deliveries.$inferInsert> = {}): Promise<string> {
  const id = newId("delivery");
  await asSystem("demo", (tx) =>
    tx.insert(deliveries).values({ id, organizationId: to.organizationId, notificationId, channel: "email", recipient: to.id, memberId: to.id, deliverAfter: new Date(), ...more }),
  );
  return id;
}

async function tried(to: Member, deliveryId: string, number: number, statusCode: number): Promise<void> {
  const at = new Date("2031-03-03T00:00:00Z");
  const values = { organizationId: to.organizationId, deliveryId, number, startedAt: at, finishedAt: at, succeeded: statusCode < 300, statusCode, retryable: statusCode >= 500, answer: `answer ${number}` };
  await asSystem("demo", (tx) => tx.insert(attempts).values(values));
}

async function bundle(to: Member): Promise<string> {
  const id = newId("notification");
  await asSystem("demo", (tx) =>
    tx.insert(notifications).values({ id, organizationId: to.organizationId, eventId: `bundle:${id}`, type: "bundle.released", category: "changes", subjectId: to.id, thread: id, payload: {}, occurredAt: new Date() }),
  );
  return id;
}

const channelOf = (receipt: Awaited<ReturnType<typeof receiptOf>>, name: string) => receipt.channels.find(({ channel }) => channel === name);

test("names the choice behind each channel, and every attempt with the provider's answer in order", async () => {
  const id = await tell(ada);
  const notificationId = await notificationOf(id);
  const mail = await message(ada, notificationId, { state: "sent", settledAt: new Date() });
  await tried(ada, mail, 1, 503);
  await tried(ada, mail, 2, 200);
  await message(owner, notificationId);
  const receipt = await receiptOf(ada, id);
  expect(receipt).toMatchObject({ id, type: "meeting.invited", category: "invitations", shown: true });
  expect(receipt.channels.map(({ channel, decision }) => [channel, decision.verdict, decision.source])).toEqual([
    ["inbox", "now", "default"],
    ["email", "now", "default"],
    ["push", "skip", "default"],
  ]);
  expect(channelOf(receipt, "email")?.deliveries).toMatchObject([
    { id: mail, state: "sent", carriedBy: null, attempts: [{ number: 1, statusCode: 503, answer: "answer 1" }, { number: 2, succeeded: true }] },
  ]);
  expect((await receiptOf(ada, notificationId)).id).toBe(id);
  expect(() => receiptResource.parse(receiptResourceOf(receipt))).not.toThrow();
});

test("follows a held mail into the one it was gathered into, by way of the one that overtook it", async () => {
  const id = await tell(ada);
  const later = await tell(ada);
  const gathered = await message(ada, await bundle(ada), { state: "sent" });
  const overtaking = await message(ada, await notificationOf(later), { state: "merged", hold: "quiet-hours", reason: gathered });
  const mine = await message(ada, await notificationOf(id), { state: "merged", reason: overtaking });
  await tried(ada, gathered, 1, 200);
  expect(channelOf(await receiptOf(ada, id), "email")?.deliveries).toMatchObject([
    { id: mine, state: "merged", reason: null, carriedBy: { id: overtaking, carriedBy: { id: gathered, type: "bundle.released", state: "sent", attempts: [{ number: 1 }] } } },
  ]);
});

test("is not found by anybody else, nor by what is no id", async () => {
  const id = await tell(ada);
  const stranger = (await foundOrganization(`sid${people}@there.example`, `There ${people}`)).owner;
  for (const [member, name] of [[owner, id], [stranger, id], [owner, await notificationOf(id)], [ada, "rcv_nonsense"], [ada, newId("receiver")]] as const) {
    await expect(receiptOf(member, name)).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("what is kept out of the inbox, or came there alone, can be found, page by page and by nobody else", async () => {
  const hidden = [await tell(ada, { shown: false }), await tell(ada, { shown: false }), await tell(ada, { shown: false })];
  const alone = await tell(ada, { category: "answers", type: "meeting.responded" });
  await tell(owner, { shown: false });
  const first = await keptOut(ada, { from: "inbox", limit: 2 });
  const second = await keptOut(ada, { from: "inbox", limit: 2, cursor: first.nextCursor ?? undefined });
  expect([...first.items, ...second.items].map((item) => item.id)).toEqual([...hidden].reverse());
  expect(second.nextCursor).toBeNull();

  expect((await keptOut(ada, { from: "channels", limit: 10 })).items).toEqual([]);
  await asSystem("demo", (tx) =>
    tx.execute(sql`update receivers set decisions = jsonb_set(decisions, '{email}', '{"verdict":"skip","source":"mine","why":"off"}') where id = ${alone}`),
  );
  expect((await keptOut(ada, { from: "channels", limit: 10 })).items).toMatchObject([{ id: alone, left: [{ channel: "email", decision: { why: "off", source: "mine" } }], failed: [] }]);
  const failed = await tell(ada);
  await message(ada, await notificationOf(failed), { state: "failed", cause: "gone" });
  expect((await keptOut(ada, { from: "channels", limit: 10 })).items).toMatchObject([{ id: failed, failed: ["email"] }, { id: alone }]);
});

test("what a muted thread kept away leads to the switch of that thread, which is its own reader's", async () => {
  const subjectId = newId("meeting");
  const id = await tell(ada, { subjectId, type: "meeting.updated", category: "changes" });
  expect((await receiptOf(ada, id)).thread).toEqual({ name: subjectId, muted: false });
  await muteThread(ada, subjectId);
  expect((await receiptOf(ada, id)).thread).toEqual({ name: subjectId, muted: true });
  expect((await receiptOf(owner, await tell(owner, { subjectId }))).thread).toEqual({ name: subjectId, muted: false });
  await asSystem("demo", (tx) =>
    tx.execute(sql`update receivers set decisions = jsonb_set(decisions, '{email}', '{"verdict":"skip","source":"default","why":"thread-muted"}') where id = ${id}`),
  );
  expect(channelOf(await receiptOf(ada, id), "email")).toMatchObject({ switch: "thread" });
  await unmuteThread(ada, subjectId);
  expect((await receiptOf(ada, id)).thread).toEqual({ name: subjectId, muted: false });
});

test("a mute is not offered where it would keep nothing away", async () => {
  expect((await receiptOf(ada, await tell(ada, { type: "device.added", category: "security" }))).thread).toBeNull();
  expect((await receiptOf(ada, await tell(ada, { type: "member.joined", category: "membership" }))).thread).toBeNull();
});
