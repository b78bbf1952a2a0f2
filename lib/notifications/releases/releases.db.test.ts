import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant, type Tenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { claimDeliveries } from "../deliveries/commands";
import { devices } from "../devices/tables";
import { bundleItems } from "../digests/queries";
import { fanOut } from "../fan-out/commands";
import { preferences, schedules, threadMutes } from "../preferences/tables";
import { deliveries, notifications, receivers } from "../tables";
import { releaseHeld } from "./commands";
import { dueMembers } from "./queries";

useTestDatabase();

let ada: Member;
let tenant: Tenant;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  tenant = systemTenant(ada.organizationId);
});

let reader: Member;
let serial = 0;
beforeEach(async () => {
  reader = await joinAs(ada, `reader${(serial += 1)}@here.example`);
});

const night = new Date("2031-03-03T02:00:00Z");
const morning = new Date("2031-03-03T08:00:00Z");
const minutes = (count: number, from = night) => new Date(from.getTime() + count * 60_000);

const chooses = (value: "off" | "on" | "daily" | "weekly", member = reader, category = "announcements") =>
  asSystem("sweep", (tx) =>
    tx
      .insert(preferences)
      .values({ organizationId: ada.organizationId, memberId: member.id, workspaceId: null, category, channel: "email", value })
      .onConflictDoUpdate({ target: [preferences.organizationId, preferences.memberId, preferences.workspaceId, preferences.category, preferences.channel], set: { value } }),
  );
const mutedUntil = (at: Date | null, member = reader) =>
  asSystem("sweep", (tx) =>
    tx
      .insert(schedules)
      .values({ organizationId: ada.organizationId, memberId: member.id, mutedUntil: at })
      .onConflictDoUpdate({ target: [schedules.organizationId, schedules.memberId], set: { mutedUntil: at } }),
  );

interface News {
  to?: Member[];
  channels?: ("inbox" | "email" | "push")[];
  id?: string;
}

function news({ to = [reader], channels = ["inbox", "email"], id = newId("notification") }: News = {}): { id: string; tell: (at: Date) => Promise<unknown> } {
  const payload = {
    actor: { memberId: ada.id, name: "Ada" },
    publication: { id, category: "announcements", channels, workspaceId: null, line: { en: "News" }, audience: { memberIds: to.map((member) => member.id) } },
  };
  const eventId = newId("event");
  const tell = (at: Date) => clock.at(at, () => fanOut(tenant, "notification.published", { eventId, organizationId: ada.organizationId, version: 1, occurredAt: at.toISOString(), payload }));
  return { id, tell };
}

/** Something about a meeting at its reader: threads and merge keys are the meeting's. */
function aboutMeeting(event: "meeting.scheduled" | "meeting.cancelled" | "meeting.responded", id: string, member: Member, at: Date, more: object = {}): Promise<unknown> {
  const person = { attendeeId: `att_${member.id}`, memberId: member.id, email: member.email, name: null };
  const other = { attendeeId: newId("attendee"), memberId: null, email: "guest@out.example", name: "Guest" };
  const meeting = { id, title: "Plan", startsAt: "2031-04-03T01:00:00.000Z", endsAt: "2031-04-03T02:00:00.000Z", timeZone: "UTC", location: "", joinUrl: null, sequence: 0, organizer: person };
  const payload =
    event !== "meeting.responded"
      ? { actor: { memberId: ada.id, name: "Ada" }, meeting, attendees: [person], reason: null }
      : { actor: { memberId: null, name: "Guest" }, meeting, attendee: other, partstat: "accepted", previous: "needs-action", comment: null, mergeSeconds: 60, ...more };
  const envelope: EventEnvelope = { eventId: newId("event"), organizationId: ada.organizationId, version: 1, occurredAt: at.toISOString(), payload };
  return clock.at(at, () => fanOut(tenant, event, envelope));
}

const releaseAt = (at: Date, ...members: Member[]) => clock.at(at, () => releaseHeld(tenant, (members.length > 0 ? members : [reader]).map(({ id }) => id)));

/** What was made for the reader, oldest first, with its type. */
async function mails(member = reader, channel = "email") {
  const rows = await asSystem("sweep", (tx) =>
    tx
      .select({ delivery: deliveries, type: notifications.type })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(deliveries.memberId, member.id), eq(deliveries.channel, channel)))
      .orderBy(asc(deliveries.id)),
  );
  return rows.map(({ delivery, type }) => ({ ...delivery, type }));
}
const states = async (member = reader) => (await mails(member)).map(({ type, state, reason }) => [type, state, ...(state === "skipped" ? [reason] : [])].join(" "));

describe("what a mute kept back", () => {
  test("is one mail when it is one thing, and one bundle when it is several", async () => {
    await mutedUntil(morning);
    await news().tell(night);
    const batches = await releaseAt(morning);
    expect(await states()).toEqual(["notification.published pending"]);
    expect(batches).toEqual([{ channel: "email", deliverAfter: morning.toISOString(), deliveryIds: [(await mails())[0]?.id] }]);

    reader = await joinAs(ada, "several@here.example");
    await mutedUntil(morning);
    const both = [news(), news()];
    for (const [index, one] of both.entries()) await one.tell(minutes(index));
    const [batch] = await releaseAt(morning);
    const [first, second, bundle] = await mails();
    expect([first?.state, second?.state, bundle?.type, bundle?.state]).toEqual(["merged", "merged", "bundle.released", "pending"]);
    expect([first?.reason, second?.reason]).toEqual([bundle?.id, bundle?.id]);
    expect(batch?.deliveryIds).toEqual([bundle?.id]);
    const items = (await bundleItems(tenant, [bundle?.id ?? ""])).get(bundle?.id ?? "");
    expect(items?.map(({ notificationId, readAt, type, count }) => [notificationId, readAt, type, count])).toEqual(both.map(({ id }) => [id, null, "notification.published", 1]));
    expect(items?.every(({ receiverId }) => receiverId?.startsWith("rcv_"))).toBe(true);
  });

  test("does not go before its time, nor twice", async () => {
    await mutedUntil(morning);
    await news().tell(night);
    expect(await releaseAt(minutes(-1, morning))).toEqual([]);
    expect(await states()).toEqual(["notification.published held"]);
    await releaseAt(morning);
    expect(await releaseAt(morning)).toEqual([]);
    expect(await states()).toEqual(["notification.published pending"]);
  });

  test("waits on when the mute was made longer", async () => {
    await mutedUntil(morning);
    await news().tell(night);
    await mutedUntil(minutes(60, morning));
    expect(await releaseAt(morning)).toEqual([]);
    expect(await mails()).toMatchObject([{ state: "held", hold: "mute", deliverAfter: minutes(60, morning) }]);
  });

  test("leaves out what was read, here or as a later line of its thread, and what its reader no longer wants", async () => {
    await mutedUntil(morning);
    const meeting = newId("meeting");
    await aboutMeeting("meeting.responded", meeting, reader, night, { mergeSeconds: 0 });
    const read = news();
    await read.tell(night);
    const muted = news();
    await muted.tell(night);
    const left = news();
    await left.tell(night);
    await asSystem("sweep", async (tx) => {
      await tx.update(receivers).set({ readAt: minutes(5) }).where(eq(receivers.thread, read.id));
      await tx.insert(threadMutes).values({ organizationId: ada.organizationId, recipient: reader.id, thread: muted.id });
    });
    await aboutMeeting("meeting.cancelled", meeting, reader, minutes(10));
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: minutes(15) }).where(and(eq(receivers.thread, meeting), eq(receivers.head, true))));
    await releaseAt(morning);
    expect((await states()).sort()).toEqual(
      ["meeting.responded skipped read", "meeting.cancelled skipped read", "notification.published skipped read", "notification.published skipped thread-muted", "notification.published pending"].sort(),
    );
  });

  test("that was read before the newest line arrived is read; the newest is not", async () => {
    await mutedUntil(morning);
    const meeting = newId("meeting");
    await aboutMeeting("meeting.responded", meeting, reader, night, { mergeSeconds: 0 });
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: minutes(5) }).where(eq(receivers.thread, meeting)));
    await aboutMeeting("meeting.cancelled", meeting, reader, minutes(10));
    await releaseAt(morning);
    expect(await states()).toEqual(["meeting.responded skipped read", "meeting.cancelled pending"]);
  });

  test("lets calendar mails go as themselves and gathers the rest", async () => {
    await mutedUntil(morning);
    await aboutMeeting("meeting.cancelled", newId("meeting"), reader, night);
    await aboutMeeting("meeting.cancelled", newId("meeting"), reader, night);
    await news().tell(night);
    await news().tell(night);
    await releaseAt(morning);
    expect(await states()).toEqual([
      "meeting.cancelled pending", "meeting.cancelled pending", "notification.published merged", "notification.published merged", "bundle.released pending",
    ]);
  });

  test("is covered by the bundle with all that it had overtaken", async () => {
    await mutedUntil(morning);
    const meeting = newId("meeting");
    await aboutMeeting("meeting.responded", meeting, reader, night);
    await aboutMeeting("meeting.responded", meeting, reader, minutes(1));
    await news().tell(minutes(2));
    await releaseAt(morning);
    const bundle = (await mails()).find(({ type }) => type === "bundle.released");
    const items = (await bundleItems(tenant, [bundle?.id ?? ""])).get(bundle?.id ?? "") ?? [];
    expect(items.map(({ type, count }) => [type, count])).toEqual([["meeting.responded", 2], ["notification.published", 1]]);
  });

  test("is pushed once to each device", async () => {
    const device = (name: string) => ({ organizationId: ada.organizationId, memberId: reader.id, userId: reader.userId, kind: "webpush" as const, endpoint: `https://push.example/${reader.id}/${name}`, name });
    const made = await asSystem("sweep", (tx) => tx.insert(devices).values([device("phone"), device("laptop")]).returning({ id: devices.id }));
    await mutedUntil(morning);
    for (let count = 0; count < 3; count += 1) await news({ channels: ["push"] }).tell(night);
    await releaseAt(morning);
    const pushes = (await mails(reader, "push")).filter(({ type }) => type === "bundle.released");
    expect(pushes.map(({ recipient, deviceId }) => [recipient, deviceId]).sort()).toEqual(made.map(({ id }) => [id, id]).sort());
  });
});

describe("a mail that gives further changes time", () => {
  const quiet = { "1": { start: "02:00", end: "08:00" } };
  const quietAtNight = () =>
    asSystem("sweep", (tx) => tx.insert(schedules).values({ organizationId: ada.organizationId, memberId: reader.id, quietHours: quiet }));

  test("is held when quiet hours begin before it leaves, and is not when they end before", async () => {
    await quietAtNight();
    await aboutMeeting("meeting.responded", newId("meeting"), reader, minutes(-1), { mergeSeconds: 300 });
    await aboutMeeting("meeting.responded", newId("meeting"), reader, minutes(-1, morning), { mergeSeconds: 300 });
    expect(await mails()).toMatchObject([
      { state: "held", hold: "quiet-hours", deliverAfter: morning },
      { state: "pending", hold: null, deliverAfter: minutes(4, morning) },
    ]);
    await releaseAt(morning);
  });
});

describe("a digest", () => {
  test("comes at its hour with all that is unread, is skipped when nothing is, and the next one has none of it", async () => {
    await chooses("daily");
    const [first, second] = [news(), news()];
    await first.tell(night);
    await second.tell(minutes(1));
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: minutes(5) }).where(eq(receivers.thread, first.id)));
    expect(await clock.at(morning, () => dueMembers(morning))).toEqual([{ organizationId: ada.organizationId, memberIds: [reader.id], dueAt: morning.toISOString() }]);
    await releaseAt(morning);
    expect(await states()).toEqual(["notification.published skipped read", "notification.published merged", "bundle.daily pending"]);
    const later = news();
    await later.tell(morning);
    const tomorrow = minutes(24 * 60, morning);
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: minutes(5, morning) }).where(eq(receivers.thread, later.id)));
    expect(await releaseAt(tomorrow)).toEqual([]);
    expect((await states()).filter((state) => state.startsWith("bundle"))).toHaveLength(1);
  });

  test("keeps its hour when it takes in what was to go earlier", async () => {
    const id = newId("meeting");
    await aboutMeeting("meeting.responded", id, reader, night, { mergeSeconds: 300 });
    await chooses("daily", reader, "answers");
    await aboutMeeting("meeting.responded", id, reader, minutes(1), { mergeSeconds: 300 });
    expect(await mails()).toMatchObject([{ state: "merged" }, { state: "held", hold: "daily", deliverAfter: morning }]);
    await releaseAt(morning);
  });

  test("brings an invitation that a change overtook, whatever its reader wants of changes", async () => {
    const id = newId("meeting");
    await mutedUntil(morning);
    await aboutMeeting("meeting.scheduled", id, reader, night);
    await aboutMeeting("meeting.cancelled", id, reader, minutes(1));
    await aboutMeeting("meeting.cancelled", newId("meeting"), reader, minutes(2));
    await chooses("off", reader, "changes");
    await releaseAt(morning);
    expect(await states()).toEqual(["meeting.invited merged", "meeting.cancelled pending", "meeting.cancelled skipped off"]);
  });

  test("does not keep an invitation that a gathered change overtook", async () => {
    const id = newId("meeting");
    await mutedUntil(minutes(60));
    await chooses("weekly", reader, "changes");
    await aboutMeeting("meeting.scheduled", id, reader, night);
    await aboutMeeting("meeting.cancelled", id, reader, minutes(1));
    expect(await mails()).toMatchObject([{ state: "merged", hold: "mute" }, { state: "held", hold: "weekly", deliverAfter: minutes(60) }]);
    await releaseAt(minutes(60));
    expect(await states()).toEqual(["meeting.invited merged", "meeting.cancelled pending"]);
  });

  test("takes in what happens just before its hour, and nothing goes just after it", async () => {
    await chooses("daily", reader, "answers");
    await aboutMeeting("meeting.responded", newId("meeting"), reader, minutes(-1, morning), { mergeSeconds: 300 });
    expect(await mails()).toMatchObject([{ state: "held", hold: "daily", deliverAfter: morning }]);
    await releaseAt(morning);
  });

  test("tells what still holds of a thread whose newest item is over", async () => {
    await chooses("daily");
    const [lasting, brief] = [news(), news()];
    await lasting.tell(night);
    await brief.tell(minutes(1));
    await asSystem("sweep", async (tx) => {
      await tx.update(notifications).set({ thread: lasting.id, expiresAt: minutes(10, morning) }).where(eq(notifications.id, brief.id));
    });
    await releaseAt(morning);
    const bundle = (await mails()).at(-1)?.id ?? "";
    const itemsAt = async (at: Date) => (await clock.at(at, () => bundleItems(tenant, [bundle]))).get(bundle)?.map(({ notificationId, count }) => [notificationId, count]);
    expect(await itemsAt(morning)).toEqual([[brief.id, 2]]);
    expect(await itemsAt(minutes(10, morning))).toEqual([[lasting.id, 1]]);
  });

  test("that was left is not sent as one, and one that was switched off is not sent at all", async () => {
    await chooses("daily");
    await news().tell(night);
    await chooses("on");
    await releaseAt(morning);
    expect(await states()).toEqual(["notification.published pending"]);

    reader = await joinAs(ada, "off@here.example");
    await chooses("weekly");
    await news().tell(night);
    await chooses("off");
    await releaseAt(minutes(8 * 24 * 60));
    expect(await states()).toEqual(["notification.published skipped off"]);
  });
});

describe("exactly once", () => {
  /** Each item is carried by one message that was or will be sent. */
  async function carriers(ids: string[], member: Member): Promise<string[]> {
    const rows = await mails(member);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const own = rows.filter(({ notificationId }) => notificationId === id);
      const carrier = own[0]?.state === "merged" ? byId.get(own[0].reason ?? "") : own[0];
      return `${own.length} ${carrier?.state}`;
    });
  }

  test("ten releases at once make one bundle", { repeats: 4 }, async () => {
    await chooses("daily");
    for (let count = 0; count < 5; count += 1) await news().tell(night);
    const batches = await Promise.all(Array.from({ length: 10 }, () => releaseAt(morning)));
    expect(batches.flat()).toHaveLength(1);
    expect((await states()).sort()).toEqual([...Array.from({ length: 5 }, () => "notification.published merged"), "bundle.daily pending"].sort());
  });

  test("what somebody else is changing is left to them, and so is a member whom another release has in hand", async () => {
    await mutedUntil(morning);
    await news().tell(night);
    await news().tell(night);
    const [first, second] = await mails();
    await asSystem("sweep", async (tx) => {
      await tx.update(deliveries).set({ state: "skipped", reason: "another's" }).where(eq(deliveries.id, first?.id ?? ""));
      expect((await releaseAt(morning)).flatMap(({ deliveryIds }) => deliveryIds)).toEqual([second?.id]);
    });
    expect(await states()).toEqual(["notification.published skipped another's", "notification.published pending"]);

    await news().tell(night);
    await asSystem("sweep", async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`release:${reader.id}`}, 0))`);
      expect(await releaseAt(morning)).toEqual([]);
    });
    expect(await releaseAt(morning)).toHaveLength(1);
  });

  test("one that breaks off has released nothing", async () => {
    await chooses("daily");
    const one = news();
    await one.tell(night);
    await asSystem("sweep", (tx) => tx.execute(sql`alter table deliveries add constraint broken check (state <> 'merged') not valid`));
    try {
      await expect(releaseAt(morning)).rejects.toThrow();
    } finally {
      await asSystem("sweep", (tx) => tx.execute(sql`alter table deliveries drop constraint broken`));
    }
    expect(await states()).toEqual(["notification.published held"]);
    await releaseAt(morning);
    expect(await states()).toEqual(["notification.published merged", "bundle.daily pending"]);
  });

  test.each([1, 2, 3, 4])("fan-outs and releases of many, five copies each and all mixed up: every item ends in one mail (%i)", async (seed) => {
    const random = randomFrom(seed);
    const people = await Promise.all(Array.from({ length: 4 }, (_, index) => joinAs(ada, `mix${seed}-${index}@here.example`)));
    for (const [index, person] of people.entries()) {
      if (index % 2 === 0) for (const category of ["announcements", "answers"]) await chooses("daily", person, category);
      else await mutedUntil(morning, person);
    }
    const before = new Date(morning.getTime() - 1);
    const meetings = people.map((person) => ({ person, id: newId("meeting") }));
    const items = Array.from({ length: 12 }, () => news({ to: people }));
    // Some fall due at the very instant of a release, which the clock of the release has reached and that of the fan-out has not.
    const works = [
      ...items.flatMap((one) => Array.from({ length: 5 }, () => () => one.tell(before))),
      // Answers overtake each other while they are held, which is one more hand on the same rows.
      ...meetings.flatMap(({ person, id }) => Array.from({ length: 8 }, () => () => aboutMeeting("meeting.responded", id, person, before, { mergeSeconds: 0 }))),
      ...Array.from({ length: 25 }, () => () => releaseAt(morning, ...people)),
    ];
    for (let index = works.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      const [a, b] = [works[index], works[other]];
      if (a && b) [works[index], works[other]] = [b, a];
    }
    const lanes = Array.from({ length: 6 }, async () => {
      for (let work = works.pop(); work; work = works.pop()) await work();
    });
    await Promise.all(lanes);
    await releaseAt(morning, ...people);
    for (const { person, id } of meetings) {
      const answers = (await mails(person)).filter(({ type }) => type === "meeting.responded").map(({ notificationId }) => notificationId);
      expect([id, await carriers(answers, person)]).toEqual([id, Array.from({ length: 8 }, () => "1 pending")]);
      expect(await carriers(items.map(({ id }) => id), person)).toEqual(items.map(() => "1 pending"));
      expect((await states(person)).some((state) => state.endsWith("held"))).toBe(false);
    }
    expect(await clock.at(morning, () => dueMembers(morning))).toEqual([]);
  });

  test("what a release let go is claimed and sent like anything else", async () => {
    await mutedUntil(morning);
    await news().tell(night);
    await news().tell(night);
    const [batch] = await releaseAt(morning);
    const claimed = await clock.at(morning, () => claimDeliveries(tenant, "email", batch?.deliveryIds ?? []));
    expect(claimed).toMatchObject([{ type: "bundle.released", memberId: reader.id }]);
  });
});

test("a removed member gets nothing of what was held, and another organization releases nothing", async () => {
  await mutedUntil(morning);
  await news().tell(night);
  const stranger = (await foundOrganization("sid@there.example", "There")).owner;
  await clock.at(morning, () => releaseHeld(systemTenant(stranger.organizationId), [reader.id]));
  expect(await states()).toEqual(["notification.published held"]);
  await asSystem("sweep", (tx) => tx.execute(sql`update members set removed_at = now() where id = ${reader.id}`));
  await releaseAt(morning);
  expect(await states()).toEqual(["notification.published skipped member-removed"]);
});

test("due members are found by instant, a hundred at a time, and what is late is due now", async () => {
  const people = await Promise.all(Array.from({ length: 3 }, (_, index) => joinAs(ada, `due${index}@here.example`)));
  const [a, b, c] = people;
  if (!a || !b || !c) throw new Error("nobody");
  await mutedUntil(morning, a);
  await mutedUntil(minutes(30, morning), b);
  await mutedUntil(minutes(90, morning), c);
  await news({ to: people }).tell(night);
  const late = minutes(10, morning);
  const found = await clock.at(late, () => dueMembers(minutes(60, morning)));
  expect(found.filter(({ memberIds }) => memberIds.some((id) => people.some((person) => person.id === id)))).toEqual([
    { organizationId: ada.organizationId, memberIds: [a.id], dueAt: late.toISOString() },
    { organizationId: ada.organizationId, memberIds: [b.id], dueAt: minutes(30, morning).toISOString() },
  ]);
  await asSystem("sweep", (tx) => tx.delete(deliveries).where(inArray(deliveries.memberId, people.map(({ id }) => id))));
});

/** Numbers that only look random: a run that fails can be repeated (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
