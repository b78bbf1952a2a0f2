import { beforeAll, beforeEach, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { markRead } from "../commands";
import { inboxCount, inboxPage } from "../queries";
import { tell } from "../testing";
import { followSubject, snooze, wake } from "./commands";
import { dueSnoozes, sleepersDue } from "./queries";

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

const now = "2031-03-03T00:00:00Z";
const later = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();
const lines = async (tab: "all" | "snoozed" = "all") => (await inboxPage(ada, { limit: 20, tab })).items;
const mine = async (id: string, before: string) => (await dueSnoozes(new Date(before), 1000)).filter(({ receiverIds }) => receiverIds.includes(id));

/** What the durable function does when the instant has come. */
const wakeAt = (at: string, ids: string[], ends = new Map<string, Date>()) =>
  clock.at(at, async () => {
    const tenant = systemTenant(ada.organizationId);
    return wake(tenant, await sleepersDue(tenant, ids), ends);
  });

test("a snoozed line leaves list and count, waits in its own list, and comes back unread, on top, once", async () => {
  const id = await tell(ada);
  await tell(ada);
  await markRead(ada, { ids: [id] });
  const { seen } = await inboxPage(ada, { limit: 20, tab: "all" });
  const asleep = await clock.at(now, () => snooze(ada, { ids: [id], until: later(90) }));
  expect(asleep).toMatchObject({ unread: 1, until: new Date(later(90)) });
  expect((await lines()).map((line) => line.id)).not.toContain(id);
  expect(await lines("snoozed")).toMatchObject([{ id, snoozedUntil: new Date(later(90)) }]);

  expect(await mine(id, later(89))).toEqual([]);
  expect(await mine(id, later(91))).toMatchObject([{ organizationId: ada.organizationId, dueAt: new Date(later(90)).toISOString() }]);
  expect(await wakeAt(later(89), [id])).toEqual([]);
  expect(await wakeAt(later(90), [id])).toMatchObject([{ id, memberId: ada.id }]);
  expect(await wakeAt(later(90), [id])).toEqual([]);
  expect((await lines())[0]).toMatchObject({ id, readAt: null, snoozedUntil: null });
  expect((await inboxCount(ada)).unread).toBe(2);
  expect((await markRead(ada, { seen })).unread, "whoever looked before it woke has not seen it").toBe(1);
});

test("until the meeting ends means the meeting as it stands when the time comes", async () => {
  const meeting = newId("meeting");
  const id = await tell(ada, { subjectId: meeting, endsAt: later(120) });
  await clock.at(now, () => snooze(ada, { ids: [id], until: "subject-end" }));
  expect(await lines("snoozed")).toMatchObject([{ snoozedFor: "subject-end", snoozedUntil: new Date(later(120)) }]);
  expect(await wakeAt(later(120), [id], new Map([[meeting, new Date(later(180))]]))).toEqual([]);
  expect(await lines("snoozed")).toMatchObject([{ snoozedUntil: new Date(later(180)) }]);
  expect(await followSubject(systemTenant(owner.organizationId), meeting, new Date(later(60)))).toBe(1);
  expect(await wakeAt(later(60), [id], new Map([[meeting, new Date(later(60))]]))).toMatchObject([{ id }]);
});

test("a meeting that was deleted keeps nobody waiting, and one that is over cannot be waited for", async () => {
  const id = await tell(ada, { endsAt: later(120) });
  await clock.at(now, () => snooze(ada, { ids: [id], until: "subject-end" }));
  expect(await wakeAt(later(120), [id])).toHaveLength(1);
  await expect(clock.at(later(121), () => snooze(ada, { ids: [id], until: "subject-end" }))).rejects.toMatchObject({ fields: [{ path: ["until"], code: "in-the-past" }] });
});

test("a chosen instant stays where it is when the meeting moves", async () => {
  const meeting = newId("meeting");
  const id = await tell(ada, { subjectId: meeting });
  await clock.at(now, () => snooze(ada, { ids: [id], until: later(90) }));
  expect(await followSubject(systemTenant(ada.organizationId), meeting, new Date(later(500)))).toBe(0);
  expect(await wakeAt(later(90), [id], new Map([[meeting, new Date(later(500))]]))).toHaveLength(1);
});

test("something new wakes the thread at once, and what slept under it does not wake a second time", async () => {
  const meeting = newId("meeting");
  const id = await tell(ada, { subjectId: meeting });
  await clock.at(now, () => snooze(ada, { ids: [id], until: later(90) }));
  const newer = await tell(ada, { subjectId: meeting, type: "meeting.updated", category: "changes" });
  expect((await lines()).map((line) => line.id)).toEqual([newer]);
  await markRead(ada, { ids: [newer] });
  expect(await wakeAt(later(90), [id])).toEqual([]);
  expect((await inboxCount(ada)).unread).toBe(0);
  expect(await mine(id, later(1000))).toEqual([]);
});

test("woken by hand it returns to its place, read or unread as it was", async () => {
  const id = await tell(ada);
  const above = await tell(ada);
  await markRead(ada, { ids: [id] });
  await clock.at(now, () => snooze(ada, { ids: [id], until: "tomorrow" }));
  await snooze(ada, { ids: [id], until: null });
  expect((await lines()).map((line) => [line.id, line.readAt !== null])).toEqual([
    [above, false],
    [id, true],
  ]);
});

test("times that are over or a year away are refused, and other people's lines are not found", async () => {
  const id = await tell(ada);
  for (const until of [later(0), later(-10), later(60 * 24 * 400)]) {
    await expect(clock.at(now, () => snooze(ada, { ids: [id], until }))).rejects.toMatchObject({ fields: [{ path: ["until"], code: "snooze" }] });
  }
  await expect(clock.at(now, () => snooze(owner, { ids: [id], until: "tomorrow" }))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await lines("snoozed")).toEqual([]);
});
