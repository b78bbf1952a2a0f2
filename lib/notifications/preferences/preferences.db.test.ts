import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parseInput } from "@/lib/platform/validation";
import { memberById, type Member } from "@/lib/organizations/actor";
import { createWorkspace } from "@/lib/organizations/commands";
import { auditLog } from "@/lib/organizations/queries";
import { auditEntries } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import { devices } from "../devices/tables";
import { categories as allCategories, preferenceChannels, type Category } from "../inputs";
import { deliveries, notifications, receivers } from "../tables";
import { changePreferences, mute, muteThread, setOrganizationDefaults, setPreferences, setSchedule, unmuteThread } from "./commands";
import { oneChangeAtATime, reconsiderHeldOf } from "./held/commands";
import { cellsInput, type CellInput } from "./inputs";
import { interruptions, mutedThreads, organizationDefaults, preferenceGrid, preferencePlaces, schedule } from "./queries";
import { preferences, schedules, threadMutes } from "./tables";

// Next's own `after` works inside a request only; nothing here needs what it does.
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

useTestDatabase();

let ada: Member;
let bora: Member;
let stranger: Member;
let workspaceId: string;
let strangersWorkspaceId: string;
let otherWorkspaceId: string;

beforeAll(async () => {
  const here = await foundOrganization("ada@choices.example", "Choices");
  const there = await foundOrganization("sid@strangers.example", "Strangers");
  [ada, workspaceId, stranger, strangersWorkspaceId] = [here.owner, here.workspaceId, there.owner, there.workspaceId];
  bora = await joinAs(ada, "bora@choices.example");
  await createWorkspace(ada, "Elsewhere");
  otherWorkspaceId = (await preferencePlaces(ada)).find(({ id }) => id !== workspaceId)?.id ?? "";
});

beforeEach(() =>
  asSystem("demo", async (tx) => {
    for (const table of [preferences, schedules, threadMutes, deliveries, receivers, notifications, outboxEvents, devices, auditEntries]) await tx.delete(table);
  }),
);

const cell = (category: CellInput["category"], channel: CellInput["channel"], value: CellInput["value"]): CellInput => ({ category, channel, value });
const cellOf = async (member: Member, category: Category, channel: "inbox" | "email" | "push", place: string | null = null) =>
  (await preferenceGrid(member, place)).find((row) => row.category === category)?.cells[channel];

describe("the grid", () => {
  test("says each value with where it comes from, and what would hold without one's own", async () => {
    expect(await cellOf(bora, "changes", "email")).toEqual({ choice: { value: "on", source: "default" }, inherited: { value: "on", source: "default" } });
    await setOrganizationDefaults(ada, [cell("changes", "email", "weekly")]);
    expect(await cellOf(bora, "changes", "email")).toEqual({ choice: { value: "weekly", source: "organization" }, inherited: { value: "weekly", source: "organization" } });
    await setPreferences(bora, [cell("changes", "email", "daily")]);
    expect(await cellOf(bora, "changes", "email")).toEqual({ choice: { value: "daily", source: "mine" }, inherited: { value: "weekly", source: "organization" } });
    await setPreferences(bora, [cell("changes", "email", "off")], workspaceId);
    expect(await cellOf(bora, "changes", "email", workspaceId)).toEqual({ choice: { value: "off", source: "workspace" }, inherited: { value: "daily", source: "mine" } });
    expect((await cellOf(bora, "changes", "email"))?.choice).toEqual({ value: "daily", source: "mine" });
    expect(await preferencePlaces(bora)).toEqual([{ id: workspaceId, name: expect.any(String), overrides: 1 }]);
    expect((await cellOf(ada, "changes", "email"))?.choice.source).toBe("organization");
  });

  test("goes back level by level when choices are taken back", async () => {
    await setOrganizationDefaults(ada, [cell("answers", "push", "on")]);
    await setPreferences(bora, [cell("answers", "push", "off")]);
    await setPreferences(bora, [cell("answers", "push", null)]);
    expect((await cellOf(bora, "answers", "push"))?.choice).toEqual({ value: "on", source: "organization" });
    await setOrganizationDefaults(ada, [cell("answers", "push", null)]);
    expect((await cellOf(bora, "answers", "push"))?.choice).toEqual({ value: "off", source: "default" });
  });

  test("marks what is critical, whatever was stored before it became so", async () => {
    await inTenant(bora, (tx) => tx.insert(preferences).values({ organizationId: bora.organizationId, memberId: bora.id, category: "security", channel: "email", value: "off" }));
    const row = (await preferenceGrid(bora, null)).find(({ category }) => category === "security");
    expect(row).toMatchObject({ critical: true, cells: { email: { choice: { value: "on", source: "critical" } } } });
  });

  test("is of a workspace only for those who are in it", async () => {
    for (const place of [strangersWorkspaceId, otherWorkspaceId, "wsp_nowhere"]) {
      await expect(preferenceGrid(bora, place)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(setPreferences(bora, [cell("changes", "email", "off")], place)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await asSystem("demo", (tx) => tx.select().from(preferences))).toEqual([]);
  });

  test("shows nobody what another chose", async () => {
    await setPreferences(stranger, [cell("changes", "email", "off")]);
    await setOrganizationDefaults(stranger, [cell("changes", "push", "off")]);
    await setPreferences(ada, [cell("changes", "inbox", "off")]);
    const row = (await preferenceGrid(bora, null)).find(({ category }) => category === "changes");
    expect(Object.values(row?.cells ?? {}).map(({ choice }) => choice.source)).toEqual(["default", "default", "default"]);
  });

  test("estimates the mails a week of each value by what came in four weeks", async () => {
    const dayMs = 86_400_000;
    const now = new Date("2031-03-31T12:00:00Z");
    const told = (category: string, daysAgo: number, more: object = {}) => ({ category, at: new Date(now.getTime() - daysAgo * dayMs - 1000), ...more });
    await write(bora, [
      ...[0, 0, 0, 1, 8, 15, 22, 23].map((days) => told("changes", days)),
      told("changes", 29),
      told("answers", 3),
      told("reminders", 3, { why: "not-offered" }),
    ]);
    const rows = await clock.at(now, () => preferenceGrid(bora, null));
    const mails = Object.fromEntries(rows.map((row) => [row.category, row.mails]));
    expect(mails).toMatchObject({
      changes: { on: 2, daily: 2, weekly: 1 },
      answers: { on: 1, daily: 1, weekly: 1 },
      reminders: { on: 0, daily: 0, weekly: 0 },
    });
    expect(rows.find(({ category }) => category === "membership")?.mailsPerWeek).toBeNull();
    await setPreferences(bora, [cell("changes", "email", "weekly")]);
    expect((await clock.at(now, () => preferenceGrid(bora, null))).find(({ category }) => category === "changes")?.mailsPerWeek).toBe(1);
  });
});

/** Inbox rows without the event behind them. */
async function write(member: Member, rows: { category: string; at: Date; why?: string }[]): Promise<void> {
  const notificationId = () => newId("notification");
  const all = rows.map((row) => ({ ...row, notificationId: notificationId() }));
  await asSystem("demo", async (tx) => {
    await tx.insert(notifications).values(
      all.map((row) => ({ id: row.notificationId, organizationId: member.organizationId, eventId: randomUUID(), type: "meeting.updated", category: row.category, subjectId: "mtg_x", thread: row.notificationId, payload: {}, occurredAt: row.at })),
    );
    await tx.insert(receivers).values(
      all.map((row) => ({
        organizationId: member.organizationId, notificationId: row.notificationId, memberId: member.id, category: row.category, thread: row.notificationId, position: row.notificationId, createdAt: row.at,
        decisions: {
          inbox: { verdict: "now" as const, source: "default" as const },
          email: row.why ? { verdict: "skip" as const, why: "not-offered" as const, source: "default" as const } : { verdict: "now" as const, source: "default" as const },
          push: { verdict: "now" as const, source: "default" as const },
        },
      })),
    );
  });
}

describe("organization defaults", () => {
  test("are the admins' to see and to set, and each change is in the audit log once", async () => {
    await expect(setOrganizationDefaults(bora, [cell("changes", "email", "off")])).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(organizationDefaults(bora)).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (let again = 0; again < 2; again += 1) await setOrganizationDefaults(ada, [cell("changes", "email", "off"), cell("answers", "push", null)]);
    await setOrganizationDefaults(ada, [cell("changes", "email", null)]);
    const entries = (await auditLog(ada)).entries.filter(({ action }) => action === "notifications.default-changed");
    expect(entries.map(({ subject, detail }) => [subject, detail])).toEqual([
      ["changes", { channel: "email", value: "default" }],
      ["changes", { channel: "email", value: "off" }],
    ]);
  });
});

describe("the schedule", () => {
  test("keeps what is not sent, and takes quiet hours and mutes away again", async () => {
    expect(await schedule(bora)).toMatchObject({ muted: false, mutedUntil: null, quietUntil: null, quietHours: {}, digestTime: "08:00", digestWeekday: 1, pushDetails: true, held: { count: 0, until: null } });
    await setSchedule(bora, { quietHours: { "1": { start: "22:00", end: "07:00" } }, digestTime: "18:30" });
    await setSchedule(bora, { digestWeekday: 5, pushDetails: false });
    expect(await schedule(bora)).toMatchObject({ quietHours: { "1": { start: "22:00", end: "07:00" } }, digestTime: "18:30", digestWeekday: 5, pushDetails: false });
    await setSchedule(bora, { quietHours: {} });
    expect(await schedule(bora)).toMatchObject({ quietHours: {}, digestTime: "18:30" });
  });

  test("says what keeps mail and push away now", async () => {
    const at = new Date("2031-03-03T23:00:00Z");
    await setSchedule(bora, { quietHours: { "1": { start: "22:00", end: "07:00" } } });
    expect(await clock.at(at, () => interruptions(bora))).toEqual({ muted: false, mutedUntil: null, quietUntil: new Date("2031-03-04T07:00:00Z") });
    await clock.at(at, () => mute(bora, "hour"));
    expect(await clock.at(at, () => interruptions(bora))).toMatchObject({ muted: true, mutedUntil: new Date("2031-03-04T00:00:00Z") });
    expect(await clock.at("2031-03-04T00:00:00Z", () => interruptions(bora))).toMatchObject({ muted: false, mutedUntil: null });
    await clock.at(at, () => mute(bora, "always"));
    expect(await interruptions(bora)).toMatchObject({ muted: true, mutedUntil: null });
    await mute(bora, "off");
    expect(await interruptions(bora)).toMatchObject({ muted: false, mutedUntil: null });
  });

  test("mutes until tomorrow morning on the member's own wall, on the day the clocks change, too", async () => {
    await setSchedule(bora, { timeZone: "Europe/Paris" });
    const paris = await again(bora);
    await clock.at("2031-03-29T22:30:00Z", () => mute(paris, "tomorrow"));
    expect(await clock.at("2031-03-29T22:30:00Z", () => interruptions(paris))).toMatchObject({ mutedUntil: new Date("2031-03-30T06:00:00Z") });
    await setSchedule(paris, { timeZone: "UTC" });
  });
});

test("a time zone that has disappeared counts as UTC wherever it is asked for", async () => {
  await setSchedule(bora, { quietHours: { "1": { start: "22:00", end: "07:00" } } });
  await asSystem("demo", (tx) => tx.update(users).set({ timeZone: "Europe/Atlantis" }).where(eq(users.id, bora.userId)));
  const lost = await again(bora);
  await clock.at("2031-03-03T23:00:00Z", async () => {
    expect(await interruptions(lost)).toMatchObject({ quietUntil: new Date("2031-03-04T07:00:00Z") });
    await mute(lost, "tomorrow");
    expect(await interruptions(lost)).toMatchObject({ mutedUntil: new Date("2031-03-04T08:00:00Z") });
  });
  await setSchedule(bora, { timeZone: "UTC" });
});

const again = async (member: Member) => {
  const found = await memberById(member, member.id);
  if (!found) throw new Error("gone");
  return found;
};

describe("a muted thread", () => {
  test("is muted for whoever muted it, once, until they take it back", async () => {
    await write(bora, [{ category: "changes", at: new Date() }]);
    const [{ thread = "" } = {}] = await asSystem("demo", (tx) => tx.select({ thread: notifications.thread }).from(notifications));
    await Promise.all([muteThread(bora, thread), muteThread(bora, thread)]);
    expect(await mutedThreads(bora, [thread, "other"])).toEqual(new Set([thread]));
    expect(await mutedThreads(ada, [thread])).toEqual(new Set());
    await unmuteThread(bora, thread);
    expect(await mutedThreads(bora, [thread])).toEqual(new Set());
  });

  test("must be one of this organization", async () => {
    await write(bora, [{ category: "changes", at: new Date() }]);
    const [{ thread = "" } = {}] = await asSystem("demo", (tx) => tx.select({ thread: notifications.thread }).from(notifications));
    await expect(muteThread(stranger, thread)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("what is held", () => {
  const now = new Date("2031-03-03T12:00:00Z");
  const tomorrow = new Date("2031-03-04T08:00:00Z");
  const quietEnd = new Date("2031-03-04T07:00:00Z");

  interface HeldSeed {
    channel?: "email" | "push";
    hold?: "quiet-hours" | "mute" | "daily" | "weekly";
    until?: Date;
    category?: Category;
    expiresAt?: Date;
    place?: string;
    member?: Member;
    since?: Date;
  }
  const hold = async ({ channel = "email", hold: why = "quiet-hours", until = quietEnd, category = "changes", expiresAt, place, member = bora, since = now }: HeldSeed) =>
    asSystem("demo", async (tx) => {
      const organizationId = member.organizationId;
      const [notification] = await tx
        .insert(notifications)
        .values({ organizationId, eventId: randomUUID(), type: "meeting.updated", category, subjectId: "mtg_x", thread: "mtg_x", payload: {}, occurredAt: now, expiresAt, workspaceId: place })
        .returning();
      const [row] = await tx
        .insert(deliveries)
        .values({ organizationId, notificationId: notification?.id ?? "", channel, recipient: member.id, memberId: member.id, state: "held", hold: why, deliverAfter: until, createdAt: since })
        .returning();
      return row?.id ?? "";
    });
  const rowOf = async (id: string) => {
    const [row] = await asSystem("demo", (tx) => tx.select({ state: deliveries.state, hold: deliveries.hold, deliverAfter: deliveries.deliverAfter }).from(deliveries).where(eq(deliveries.id, id)));
    return row;
  };
  const announced = () =>
    asSystem("demo", (tx) => tx.select({ payload: outboxEvents.payload }).from(outboxEvents).where(eq(outboxEvents.name, "held.changed")));
  const change = (work: () => Promise<unknown>) => clock.at(now, work);
  const allNight = Object.fromEntries(["1", "2", "3", "4", "5", "6", "7"].map((weekday) => [weekday, { start: "09:00", end: "07:00" }]));

  test("goes at once when the quiet hours or the mute are ended, and an event says so once", async () => {
    const [quiet, muted] = [await hold({}), await hold({ hold: "mute", until: tomorrow })];
    await change(() => mute(bora, "off"));
    expect(await rowOf(quiet)).toMatchObject({ state: "held", deliverAfter: now });
    expect(await rowOf(muted)).toMatchObject({ state: "held", deliverAfter: now });
    expect(await announced()).toEqual([{ payload: { memberId: bora.id } }]);
  });

  test("waits for the new end when quiet hours or a mute are made longer or shorter", async () => {
    const id = await hold({});
    await change(() => setSchedule(bora, { quietHours: { "1": { start: "09:00", end: "06:00" } } }));
    expect(await rowOf(id)).toMatchObject({ hold: "quiet-hours", deliverAfter: new Date("2031-03-04T06:00:00Z") });
    await change(() => setSchedule(bora, { mutedUntil: tomorrow.toISOString() }));
    expect(await rowOf(id)).toMatchObject({ hold: "mute", deliverAfter: tomorrow });
    await change(() => mute(bora, "off"));
    expect(await rowOf(id)).toMatchObject({ hold: "quiet-hours", deliverAfter: new Date("2031-03-04T06:00:00Z") });
    expect(await announced()).toEqual([]);
  });

  test("moves with the member's time zone", async () => {
    const id = await hold({});
    await change(() => setSchedule(bora, { timeZone: "Asia/Seoul", quietHours: allNight }));
    expect(await rowOf(id)).toMatchObject({ deliverAfter: new Date("2031-03-03T22:00:00Z") });
    await setSchedule(bora, { timeZone: "UTC" });
  });

  test("moves with a zone that was changed elsewhere", async () => {
    const id = await hold({});
    await change(() => setSchedule(bora, { quietHours: allNight }));
    await asSystem("demo", (tx) => tx.update(users).set({ timeZone: "Asia/Seoul" }).where(eq(users.id, bora.userId)));
    await change(() => reconsiderHeldOf(bora, bora.id));
    expect(await rowOf(id)).toMatchObject({ deliverAfter: new Date("2031-03-03T22:00:00Z") });
    await asSystem("demo", (tx) => tx.update(users).set({ timeZone: "America/Los_Angeles" }).where(eq(users.id, bora.userId)));
    await clock.at("2031-03-03T15:30:00Z", () => reconsiderHeldOf(bora, bora.id));
    expect(await rowOf(id)).toMatchObject({ state: "held", deliverAfter: new Date("2031-03-03T15:30:00Z") });
    expect(await announced()).toHaveLength(1);
    await setSchedule(bora, { timeZone: "UTC" });
  });

  test("moves with the digest's hour, and goes at once when it is no longer gathered", async () => {
    await setPreferences(bora, [cell("changes", "email", "daily")]);
    const id = await hold({ hold: "daily", until: tomorrow });
    await change(() => setSchedule(bora, { digestTime: "18:30", digestWeekday: 5 }));
    expect(await rowOf(id)).toMatchObject({ hold: "daily", deliverAfter: new Date("2031-03-03T18:30:00Z") });
    await change(() => setPreferences(bora, [cell("changes", "email", "weekly")]));
    expect(await rowOf(id)).toMatchObject({ hold: "weekly", deliverAfter: new Date("2031-03-07T18:30:00Z") });
    await change(() => setPreferences(bora, [cell("changes", "email", "on")]));
    expect(await rowOf(id)).toMatchObject({ state: "held", deliverAfter: now });
    expect(await announced()).toHaveLength(1);
  });

  test("is a digest whose hour passed in silence: it comes with the end of that, whatever is chosen meanwhile", async () => {
    await setPreferences(bora, [cell("changes", "email", "daily")]);
    await setSchedule(bora, { mutedUntil: tomorrow.toISOString() });
    const id = await hold({ hold: "daily", until: tomorrow, since: new Date("2031-03-02T20:00:00Z") });
    await change(() => setPreferences(bora, [cell("answers", "email", "weekly")]));
    expect(await rowOf(id)).toMatchObject({ hold: "daily", deliverAfter: tomorrow });
    await change(() => mute(bora, "hour"));
    expect(await rowOf(id)).toMatchObject({ hold: "daily", deliverAfter: new Date("2031-03-03T13:00:00Z") });
    await change(() => mute(bora, "off"));
    expect(await rowOf(id)).toMatchObject({ hold: "daily", deliverAfter: now });
    expect(await announced()).toHaveLength(1);
  });

  test("is not lost when it is switched off: it stays for its time, and a choice taken back saves it", async () => {
    await setPreferences(bora, [cell("changes", "email", "daily")]);
    const id = await hold({ hold: "daily", until: tomorrow });
    await change(() => setPreferences(bora, [cell("changes", "email", "off")]));
    expect(await rowOf(id)).toMatchObject({ state: "held", hold: "daily", deliverAfter: tomorrow });
    await change(() => setPreferences(bora, [cell("changes", "email", "daily")]));
    expect(await rowOf(id)).toMatchObject({ state: "held", hold: "daily", deliverAfter: tomorrow });
    expect(await announced()).toEqual([]);
  });

  test("follows the choice of its own workspace and channel", async () => {
    await asSystem("demo", (tx) => tx.insert(devices).values({ organizationId: bora.organizationId, memberId: bora.id, userId: bora.userId, kind: "webpush", endpoint: "https://push.example/x", name: "x" }));
    await setSchedule(bora, { quietHours: allNight });
    const [here, everywhere, push] = [await hold({ place: workspaceId }), await hold({}), await hold({ channel: "push" })];
    await change(() => setPreferences(bora, [cell("changes", "email", "daily")], workspaceId));
    expect(await rowOf(here)).toMatchObject({ hold: "daily", deliverAfter: tomorrow });
    expect(await rowOf(everywhere)).toMatchObject({ hold: "quiet-hours", deliverAfter: quietEnd });
    expect(await rowOf(push)).toMatchObject({ hold: "quiet-hours", deliverAfter: quietEnd });
  });

  test("of others, and what is due already, is left alone", async () => {
    const [theirs, due, strangers] = [await hold({ member: ada }), await hold({ until: now }), await hold({ member: stranger })];
    await change(() => mute(bora, "hour"));
    expect([await rowOf(theirs), await rowOf(due), await rowOf(strangers)].map((row) => row?.deliverAfter)).toEqual([quietEnd, now, quietEnd]);
    expect(await announced()).toEqual([]);
  });

  test("is counted where the member looks, with its next instant", async () => {
    await hold({});
    await hold({ hold: "daily", until: tomorrow });
    expect((await schedule(bora)).held).toEqual({ count: 2, until: quietEnd });
  });

  test("ends where its change rolls back", async () => {
    const id = await hold({});
    await expect(change(() => changePreferences(bora, { schedule: { mutedUntil: tomorrow.toISOString() } }, "wsp_nowhere"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await rowOf(id)).toMatchObject({ deliverAfter: quietEnd });
  });
});

describe("choices made at the same time", () => {
  test("take turns, so that what is held is decided by all of them", async () => {
    let second = Promise.resolve();
    let done = false;
    await inTenant(bora, async (tx) => {
      await oneChangeAtATime(tx, bora.id);
      second = mute(bora, "hour").then(() => void (done = true));
      const waits = async () => (await tx.execute<{ count: number }>(sql`select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`))[0]?.count ?? 0;
      while (!done && (await waits()) === 0);
      expect(done).toBe(false);
    });
    await second;
    expect(done).toBe(true);
  });

  test("of the same cells leave one value each, and what is held follows it", async () => {
    const values = ["on", "off", "daily", "weekly", null] as const;
    const categories = ["changes", "answers", "reminders"] as const;
    await Promise.all(
      Array.from({ length: 15 }, (_, index) =>
        setPreferences(bora, (index % 2 === 0 ? categories : [...categories].reverse()).map((category) => cell(category, "email", values[index % values.length] ?? null))),
      ),
    );
    const rows = await asSystem("demo", (tx) => tx.select().from(preferences).where(eq(preferences.memberId, bora.id)));
    expect(rows.length === 0 || rows.length === 3).toBe(true);
    expect(new Set(rows.map(({ value }) => value)).size).toBeLessThanOrEqual(1);
  });

  test("of different fields keep both", async () => {
    await Promise.all([setSchedule(bora, { digestTime: "18:30" }), setSchedule(bora, { digestWeekday: 5 }), setSchedule(bora, { pushDetails: false }), mute(bora, "always")]);
    expect(await schedule(bora)).toMatchObject({ digestTime: "18:30", digestWeekday: 5, pushDetails: false, muted: true });
  });
});

describe("cells", () => {
  const faults = (cells: unknown) => {
    try {
      parseInput(cellsInput, cells);
      return [];
    } catch (error) {
      return (error as { fields: { path: unknown[]; code: string }[] }).fields.map(({ path, code }) => [path.join("."), code]);
    }
  };
  test.each<[string, unknown, unknown[]]>([
    ["of an unknown category", [{ category: "gossip", channel: "email", value: "on" }], [["0.category", "not-an-option"]]],
    ["of an unknown channel", [{ category: "changes", channel: "pigeon", value: "on" }], [["0.channel", "not-an-option"]]],
    ["of an unknown value", [{ category: "changes", channel: "email", value: "hourly" }], [["0.value", "not-an-option"]]],
    ["gathered where nothing is gathered", [{ category: "changes", channel: "push", value: "daily" }], [["0.value", "not-an-option"]]],
    ["that switch off what is critical", [{ category: "security", channel: "email", value: "off" }], [["0.value", "critical-category"]]],
    ["that gather what is critical", [{ category: "security", channel: "email", value: "daily" }], [["0.value", "critical-category"]]],
    ["said twice", [{ category: "changes", channel: "email", value: "on" }, { category: "changes", channel: "email", value: "off" }], [["1", "twice"]]],
    ["without a value", [{ category: "changes", channel: "email" }], [["0.value", "not-an-option"]]],
    ["of a foreign member", [{ category: "changes", channel: "email", value: "on", memberId: "mbr_1" }], [["0.memberId", "unknown-field"]]],
    ["that are no list", "all", [["", "wrong-type"]]],
  ])("%s are refused", (_, cells, expected) => {
    expect(faults(cells)).toEqual(expected);
  });

  test("that say again what is critical are taken as said", () => {
    expect(faults([{ category: "security", channel: "email", value: "on" }, { category: "security", channel: "push", value: null }])).toEqual([]);
  });
});

describe("the API", () => {
  let token: string;
  let route: typeof import("@/app/api/preferences/route");
  beforeAll(async () => {
    token = (await createApiToken(bora, { name: "all", scopes: ["preferences:read", "preferences:write"], days: 7 })).secret;
    route = await import("@/app/api/preferences/route");
  });
  const context = { params: Promise.resolve({}) };
  const ask = (method: "GET" | "PUT", body?: unknown, query = "", bearer = token) => {
    const request = new Request(`http://localhost:3000/api/preferences${query}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return route[method](request, context);
  };
  const faults = async (body: unknown) => {
    const response = await ask("PUT", body);
    const { errors = [] } = (await response.json()) as { errors?: { field: string; code: string }[] };
    return [response.status, ...errors.map(({ field, code }) => `${field} ${code}`)];
  };

  test("takes some cells and some of the schedule, and shows the whole; again it changes nothing", async () => {
    const body = { cells: [{ category: "changes", channel: "email", value: "daily" }], schedule: { quietHours: { "5": { start: "22:00", end: "07:00" }, "6": null }, timeZone: "Asia/Seoul" } };
    const answers = [];
    for (let time = 0; time < 2; time += 1) {
      const response = await ask("PUT", body);
      expect(response.status).toBe(200);
      answers.push(await response.json());
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({
      workspace: null,
      schedule: { timeZone: "Asia/Seoul", quietHours: { "5": { start: "22:00", end: "07:00" } }, muted: false, mutedUntil: null, digestTime: "08:00" },
    });
    const shown = (await (await ask("GET")).json()) as { cells: object[]; schedule: object };
    expect(shown).toEqual(answers[0]);
    expect(shown.cells).toHaveLength(allCategories.length * preferenceChannels.length);
    expect(shown.cells).toContainEqual({ category: "changes", channel: "email", value: "daily", source: "mine", inherited: { value: "on", source: "default" }, offered: ["off", "on", "daily", "weekly"] });
    expect(shown.cells).toContainEqual(expect.objectContaining({ category: "security", channel: "push", source: "critical", offered: ["on"] }));
    expect((await ask("PUT", { schedule: shown.schedule })).status).toBe(200);
    await ask("PUT", { schedule: { timeZone: "UTC" } });
  });

  test("chooses for one workspace, and knows none of others", async () => {
    expect((await ask("PUT", { cells: [{ category: "changes", channel: "email", value: "off" }] }, `?workspace=${workspaceId}`)).status).toBe(200);
    const there = (await (await ask("GET", undefined, `?workspace=${workspaceId}`)).json()) as object;
    expect(there).toMatchObject({ workspace: workspaceId, cells: expect.arrayContaining([expect.objectContaining({ category: "changes", channel: "email", value: "off", source: "workspace" })]) });
    for (const place of [strangersWorkspaceId, otherWorkspaceId, "nonsense"]) {
      expect((await ask("GET", undefined, `?workspace=${place}`)).status).toBe(404);
      expect((await ask("PUT", { cells: [] }, `?workspace=${place}`)).status).toBe(404);
    }
  });

  test.each<[string, object, unknown[]]>([
    ["an unknown category", { cells: [{ category: "gossip", channel: "email", value: "on" }] }, [422, "cells.0.category not-an-option"]],
    ["a critical category switched off", { cells: [{ category: "security", channel: "email", value: "off" }] }, [422, "cells.0.value critical-category"]],
    ["quiet hours with equal ends", { schedule: { quietHours: { "1": { start: "22:00", end: "22:00" } } } }, [422, "schedule.quietHours.1.end equal-ends"]],
    ["a time that is none", { schedule: { quietHours: { "1": { start: "24:00", end: "7:00" } } } }, [422, "schedule.quietHours.1.start wall-clock", "schedule.quietHours.1.end wall-clock"]],
    ["an eighth weekday", { schedule: { quietHours: { "8": { start: "22:00", end: "07:00" } } } }, [422, "schedule.quietHours.8 unknown-field"]],
    ["an unknown zone", { schedule: { timeZone: "Mars/Olympus" } }, [422, "schedule.timeZone time-zone"]],
    ["a digest on no weekday", { schedule: { digestWeekday: 0 } }, [422, "schedule.digestWeekday not-an-option"]],
    ["a mute until no instant", { schedule: { mutedUntil: "tomorrow" } }, [422, "schedule.mutedUntil instant"]],
    ["a field that is not known", { schedule: { quietUntil: null } }, [422, "schedule.quietUntil unknown-field"]],
  ])("refuses %s and changes nothing", async (_, body, expected) => {
    expect(await faults(body)).toEqual(expected);
    expect(await asSystem("demo", (tx) => tx.select().from(preferences))).toEqual([]);
    expect(await asSystem("demo", (tx) => tx.select().from(schedules))).toEqual([]);
  });

  test("asks for its scopes", async () => {
    const { secret } = await createApiToken(bora, { name: "reads", scopes: ["preferences:read"], days: 7 });
    expect((await ask("GET", undefined, "", secret)).status).toBe(200);
    expect((await ask("PUT", {}, "", secret)).status).toBe(403);
  });
});
