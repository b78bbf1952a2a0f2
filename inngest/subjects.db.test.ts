import { eq, inArray, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import { respond } from "@/lib/meetings/answers/commands";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "@/lib/meetings/commands";
import { changeMeetingInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import { attendees } from "@/lib/meetings/tables";
import type { NotificationType } from "@/lib/notifications/catalog";
import type { ClaimedDelivery } from "@/lib/notifications/deliveries/commands";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { deliveries, notifications, receivers } from "@/lib/notifications/tables";
import { deliveryRows, eventsAbout } from "@/lib/notifications/testing";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { subjects } from "./subjects";

useTestDatabase();

let ada: Member;
let bora: Member;
let here: Tenant;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  here = systemTenant(ada.organizationId);
});

const start = new Date("2031-03-03T01:00:00Z");

async function book(title = "Plan"): Promise<string> {
  const input = { title, startsAt: start.toISOString(), endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees: [{ memberId: bora.id }] };
  return (await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input))).meetingId;
}
const change = (id: string, input: object) => changeMeeting(ada, id, parseInput(changeMeetingInput, input));
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) await fanOut(here, name, envelope);
};

/** The newest delivery of a type about a meeting, in the shape in which a channel asks about it. */
async function told(meetingId: string, type: NotificationType): Promise<ClaimedDelivery> {
  await fanOutAll(meetingId);
  const row = (await deliveryRows(meetingId)).filter((one) => one.type === type).at(-1);
  if (!row) throw new Error(`nothing was told: ${type}`);
  return claimed(row.id);
}

async function claimed(deliveryId: string): Promise<ClaimedDelivery> {
  const [row] = await asSystem("sweep", (tx) =>
    tx.select({ delivery: deliveries, notification: notifications }).from(deliveries).innerJoin(notifications, eq(notifications.id, deliveries.notificationId)).where(eq(deliveries.id, deliveryId)),
  );
  if (!row) throw new Error("no such delivery");
  return {
    ...row.notification,
    ...row.delivery,
    // Only the catalog writes types and categories.
    type: row.notification.type as ClaimedDelivery["type"],
    category: row.notification.category as ClaimedDelivery["category"],
    dueAt: row.delivery.deliverAfter,
    abandoned: false,
    uncertain: false,
  };
}

const reasonFor = async (delivery: ClaimedDelivery) => (await subjects.applies(here, delivery.type, [delivery])).get(delivery.id);
const mailedNotes = (meetingId: string) => asSystem("sweep", (tx) => tx.select({ mailed: attendees.mailed }).from(attendees).where(eq(attendees.meetingId, meetingId)));

describe("what was said of a meeting", () => {
  test("applies while it holds, and asking notes nothing that a mail would", async () => {
    const id = await book();
    const invited = await told(id, "meeting.invited");
    expect(await reasonFor(invited)).toBeUndefined();
    expect((await mailedNotes(id)).map(({ mailed }) => mailed)).toEqual([null, null]);
    expect((await subjects.resolve(here, "meeting.invited", [invited])).get(invited.id)).toMatchObject({ content: { template: "meeting-invited" } });
  });

  test.each([
    ["cancelled", (id: string) => cancelMeeting(ada, id, {})],
    ["moved", (id: string) => change(id, { startsAt: "2031-03-04T01:00:00Z", endsAt: "2031-03-04T02:00:00Z" })],
    ["removed", (id: string) => change(id, { attendees: [] })],
  ])("no longer when it was %s", async (reason, act) => {
    const id = await book();
    const invited = await told(id, "meeting.invited");
    await act(id);
    expect(await reasonFor(invited)).toBe(reason);
  });

  test("not once it has started, or is over", async () => {
    const invited = await told(await book(), "meeting.invited");
    await clock.at(new Date("2031-03-03T01:00:00Z"), async () => expect(await reasonFor(invited)).toBe("started"));
    await clock.at(new Date("2031-03-03T02:00:00Z"), async () => expect(await reasonFor(invited)).toBe("over"));
  });

  test("that it is cancelled holds until it would have been over; that one was removed, until one is back", async () => {
    const cancelled = await book();
    await cancelMeeting(ada, cancelled, {});
    const said = await told(cancelled, "meeting.cancelled");
    expect(await reasonFor(said)).toBeUndefined();
    await clock.at(new Date("2031-03-03T02:00:00Z"), async () => expect(await reasonFor(said)).toBe("over"));
    const id = await book();
    await change(id, { attendees: [] });
    const removed = await told(id, "meeting.removed");
    expect(await reasonFor(removed)).toBeUndefined();
    await change(id, { attendees: [{ memberId: bora.id }] });
    expect(await reasonFor(removed)).toBe("nothing-changed");
  });
});

describe("a digest", () => {
  /** Folds deliveries into one bundle, as a release does. */
  async function bundle(folded: ClaimedDelivery[], memberId: string): Promise<ClaimedDelivery> {
    const [notificationId, id] = [newId("notification"), newId("delivery")];
    await inTenant(here, async (tx) => {
      const now = clock.now();
      await tx.insert(notifications).values({ id: notificationId, organizationId: here.organizationId, eventId: newId("event"), type: "bundle.daily", category: "changes", subjectId: notificationId, thread: notificationId, payload: {}, occurredAt: now });
      await tx.insert(deliveries).values({ id, organizationId: here.organizationId, notificationId, channel: "email", recipient: memberId, memberId, deliverAfter: now });
      await tx.update(deliveries).set({ state: "merged", reason: id }).where(inArray(deliveries.id, folded.map((one) => one.id)));
    });
    return claimed(id);
  }
  const contentOf = async (delivery: ClaimedDelivery) => (await subjects.resolve(here, delivery.type, [delivery])).get(delivery.id);
  async function answered(title: string): Promise<{ id: string; delivery: ClaimedDelivery }> {
    const id = await book(title);
    await respond(bora, id, { partstat: "accepted" });
    return { id, delivery: await told(id, "meeting.responded") };
  }

  test("tells each thing once, with the meeting as it is now, newest first", async () => {
    const [one, two] = [await answered("One"), await answered("Two")];
    const digest = await bundle([one.delivery, two.delivery], ada.id);
    await change(one.id, { title: "One, renamed" });
    expect(await contentOf(digest)).toMatchObject({
      content: { template: "bundle", data: { kind: "daily", organizationName: "Here", items: [{ matter: { payload: { meeting: { title: "Two" } } } }, { matter: { payload: { meeting: { title: "One, renamed" } } } }] } },
    });
  });

  test("leaves out what was read, is over or came by mail already, and is not sent when nothing is left", async () => {
    const [read, cancelled, mailed, open] = [await answered("Read"), await answered("Cancelled"), await answered("Mailed"), await answered("Open")];
    const digest = await bundle([read.delivery, cancelled.delivery, mailed.delivery, open.delivery], ada.id);
    await asSystem("sweep", (tx) => tx.update(receivers).set({ readAt: clock.now() }).where(eq(receivers.notificationId, read.delivery.notificationId)));
    await cancelMeeting(ada, cancelled.id, {});
    // The same kind of thing, later, by itself.
    await respond(bora, mailed.id, { partstat: "declined" });
    const later = await told(mailed.id, "meeting.responded");
    await asSystem("sweep", (tx) => tx.update(deliveries).set({ state: "sent" }).where(eq(deliveries.id, later.id)));
    expect(await contentOf(digest)).toMatchObject({ content: { data: { items: [{ matter: { payload: { meeting: { title: "Open" } } } }] } } });
    expect(await reasonFor(digest)).toBeUndefined();
    await cancelMeeting(ada, open.id, {});
    expect(await contentOf(digest)).toEqual({ skip: "empty" });
  });

  test("still tells what one person answered when another's answer came by mail", async () => {
    const open = await answered("Open");
    const digest = await bundle([open.delivery], ada.id);
    const elsewhere = await told(open.id, "meeting.responded");
    await asSystem("sweep", (tx) =>
      tx.execute(sql`
        with another as (
          insert into notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at)
          select ${newId("notification")}, organization_id, ${newId("event")}, type, category, subject_id, thread, jsonb_set(payload, '{attendee,attendeeId}', '"att_other"'), occurred_at
          from notifications where id = ${elsewhere.notificationId} returning id, organization_id)
        insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, deliver_after, state)
        select ${newId("delivery")}, organization_id, id, 'email', ${ada.id}, ${ada.id}, now(), 'sent' from another`),
    );
    expect(await contentOf(digest)).toMatchObject({ content: { data: { items: [{ matter: { payload: { meeting: { title: "Open" } } } }] } } });
  });

  test("of nothing but what is over does not apply", async () => {
    const only = await answered("Only");
    const digest = await bundle([only.delivery], ada.id);
    await cancelMeeting(ada, only.id, {});
    expect(await reasonFor(digest)).toBe("empty");
  });
});
