import { and, asc, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { ZodError } from "zod";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { isId, newId } from "@/lib/platform/ids";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { workspaceMembers } from "@/lib/organizations/tables";
import { createWorkspace } from "@/lib/organizations/commands";
import { mailOptOuts, mailStops } from "../addresses/tables";
import { devices } from "../devices/tables";
import { preferences, threadMutes } from "../preferences/tables";
import type { AudienceSpec } from "../inputs";
import { audienceInput } from "../publications/inputs";
import { deliveries, notifications, receivers } from "../tables";
import { setTopic } from "../topics/commands";
import { fanOut, fanOutPart, takesSteps, theStart, type Position } from "./commands";

useTestDatabase();

let ada: Member;
let bora: Member;
let chris: Member;
let stranger: Member;
let workspaceId: string;
beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  workspaceId = founded.workspaceId;
  bora = await joinAs(ada, "bora@here.example", "admin");
  chris = await joinAs(ada, "chris@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

interface Published {
  audience: AudienceSpec;
  actor?: string | null;
  channels?: ("inbox" | "email" | "push")[];
  category?: string;
  workspaceId?: string | null;
  /** What it belongs to besides itself: the same id is the same matter. */
  id?: string;
}

const published = ({ audience, actor = null, channels = ["inbox", "email"], category = "announcements", workspaceId: where = null, id = newId("notification") }: Published) => ({
  name: "notification.published",
  envelope: envelopeOf({ actor: { memberId: actor, name: "Ada" }, publication: { id, category, channels, workspaceId: where, line: { en: "News" }, audience } }),
});

function envelopeOf(payload: Record<string, unknown>, member: Member = ada, occurredAt = clock.now()): EventEnvelope {
  return { eventId: newId("event"), organizationId: member.organizationId, version: 1, occurredAt: occurredAt.toISOString(), payload };
}

const tell = ({ name, envelope }: { name: string; envelope: EventEnvelope }, chunkSize?: number) => fanOut(systemTenant(envelope.organizationId), name, envelope, chunkSize);
const receiversOf = (envelope: EventEnvelope) =>
  asSystem("sweep", (tx) =>
    tx
      .select({ receiver: receivers })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(eq(notifications.eventId, envelope.eventId))
      .orderBy(asc(receivers.id)),
  ).then((rows) => rows.map(({ receiver }) => receiver));
const deliveriesOf = (envelope: EventEnvelope, channel?: string) =>
  asSystem("sweep", (tx) =>
    tx
      .select({ delivery: deliveries })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(notifications.eventId, envelope.eventId), channel ? eq(deliveries.channel, channel) : undefined))
      .orderBy(asc(deliveries.id)),
  ).then((rows) => rows.map(({ delivery }) => delivery));
const told = async (envelope: EventEnvelope) => (await receiversOf(envelope)).map(({ memberId }) => memberId).sort();
const sorted = (...members: { id: string }[]) => members.map(({ id }) => id).sort();

const facts = (authorId: string, workspaceIds: string[]) => ({
  id: newId("article"),
  title: "Plans",
  excerpt: "",
  version: 1,
  authorId,
  authorName: "Ada",
  feed: { id: newId("feed"), name: null },
  workspace: { id: workspaceIds[0] ?? "", name: "Team" },
  workspaceIds,
  cover: null,
});
type Facts = ReturnType<typeof facts>;
const commented = (article: Facts, by: Member, more: { repliedTo?: string | null; mentioned?: string[] } = {}) => ({
  name: "comment.added",
  envelope: envelopeOf({ actor: { memberId: by.id, name: by.name }, article, comment: { id: newId("comment"), parentId: null, excerpt: "Hm" }, repliedTo: null, mentioned: [], ...more }, by),
});

/** An organization with `count` members besides its owner, written straight to the tables. */
async function crowd(name: string, count: number): Promise<{ owner: Member; memberIds: string[] }> {
  const { owner } = await foundOrganization(`${name}@crowd.example`, name);
  const people = Array.from({ length: count }, (_, index) => ({ user: newId("user"), member: newId("member"), email: `${name}${index}@crowd.example` }));
  await asSystem("demo", async (tx) => {
    const array = (values: string[]) => sql`${sql.param(values)}::text[]`;
    await tx.execute(sql`insert into users (id, email) select * from unnest(${array(people.map(({ user }) => user))}, ${array(people.map(({ email }) => email))})`);
    await tx.execute(sql`
      insert into members (id, organization_id, user_id)
      select id, ${owner.organizationId}, user_id from unnest(${array(people.map(({ member }) => member))}, ${array(people.map(({ user }) => user))}) as made (id, user_id)`);
  });
  return { owner, memberIds: people.map(({ member }) => member) };
}

describe("an audience", () => {
  test("is everybody but who did it and who was removed", async () => {
    const gone = await joinAs(ada, "gone@here.example");
    await asSystem("sweep", (tx) => tx.execute(sql`update members set removed_at = now() where id = ${gone.id}`));
    const event = published({ audience: { everyone: true }, actor: ada.id });
    await tell(event);
    expect(await told(event.envelope)).toEqual(sorted(bora, chris));
    expect((await deliveriesOf(event.envelope, "email")).map(({ recipient }) => recipient).sort()).toEqual(sorted(bora, chris));
  });

  test("adds up roles, workspaces, members and addresses, everybody once", async () => {
    const dora = await joinAs(ada, "dora@here.example");
    const eli = await joinAs(ada, "eli@here.example");
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.workspaceId, workspaceId)));
    await asSystem("demo", (tx) => tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId, memberId: dora.id }));
    const event = published({ audience: { roles: ["admin"], workspaceIds: [workspaceId], memberIds: [dora.id, eli.id], emails: ["Bora@Here.example ", "x@out.example", "X@out.example"] } });
    await tell(event);
    expect(await told(event.envelope)).toEqual(sorted(bora, dora, eli));
    expect((await deliveriesOf(event.envelope, "email")).map(({ recipient }) => recipient).sort()).toEqual([...sorted(bora, dora, eli), "x@out.example"].sort());
  });

  test("that names nobody reaches nobody, and members of others are nobody", async () => {
    for (const audience of [{}, { memberIds: [stranger.id] }, { emails: [] }]) {
      const event = published({ audience });
      expect(await tell(event)).toEqual([]);
      expect(await told(event.envelope)).toEqual([]);
    }
    const event = published({ audience: { emails: ["sid@there.example"] } });
    await tell(event);
    expect(await told(event.envelope)).toEqual([]);
    expect(await deliveriesOf(event.envelope)).toMatchObject([{ recipient: "sid@there.example", memberId: null }]);
  });

  test("of addresses spares those that left the category, that bounced and that muted the thread, and keeps why", async () => {
    const id = newId("notification");
    await asSystem("sweep", async (tx) => {
      await tx.insert(mailOptOuts).values({ organizationId: ada.organizationId, address: "left@out.example", category: "announcements" });
      await tx.insert(mailStops).values({ address: "bounced@out.example", reason: "bounce", detail: "no such user", stoppedAt: clock.now() });
      await tx.insert(threadMutes).values({ organizationId: ada.organizationId, recipient: "tired@out.example", thread: id });
    });
    const event = published({ id, audience: { emails: ["left@out.example", "bounced@out.example", "tired@out.example", "fine@out.example"] } });
    const batches = await tell(event);
    const rows = await deliveriesOf(event.envelope);
    expect(Object.fromEntries(rows.map(({ recipient, state, reason }) => [recipient, [state, reason]]))).toEqual({
      "left@out.example": ["skipped", "off"],
      "bounced@out.example": ["skipped", "bounce"],
      "tired@out.example": ["skipped", "thread-muted"],
      "fine@out.example": ["pending", null],
    });
    expect(batches.flatMap(({ deliveryIds }) => deliveryIds)).toEqual(rows.filter(({ state }) => state === "pending").map(({ id: deliveryId }) => deliveryId));
  });
});

describe("what was decided", () => {
  test("is the receipt and the deliveries: now, held until, gathered, not at all", async () => {
    const quiet = await joinAs(ada, "quiet@here.example");
    await asSystem("sweep", async (tx) => {
      const at = { organizationId: ada.organizationId, category: "announcements", workspaceId: null };
      await tx.insert(preferences).values([
        { ...at, memberId: bora.id, channel: "email", value: "daily" },
        { ...at, memberId: chris.id, channel: "inbox", value: "off" },
        { ...at, memberId: chris.id, channel: "email", value: "off" },
      ]);
      await tx.execute(sql`insert into notification_schedules (organization_id, member_id, muted_until) values (${ada.organizationId}, ${quiet.id}, ${"2031-03-03T09:00:00Z"}::timestamptz)`);
    });
    const event = published({ audience: { memberIds: [ada.id, bora.id, chris.id, quiet.id] } });
    await clock.at("2031-03-03T05:00:00Z", () => tell(event));
    const rows = await deliveriesOf(event.envelope);
    const of = (member: Member) => rows.filter(({ memberId }) => memberId === member.id).map(({ channel, state, hold, deliverAfter }) => [channel, state, hold, deliverAfter.toISOString()]);
    const now = "2031-03-03T05:00:00.000Z";
    expect(of(ada)).toEqual([["realtime", "pending", null, now], ["email", "pending", null, now]]);
    expect(of(bora)).toEqual([["realtime", "pending", null, now], ["email", "held", "daily", "2031-03-03T08:00:00.000Z"]]);
    expect(of(chris)).toEqual([]);
    expect(of(quiet)).toEqual([["realtime", "pending", null, now], ["email", "held", "mute", "2031-03-03T09:00:00.000Z"]]);
    const receipt = (await receiversOf(event.envelope)).find(({ memberId }) => memberId === chris.id);
    expect(receipt).toMatchObject({ shown: false, head: false, decisions: { inbox: { verdict: "skip", why: "off", source: "mine" }, email: { verdict: "skip", why: "off" } } });
    await asSystem("sweep", (tx) => tx.delete(preferences));
  });

  test("pushes to every device that is active there, and to no other", async () => {
    const device = (name: string, more: Partial<typeof devices.$inferInsert> = {}) => ({
      organizationId: ada.organizationId, memberId: bora.id, userId: bora.userId, kind: "webpush" as const, endpoint: `https://push.example/${name}`, name, ...more,
    });
    const [phone, laptop] = await asSystem("sweep", (tx) =>
      tx.insert(devices).values([device("phone"), device("laptop", { workspaceId }), device("lost", { endedAt: clock.now(), endReason: "revoked" })]).returning({ id: devices.id }),
    );
    const other = (await asSystem("sweep", (tx) => tx.execute<{ id: string }>(sql`
      insert into workspaces (id, organization_id, name, slug) values (${newId("workspace")}, ${ada.organizationId}, 'Other', 'other') returning id`)))[0]?.id ?? "";
    const pushed = async (where: string | null) => {
      const event = published({ audience: { memberIds: [bora.id] }, channels: ["push"], workspaceId: where });
      await tell(event);
      await tell(event);
      return (await deliveriesOf(event.envelope)).map(({ recipient, deviceId, memberId }) => (recipient === deviceId && memberId === bora.id ? recipient : "wrong")).sort();
    };
    expect(await pushed(null)).toEqual([phone?.id, laptop?.id].sort());
    expect(await pushed(workspaceId)).toEqual([phone?.id, laptop?.id].sort());
    expect(await pushed(other)).toEqual([phone?.id]);
  });

  test("of a matter that is over is a receipt and nothing else", async () => {
    const meeting = { id: newId("meeting"), title: "Plan", startsAt: "2031-03-03T01:00:00.000Z", endsAt: "2031-03-03T02:00:00.000Z", timeZone: "UTC", location: "", joinUrl: null, sequence: 0, organizer: person(ada) };
    const envelope = envelopeOf({ meeting, minutesLeft: 30, recipients: [person(bora), { attendeeId: "att_g", memberId: null, email: "late@out.example", name: null }] });
    expect(await clock.at("2031-03-03T01:00:00Z", () => tell({ name: "meeting.starting", envelope }))).toEqual([]);
    expect(await receiversOf(envelope)).toMatchObject([{ memberId: bora.id, decisions: { email: { verdict: "skip", why: "too-late" } } }]);
    expect(await deliveriesOf(envelope)).toMatchObject([{ recipient: "late@out.example", state: "skipped", reason: "too-late" }]);
  });
});

const person = (member: Member) => ({ attendeeId: newId("attendee"), memberId: member.id, email: member.email, name: null });

describe("a thread", () => {
  const about = (id: string, occurredAt: Date, member: Member = bora) => {
    const meeting = { id, title: "Plan", startsAt: "2031-03-03T01:00:00.000Z", endsAt: "2031-03-03T02:00:00.000Z", timeZone: "UTC", location: "", joinUrl: null, sequence: 0, organizer: person(ada) };
    return { name: "meeting.cancelled", envelope: envelopeOf({ actor: { memberId: ada.id, name: "Ada" }, meeting, attendees: [person(member)], reason: null }, ada, occurredAt) };
  };
  const lines = (thread: string) =>
    asSystem("sweep", (tx) => tx.select().from(receivers).where(and(eq(receivers.thread, thread), eq(receivers.memberId, bora.id))).orderBy(asc(receivers.id)));
  const at = (minute: number) => new Date(Date.UTC(2031, 0, 1, 0, minute));

  test("has one head, the newest, unread however the one before was left; the earlier rows stay under it", async () => {
    const id = newId("meeting");
    await tell(about(id, at(1)));
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: at(2) }).where(eq(receivers.thread, id)));
    await tell(about(id, at(3)));
    expect(await lines(id)).toMatchObject([{ head: false, readAt: at(2) }, { head: true, readAt: null }]);
    await asSystem("sweep", (tx) => tx.update(receivers).set({ snoozedUntil: at(60) }).where(and(eq(receivers.thread, id), eq(receivers.head, true))));
    await tell(about(id, at(5)));
    expect(await lines(id)).toMatchObject([{ head: false }, { head: false, snoozedUntil: null }, { head: true, readAt: null, snoozedUntil: null }]);
  });

  test("is not turned back by what comes late", async () => {
    const id = newId("meeting");
    await tell(about(id, at(5)));
    await tell(about(id, at(1)));
    expect(await lines(id)).toMatchObject([{ head: true }, { head: false }]);
  });

  test("keeps the line that is shown when the reader keeps the newest out of the inbox", async () => {
    const id = newId("meeting");
    await tell(about(id, at(1)));
    await asSystem("sweep", (tx) => tx.insert(preferences).values({ organizationId: ada.organizationId, memberId: bora.id, workspaceId: null, category: "changes", channel: "inbox", value: "off" }));
    await tell(about(id, at(2)));
    await asSystem("sweep", (tx) => tx.delete(preferences));
    expect(await lines(id)).toMatchObject([{ head: true, shown: true }, { head: false, shown: false }]);
  });

  test("told five times over, out of order and at once, has one row an event and one head", { repeats: 4 }, async () => {
    const id = newId("meeting");
    const events = [1, 2, 3, 4].map((minute) => about(id, at(minute)));
    const copies = Array.from({ length: 5 }, (_, round) => events.map((_, index) => events[(index * 3 + round) % events.length])).flat();
    await Promise.all(copies.flatMap((event) => (event ? [tell(event)] : [])));
    const rows = await lines(id);
    expect(rows).toHaveLength(4);
    expect(rows.filter(({ head }) => head)).toHaveLength(1);
    for (const { envelope } of events) expect(await deliveriesOf(envelope, "email")).toHaveLength(1);
  });
});

describe("a large set", () => {
  // The owner, who acts and is left out, is the first of the first chunk.
  const chunk = 600;
  const parts = async ({ name, envelope }: { name: string; envelope: EventEnvelope }, from: Position = theStart) => {
    const positions: Position[] = [];
    for (let position: Position | null = from; position; ) {
      positions.push(position);
      position = (await fanOutPart(systemTenant(envelope.organizationId), name, envelope, position, chunk)).next;
    }
    return positions;
  };
  let owner: Member;
  let memberIds: string[];
  beforeAll(async () => {
    ({ owner, memberIds } = await crowd("many", 1_250));
  });
  const toAll = (more: Partial<Published> = {}) => {
    const event = published({ audience: { everyone: true }, actor: owner.id, ...more });
    return { ...event, envelope: { ...event.envelope, organizationId: owner.organizationId } };
  };

  test("goes chunk by chunk, everybody once, with ids that are ids, and is announced to all together when everybody has a row", async () => {
    const event = toAll({ channels: ["inbox"] });
    expect(await takesSteps(systemTenant(owner.organizationId), event.name, event.envelope, chunk)).toBe(true);
    const [, second] = await parts(event);
    expect(second).toMatchObject({ row: 0, after: [...memberIds].sort()[chunk - 2], liveEach: false });
    const rows = await receiversOf(event.envelope);
    expect(rows.map(({ memberId }) => memberId)).toEqual([...memberIds].sort());
    expect(rows.every(({ id }) => isId("receiver", id))).toBe(true);
    expect(await deliveriesOf(event.envelope)).toMatchObject([{ channel: "realtime", recipient: `organization:${owner.organizationId}`, memberId: null, state: "pending" }]);
  });

  test("that broke off between two chunks goes on, whether from there or from the start, and returns what still waits", async () => {
    const event = toAll({ channels: ["inbox", "email"] });
    const tenant = systemTenant(owner.organizationId);
    const first = await fanOutPart(tenant, event.name, event.envelope, theStart, chunk);
    expect(first.batches).toHaveLength(6);
    expect(await receiversOf(event.envelope)).toHaveLength(chunk - 1);
    expect((await fanOutPart(tenant, event.name, event.envelope, theStart, chunk)).batches).toEqual(first.batches);
    if (!first.next) throw new Error("no second chunk");
    await parts(event, first.next);
    expect(await told(event.envelope)).toEqual([...memberIds].sort());
    const again = await tell(event, chunk);
    expect(again.flatMap(({ deliveryIds }) => deliveryIds)).toHaveLength(1_251);
    expect(await deliveriesOf(event.envelope, "email")).toHaveLength(1_250);
  });

  test("five times at once ends as it does once", async () => {
    const event = toAll({ channels: ["inbox", "email"] });
    await Promise.all(Array.from({ length: 5 }, () => tell(event, chunk)));
    expect(await told(event.envelope)).toEqual([...memberIds].sort());
    expect(await deliveriesOf(event.envelope)).toHaveLength(1_251);
  });

  test("does not wait for other sets of the same people, nor they for it, and none of them breaks", async () => {
    const events = Array.from({ length: 4 }, () => toAll({ channels: ["inbox", "email"] }));
    await Promise.all(events.flatMap((event) => [tell(event, chunk), parts(event)]));
    for (const { envelope } of events) expect(await told(envelope)).toHaveLength(1_250);
  });

  test("of five hundred is still told one by one", async () => {
    const event = toAll({ audience: { memberIds: memberIds.slice(0, 500) }, channels: ["inbox"] });
    await tell(event, chunk);
    expect(await deliveriesOf(event.envelope, "realtime")).toHaveLength(500);
    expect(await takesSteps(systemTenant(owner.organizationId), event.name, event.envelope, chunk)).toBe(false);
    const more = toAll({ audience: { memberIds: memberIds.slice(0, 501) }, channels: ["inbox"] });
    await tell(more, chunk);
    expect(await deliveriesOf(more.envelope, "realtime")).toMatchObject([{ memberId: null }]);
  });
});

test("U+0000 anywhere is stored without it; an event that breaks its contract writes nothing at all", async () => {
  const event = published({ audience: { memberIds: [bora.id], emails: ["nul\u0000@out.example"] } });
  const poisoned = JSON.parse(JSON.stringify(event.envelope).replaceAll('"News"', '"Ne\\u0000ws"')) as EventEnvelope;
  await tell({ ...event, envelope: poisoned });
  expect(await told(poisoned)).toEqual([bora.id]);
  const broken = published({ audience: { everyone: true }, category: "nonsense" });
  await expect(tell(broken)).rejects.toBeInstanceOf(ZodError);
  await expect(takesSteps(systemTenant(ada.organizationId), broken.name, broken.envelope)).rejects.toBeInstanceOf(ZodError);
  expect(await told(broken.envelope)).toEqual([]);
});

describe("an audience that is narrowed", () => {
  let fay: Member;
  let gus: Member;
  let hal: Member;
  let room: string;
  beforeAll(async () => {
    [fay, gus, hal] = [await joinAs(ada, "fay@here.example"), await joinAs(ada, "gus@here.example"), await joinAs(ada, "hal@here.example")];
    room = (await createWorkspace(ada, `Room ${newId("event").slice(-5)}`)).workspaceId;
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.workspaceId, room)));
    await asSystem("demo", (tx) => tx.insert(workspaceMembers).values([fay, gus].map(({ id }) => ({ organizationId: ada.organizationId, workspaceId: room, memberId: id }))));
  });

  test("keeps what is read in a workspace to who is in it, however else they are named", async () => {
    const article = facts(hal.id, [room]);
    await setTopic(hal, article.id, "following");
    await setTopic(gus, article.feed.id, "following");
    const event = commented(article, fay, { repliedTo: hal.id, mentioned: [hal.id] });
    await tell(event);
    expect(await told(event.envelope)).toEqual(sorted(gus));
  });

  test("follows nobody into another organization, and takes no one's mute from there", async () => {
    const article = facts(gus.id, [room]);
    await setTopic(stranger, article.id, "following");
    // The same topic, as if an id were known elsewhere: a row of another tenant that names one's own member cannot be written.
    await setTopic(stranger, article.feed.id, "muted");
    const event = commented(article, fay);
    await tell(event);
    expect(await told(event.envelope)).toEqual(sorted(gus));
    const foreign = { ...event, envelope: { ...event.envelope, eventId: newId("event"), organizationId: stranger.organizationId } };
    await tell(foreign);
    expect(await told(foreign.envelope)).toEqual([]);
  });

  test("is the same in chunks of one", async () => {
    const article = facts(gus.id, [room]);
    await setTopic(fay, article.id, "following");
    await setTopic(hal, article.id, "following");
    const event = commented(article, ada);
    expect(await takesSteps(systemTenant(ada.organizationId), event.name, event.envelope, 1)).toBe(true);
    await tell(event, 1);
    await tell(event, 1);
    expect(await told(event.envelope)).toEqual(sorted(fay, gus));
  });

  test("cannot be asked for by who publishes: the API refuses it, and an event that names it all the same tells all it names", async () => {
    for (const narrowing of [{ within: [room] }, { exceptMemberIds: [ada.id] }, { followersOf: ["x"] }, { withoutMutersOf: ["x"] }]) {
      expect(audienceInput.safeParse({ everyone: true, ...narrowing }).success).toBe(false);
    }
    const event = published({ audience: { memberIds: [hal.id], within: [] } });
    await tell(event);
    expect(await told(event.envelope)).toEqual(sorted(hal));
  });
});
