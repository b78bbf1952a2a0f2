import { expect, test } from "vitest";
import { standingByDefault } from "../preferences/rules";
import type { Standing } from "../rules";
import { release, type DueItem } from "./rules";

const now = new Date("2031-03-03T07:00:00Z");
let serial = 0;
const item = (more: Partial<DueItem> = {}): DueItem => ({
  id: `dlv_${(serial += 1)}`,
  channel: "email",
  recipient: "mbr_a",
  memberId: "mbr_a",
  hold: "quiet-hours",
  deliverAfter: now,
  type: "meeting.reminder",
  category: "reminders",
  workspaceId: null,
  thread: "mtg_1",
  occurredAt: now,
  expiresAt: null,
  seen: false,
  memberRemoved: false,
  ...more,
});
const standing = (more: Partial<Standing> = {}): Standing => ({ ...standingByDefault("reminders"), hasDevice: true, ...more });
const emailIs = (value: "off" | "on" | "daily" | "weekly") => standing({ choices: { ...standing().choices, email: { value, source: "mine" } } });
const released = (items: DueItem[], as: Standing = standing()) => {
  const { bundles, ...rest } = release(items, () => as, now);
  return { ...rest, bundles: bundles.map(({ kind, items: gathered }) => [kind, gathered.map(({ id }) => id)]) };
};
const nothing = { dropped: [], heldOn: [], alone: [], bundles: [] };

test("one thing that was kept back is itself, several are one bundle, whatever kept them", () => {
  const [a, b] = [item(), item({ hold: "mute" })];
  expect(released([a])).toEqual({ ...nothing, alone: [a.id] });
  expect(released([a, b])).toEqual({ ...nothing, bundles: [["released", [a.id, b.id]]] });
});

test("a digest is a digest however little is in it, and its two kinds stay apart", () => {
  const [daily, weekly] = [item({ hold: "daily" }), item({ hold: "weekly" })];
  expect(released([daily], emailIs("daily"))).toEqual({ ...nothing, bundles: [["daily", [daily.id]]] });
  expect(released([daily, weekly], emailIs("weekly")).bundles).toEqual([["weekly", [weekly.id]]]);
});

test("mail with a calendar part is never gathered; its push is", () => {
  const mails = [item({ type: "meeting.updated" }), item({ type: "meeting.cancelled" })];
  expect(released(mails).alone).toEqual(mails.map(({ id }) => id));
  const pushes = mails.map((mail) => item({ type: mail.type, channel: "push", recipient: "dev_1" }));
  expect(released(pushes).bundles).toEqual([["released", pushes.map(({ id }) => id)]]);
});

test("pushes are gathered for each device, and nothing of one person reaches another", () => {
  const items = ["dev_1", "dev_2"].flatMap((recipient) => [item({ channel: "push", recipient }), item({ channel: "push", recipient })]);
  expect(released(items).bundles).toEqual([["released", items.slice(0, 2).map(({ id }) => id)], ["released", items.slice(2).map(({ id }) => id)]]);
  const [mine, theirs] = [item(), item({ memberId: "mbr_b", recipient: "mbr_b" })];
  expect(released([mine, theirs]).alone).toEqual([mine.id, theirs.id]);
});

test.each([
  ["read meanwhile", {}, { seen: true }, "read"],
  ["over", {}, { expiresAt: now }, "too-late"],
  ["of a removed member", {}, { memberRemoved: true }, "member-removed"],
  ["of a muted thread", { threadMuted: true }, {}, "thread-muted"],
  ["to an address that bounces", { mailStopped: "bounce" as const }, {}, "bounce"],
  ["to somebody who is muted for good", { muted: true }, {}, "muted"],
  ["that would be over when the new quiet ends", { mutedUntil: new Date("2031-03-03T09:00:00Z") }, { expiresAt: new Date("2031-03-03T08:00:00Z") }, "too-late"],
])("what is %s is dropped, and says why", (_, as, of, why) => {
  const one = item(of);
  expect(released([one], standing(as))).toEqual({ ...nothing, dropped: [{ id: one.id, why }] });
});

test("a category that was switched off meanwhile is dropped", () => {
  const one = item({ hold: "daily" });
  expect(released([one], emailIs("off")).dropped).toEqual([{ id: one.id, why: "off" }]);
});

test("quiet hours that were made longer hold on, a digest as a digest", () => {
  const until = new Date("2031-03-03T09:00:00Z");
  const quiet = item();
  expect(released([quiet], standing({ mutedUntil: until })).heldOn).toEqual([{ id: quiet.id, hold: "mute", until }]);
  const daily = item({ hold: "daily" });
  expect(released([daily], { ...emailIs("daily"), mutedUntil: until }).heldOn).toEqual([{ id: daily.id, hold: "daily", until }]);
});

test("whoever has left the digest gets what was gathered for it at once, as what it is", () => {
  const [a, b] = [item({ hold: "daily" }), item({ hold: "quiet-hours" })];
  expect(released([a], emailIs("on")).alone).toEqual([a.id]);
  expect(released([a, b], emailIs("on")).bundles).toEqual([["released", [a.id, b.id]]]);
});
