import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { respond, respondByLink } from "./answers/commands";
import { answerToken, meetingByLink } from "./answers/queries";
import { busyTimes } from "./availability/queries";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "./commands";
import { changeMeetingInput, scheduleMeetingInput } from "./inputs";
import { prepareMeetingMails } from "./mails/commands";
import { meetingReminderMails, meetingStandings } from "./mails/queries";
import { calendarMeetings, dashboard, listMeetings, meetingDetails } from "./queries";
import { claimDueReminders, fireReminders } from "./reminders/commands";
import { overdueReminders } from "./reminders/queries";
import { attendees, meetings, reminders } from "./tables";

useTestDatabase();

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

/** Each test gets a day of its own, so that guards and lists of one do not meet those of another. */
let day = 0;
const nextDay = () => new Date(Date.UTC(2031, 0, 1 + (day += 2), 9));
const hours = (count: number) => count * 3_600_000;
const minutes = (count: number) => count * 60_000;

function draft(startsAt: Date, more: object = {}) {
  return parseInput(scheduleMeetingInput, {
    title: "Plan",
    startsAt: startsAt.toISOString(),
    endsAt: new Date(startsAt.getTime() + hours(1)).toISOString(),
    timeZone: "Asia/Seoul",
    attendees: [{ memberId: bora.id }, { email: "Guest@Out.example", name: "Guest" }],
    ...more,
  });
}
const change = (input: object) => parseInput(changeMeetingInput, input);
const book = async (startsAt = nextDay(), more: object = {}) => (await scheduleMeeting(ada, draft(startsAt, more))).meetingId;
const eventsOf = async (meetingId: string) =>
  (await asSystem("relay", (tx) => tx.select().from(outboxEvents).where(sql`payload->'meeting'->>'id' = ${meetingId}`).orderBy(outboxEvents.id))).map(
    ({ name, payload }) => ({ name, payload }),
  );
const remindersOf = (meetingId: string) => asSystem("reminders", (tx) => tx.select().from(reminders).where(eq(reminders.meetingId, meetingId)));
const attendeeOf = async (meetingId: string, email: string) => {
  const [row] = await asSystem("reminders", (tx) => tx.select().from(attendees).where(sql`meeting_id = ${meetingId} and email = ${email}`));
  if (!row) throw new Error(`${email} is not at ${meetingId}`);
  return row;
};

describe("booking", () => {
  test("stores the meeting, its people and its event together", async () => {
    const id = await book();
    const { meeting, organizer, attendees: guests } = await meetingDetails(ada, id);
    expect(meeting).toMatchObject({ title: "Plan", sequence: 0, version: 1, status: "confirmed", reminderMinutes: 30, startsLocal: expect.stringMatching(/T18:00$/) });
    expect(meeting.icalUid).toBe(`${id}@localhost`);
    expect(organizer).toMatchObject({ memberId: ada.id, partstat: "accepted" });
    expect(guests.map(({ email, memberId, partstat }) => ({ email, memberId, partstat }))).toEqual([
      { email: "bora@here.example", memberId: bora.id, partstat: "needs-action" },
      { email: "guest@out.example", memberId: null, partstat: "needs-action" },
    ]);
    expect(await eventsOf(id)).toMatchObject([{ name: "meeting.scheduled", payload: { attendees: [{ memberId: bora.id }, { email: "guest@out.example" }] } }]);
  });

  test("leaves nothing behind when a rule refuses it", async () => {
    const before = await asSystem("relay", (tx) => tx.$count(outboxEvents));
    const startsAt = nextDay();
    await expect(scheduleMeeting(ada, draft(startsAt, { attendees: [{ memberId: stranger.id }] }))).rejects.toMatchObject({
      code: "NOT_FOUND",
      fields: [{ path: ["attendees", 0, "memberId"], code: "unknown-member" }],
    });
    await expect(scheduleMeeting(ada, draft(startsAt, { endsAt: startsAt.toISOString() }))).rejects.toMatchObject({ fields: [{ code: "end-before-start" }] });
    await expect(clock.at("2032-01-01T00:00:00Z", () => scheduleMeeting(ada, draft(startsAt)))).rejects.toMatchObject({ fields: [{ code: "in-the-past" }] });
    await expect(scheduleMeeting(ada, draft(startsAt, { workspaceId: "wsp_elsewhere" }))).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await asSystem("relay", (tx) => tx.$count(outboxEvents))).toBe(before);
    expect(await calendarMeetings(ada, { from: startsAt, to: new Date(startsAt.getTime() + hours(2)) })).toEqual([]);
  });

  test("the same key books once, however often and however parallel; another input under it is refused", async () => {
    const startsAt = nextDay();
    const results = await Promise.all(Array.from({ length: 5 }, () => scheduleMeeting(ada, draft(startsAt), { idempotencyKey: `key-${day}` })));
    expect(new Set(results.map((result) => result.meetingId)).size).toBe(1);
    expect(results.filter((result) => result.fresh)).toHaveLength(1);
    await expect(scheduleMeeting(ada, draft(startsAt, { title: "Other" }), { idempotencyKey: `key-${day}` })).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
  });

  test("of parallel guarded bookings of one time exactly one succeeds, and the others learn the next free times", async () => {
    const startsAt = nextDay();
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => scheduleMeeting(ada, draft(startsAt, { guard: true }))));
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: "TIME_TAKEN" });
      expect(reason.extra.nextFreeTimes[0].startsAt).toBe(new Date(startsAt.getTime() + hours(1)).toISOString());
    }
  });

  test("a guarded and an unguarded booking cannot slip past each other", async () => {
    const startsAt = nextDay();
    await Promise.allSettled([scheduleMeeting(ada, draft(startsAt)), scheduleMeeting(ada, draft(startsAt, { guard: true }))]);
    await expect(scheduleMeeting(ada, draft(startsAt, { guard: true }))).rejects.toMatchObject({ code: "TIME_TAKEN" });
  });

  test("what was declined or cancelled does not count as busy", async () => {
    const startsAt = nextDay();
    const span = { memberIds: [bora.id], from: startsAt, to: new Date(startsAt.getTime() + hours(1)) };
    const id = await book(startsAt);
    expect(await busyTimes(ada, span)).toMatchObject([{ memberId: bora.id, startsAt }]);
    await respond(bora, id, { partstat: "declined" });
    expect(await busyTimes(ada, span)).toEqual([]);
    await respond(bora, id, { partstat: "accepted" });
    await cancelMeeting(ada, id, {});
    expect(await busyTimes(ada, span)).toEqual([]);
  });
});

describe("who may", () => {
  test("another tenant finds nothing by any road", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    for (const attempt of [
      () => meetingDetails(stranger, id),
      () => changeMeeting(stranger, id, change({ title: "Mine" })),
      () => cancelMeeting(stranger, id, {}),
      () => respond(stranger, id, { partstat: "accepted" }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await busyTimes(stranger, { memberIds: [ada.id], from: startsAt, to: new Date(startsAt.getTime() + hours(1)) })).toEqual([]);
    expect((await listMeetings(stranger, { limit: 100 })).meetings).toEqual([]);
    // A query that forgot its WHERE still shows only its own tenant's rows.
    const rows = await inTenant(stranger, (tx) => tx.select().from(meetings));
    expect(rows).toEqual([]);
  });

  test("a colleague who is not invited does not see it; an attendee sees but cannot change it", async () => {
    const id = await book();
    await expect(meetingDetails(chris, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(changeMeeting(chris, id, change({ title: "x" }))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(meetingDetails(bora, id)).resolves.toBeDefined();
    await expect(changeMeeting(bora, id, change({ title: "x" }))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("who is removed no longer sees it, also not from the cache", async () => {
    const id = await book();
    await meetingDetails(bora, id);
    await changeMeeting(ada, id, change({ attendees: [{ email: "guest@out.example" }] }));
    await expect.poll(() => meetingDetails(bora, id).then(() => "seen", (error) => error.code)).toBe("NOT_FOUND");
  });
});

describe("moving, editing, cancelling", () => {
  test("what attendees see raises the sequence by one, the rest only the version", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    expect(await changeMeeting(ada, id, change({ reminderMinutes: 60 }))).toEqual({ sequence: 0, version: 2 });
    const later = { startsAt: new Date(startsAt.getTime() + hours(2)).toISOString(), endsAt: new Date(startsAt.getTime() + hours(3)).toISOString() };
    expect(await changeMeeting(ada, id, change(later))).toEqual({ sequence: 1, version: 3 });
    expect(await changeMeeting(ada, id, change(later))).toEqual({ sequence: 1, version: 3 });
    expect(await changeMeeting(ada, id, change({ location: "Room 2", title: "Plan B" }))).toEqual({ sequence: 2, version: 4 });
    const events = await eventsOf(id);
    expect(events.map((event) => event.name)).toEqual(["meeting.scheduled", "meeting.rescheduled", "meeting.rescheduled", "meeting.rescheduled"]);
    expect(events.map((event) => event.payload.changes)).toEqual([undefined, [], ["time"], ["place", "title"]]);
  });

  test("an outdated version is refused and changes nothing", async () => {
    const id = await book();
    await changeMeeting(ada, id, change({ title: "First" }), { ifVersion: 1 });
    await expect(changeMeeting(ada, id, change({ title: "Second" }), { ifVersion: 1 })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(cancelMeeting(ada, id, {}, { ifVersion: 1 })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect.poll(async () => (await meetingDetails(ada, id)).meeting.title).toBe("First");
  });

  test("people come, stay and go; who stays keeps their answer, who returns starts anew", async () => {
    const id = await book();
    await respond(bora, id, { partstat: "tentative", comment: "maybe late" });
    await changeMeeting(ada, id, change({ attendees: [{ memberId: bora.id }, { memberId: chris.id }] }));
    const last = (await eventsOf(id)).at(-1)?.payload;
    expect(last).toMatchObject({ kept: [], added: [{ memberId: chris.id }], removed: [{ email: "guest@out.example" }] });
    await expect.poll(async () => (await meetingDetails(ada, id)).attendees.map(({ email, partstat }) => [email, partstat])).toEqual([
      ["bora@here.example", "tentative"],
      ["chris@here.example", "needs-action"],
    ]);
    await changeMeeting(ada, id, change({ attendees: [{ memberId: chris.id }] }));
    await changeMeeting(ada, id, change({ attendees: [{ memberId: chris.id }, { memberId: bora.id }] }));
    expect(await attendeeOf(id, bora.email)).toMatchObject({ partstat: "needs-action", comment: null, removedAt: null });
  });

  test("a cancelled meeting stays visible, says why, and cannot be changed or answered", async () => {
    const id = await book();
    await cancelMeeting(ada, id, { reason: "Snow" });
    await expect.poll(async () => (await meetingDetails(bora, id)).meeting).toMatchObject({ status: "cancelled", cancelReason: "Snow", sequence: 1 });
    await expect(cancelMeeting(ada, id, {})).rejects.toMatchObject({ code: "ALREADY_CANCELLED" });
    await expect(changeMeeting(ada, id, change({ title: "x" }))).rejects.toMatchObject({ code: "ALREADY_CANCELLED" });
    await expect(respond(bora, id, { partstat: "accepted" })).rejects.toMatchObject({ code: "ALREADY_CANCELLED" });
  });
});

describe("answering", () => {
  test("is one state, from the account or from the link of a mail", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    const token = answerToken((await attendeeOf(id, bora.email)).id, { endsAt: new Date(startsAt.getTime() + hours(1)) });
    await respondByLink(token, { partstat: "declined", comment: "On leave" });
    expect((await meetingByLink(token)).attendee).toMatchObject({ partstat: "declined", comment: "On leave" });
    await expect.poll(async () => (await meetingDetails(ada, id)).attendees[0]).toMatchObject({ partstat: "declined" });
    await respond(bora, id, { partstat: "accepted" });
    expect((await meetingByLink(token)).attendee).toMatchObject({ partstat: "accepted", comment: null });
    expect((await eventsOf(id)).slice(1)).toMatchObject([
      { name: "meeting.responded", payload: { partstat: "declined", previous: "needs-action", comment: "On leave" } },
      { name: "meeting.responded", payload: { partstat: "accepted", previous: "declined" } },
    ]);
  });

  test("the same answer twice is told once", async () => {
    const id = await book();
    await respond(bora, id, { partstat: "accepted" });
    await respond(bora, id, { partstat: "accepted" });
    expect((await eventsOf(id)).filter((event) => event.name === "meeting.responded")).toHaveLength(1);
  });

  test("an altered, foreign or expired link is refused, and so is one of a removed person", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    const endsAt = new Date(startsAt.getTime() + hours(1));
    const token = answerToken((await attendeeOf(id, "guest@out.example")).id, { endsAt });
    const flipped = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
    await expect(meetingByLink(flipped)).rejects.toMatchObject({ code: "LINK_INVALID" });
    await expect(meetingByLink("nonsense")).rejects.toMatchObject({ code: "LINK_INVALID" });
    await expect(meetingByLink(answerToken("att_01h2xcejqtf2nbrexx3vqjhp41", { endsAt }))).rejects.toMatchObject({ code: "LINK_INVALID" });
    await expect(clock.at(new Date(endsAt.getTime() + hours(24 * 31)), () => meetingByLink(token))).rejects.toMatchObject({ code: "LINK_EXPIRED" });
    await expect(clock.at(new Date(endsAt.getTime() + 1), () => respondByLink(token, { partstat: "accepted" }))).rejects.toMatchObject({ code: "ALREADY_STARTED" });
    await changeMeeting(ada, id, change({ attendees: [] }));
    await expect(respondByLink(token, { partstat: "accepted" })).rejects.toMatchObject({ code: "LINK_INVALID" });
  });
});

describe("reminders", () => {
  const due = (startsAt: Date, before = 30) => new Date(startsAt.getTime() - minutes(before));

  test("fire once for everyone who did not decline, whoever claims and however often", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt, { attendees: [{ memberId: bora.id }, { memberId: chris.id }] });
    await respond(chris, id, { partstat: "declined" });
    await clock.at(due(startsAt), async () => {
      const claims = await Promise.all(Array.from({ length: 4 }, () => claimDueReminders(due(startsAt))));
      // Claimers may share the rows of one meeting between them; firing is what happens once.
      expect(claims.flat()).toContainEqual(expect.objectContaining({ meetingId: id }));
      const fired = await Promise.all(Array.from({ length: 3 }, () => fireReminders(ada, { meetingId: id, sequence: 0, dueAt: due(startsAt) })));
      expect(fired.reduce((sum, { fired: count }) => sum + count, 0)).toBe(2);
    });
    const starting = (await eventsOf(id)).filter((event) => event.name === "meeting.starting");
    expect(starting).toMatchObject([{ payload: { minutesLeft: 30, recipients: [{ memberId: ada.id }, { memberId: bora.id }] } }]);
    expect((await remindersOf(id)).find((row) => row.state === "dropped")).toMatchObject({ reason: "declined" });
  });

  test("follow a moved meeting; the old instant stays silent", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    const moved = new Date(startsAt.getTime() + hours(3));
    await clock.at(due(startsAt), () => claimDueReminders(due(startsAt)));
    await changeMeeting(ada, id, change({ startsAt: moved.toISOString(), endsAt: new Date(moved.getTime() + hours(1)).toISOString() }));
    await clock.at(due(startsAt), async () => expect(await fireReminders(ada, { meetingId: id, sequence: 0, dueAt: due(startsAt) })).toEqual({ fired: 0, dropped: 0 }));
    await clock.at(due(moved), async () => {
      expect((await claimDueReminders(due(moved))).filter((claim) => claim.meetingId === id)).toMatchObject([{ sequence: 1, dueAt: due(moved) }]);
      expect(await fireReminders(ada, { meetingId: id, sequence: 1, dueAt: due(moved) })).toMatchObject({ fired: 3 });
    });
  });

  test("one that was sent is not sent again because the offset is changed away and back", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    await clock.at(due(startsAt), () => fireReminders(ada, { meetingId: id, sequence: 0, dueAt: due(startsAt) }));
    await changeMeeting(ada, id, change({ reminderMinutes: 10 }));
    await changeMeeting(ada, id, change({ reminderMinutes: 30 }));
    await clock.at(due(startsAt), async () => expect(await fireReminders(ada, { meetingId: id, sequence: 0, dueAt: due(startsAt) })).toMatchObject({ fired: 0 }));
  });

  test("are not made for a meeting booked inside the window, cancelled, or without reminder", async () => {
    const startsAt = nextDay();
    const late = await clock.at(due(startsAt, 10), () => scheduleMeeting(ada, draft(startsAt)));
    expect(await remindersOf(late.meetingId)).toEqual([]);
    expect(await remindersOf(await book(nextDay(), { reminderMinutes: null }))).toEqual([]);
    const cancelled = await book();
    await cancelMeeting(ada, cancelled, {});
    expect((await remindersOf(cancelled)).map((row) => row.state)).toEqual(["dropped", "dropped", "dropped"]);
  });

  test("a claim whose run died is claimed again, and counts as overdue until then", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    await clock.at(due(startsAt), () => claimDueReminders(due(startsAt)));
    const later = new Date(due(startsAt).getTime() + minutes(3));
    await clock.at(later, async () => {
      expect(await overdueReminders()).toBeGreaterThanOrEqual(3);
      expect((await claimDueReminders(later)).some((claim) => claim.meetingId === id)).toBe(true);
      expect(await fireReminders(ada, { meetingId: id, sequence: 0, dueAt: due(startsAt) })).toMatchObject({ fired: 3 });
    });
    expect((await eventsOf(id)).at(-1)?.payload).toMatchObject({ minutesLeft: 27 });
  });
});

describe("what the mails say", () => {
  const ask = async (meetingId: string, email: string, deliveryId: string) => {
    const [mail] = await prepareMeetingMails(ada, [{ attendeeId: (await attendeeOf(meetingId, email)).id, deliveryId }]);
    return mail;
  };

  test("an invitation, then one update for all changes since, and nothing for a change taken back", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    expect(await ask(id, bora.email, "dlv_1")).toMatchObject({ kind: "invited", calendar: { method: "REQUEST", content: expect.stringContaining("SEQUENCE:0") } });
    await changeMeeting(ada, id, change({ location: "Room 9" }));
    await changeMeeting(ada, id, change({ title: "Plan B" }));
    expect(await ask(id, bora.email, "dlv_2")).toMatchObject({ kind: "updated", changes: ["place", "title"], before: { title: "Plan" }, calendar: { content: expect.stringContaining("SEQUENCE:2") } });
    await changeMeeting(ada, id, change({ title: "Plan C" }));
    await changeMeeting(ada, id, change({ title: "Plan B" }));
    expect(await ask(id, bora.email, "dlv_3")).toEqual({ attendeeId: expect.any(String), deliveryId: "dlv_3", kind: "skip", reason: "nothing-changed" });
  });

  test("preparing the same delivery again after a crash says the same again", async () => {
    const id = await book();
    await ask(id, bora.email, "dlv_1");
    await changeMeeting(ada, id, change({ title: "Plan B" }));
    const first = await ask(id, bora.email, "dlv_2");
    expect(await ask(id, bora.email, "dlv_2")).toMatchObject({ kind: "updated", changes: first?.kind === "updated" ? first.changes : [] });
  });

  test("a cancellation reaches who was told, and only them; a removed person's calendar hears CANCEL for themselves alone", async () => {
    const id = await book();
    await ask(id, bora.email, "dlv_1");
    await changeMeeting(ada, id, change({ attendees: [{ email: "guest@out.example" }] }));
    const removed = await ask(id, bora.email, "dlv_2");
    expect(removed).toMatchObject({ kind: "removed", calendar: { method: "CANCEL" } });
    expect(removed?.kind === "removed" && removed.calendar.content.match(/^ATTENDEE/gm)?.length).toBe(1);
    await cancelMeeting(ada, id, { reason: "Snow" });
    expect(await ask(id, "guest@out.example", "dlv_3")).toMatchObject({ kind: "skip", reason: "never-told" });
    expect(await ask(id, bora.email, "dlv_4")).toMatchObject({ kind: "skip", reason: "never-told" });
  });

  test("nobody is told of a meeting that is over", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    await clock.at(new Date(startsAt.getTime() + hours(2)), async () =>
      expect(await ask(id, bora.email, "dlv_1")).toMatchObject({ kind: "skip", reason: "over" }),
    );
  });

  test("a reminder says the true minutes left and the newest place, and is silent when the meeting moved", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    const request = { attendeeId: (await attendeeOf(id, bora.email)).id, deliveryId: "dlv_r", sequence: 0 };
    await clock.at(new Date(startsAt.getTime() - minutes(12)), async () =>
      expect(await meetingReminderMails(ada, [request])).toMatchObject([{ kind: "reminder", minutesLeft: 12 }]),
    );
    await changeMeeting(ada, id, change({ location: "Elsewhere" }));
    expect(await meetingReminderMails(ada, [request])).toMatchObject([{ kind: "reminder", meeting: { location: "Elsewhere" } }]);
    await changeMeeting(ada, id, change({ endsAt: new Date(startsAt.getTime() + hours(2)).toISOString() }));
    expect(await meetingReminderMails(ada, [request])).toMatchObject([{ kind: "skip", reason: "moved" }]);
  });

  test("the organizer hears where everybody stands", async () => {
    const id = await book();
    await respond(bora, id, { partstat: "declined", comment: "Ill" });
    const standings = await meetingStandings(ada, [id, "mtg_gone"]);
    expect([...standings.keys()]).toEqual([id]);
    expect(standings.get(id)).toMatchObject({ meeting: { title: "Plan" }, totals: { declined: 1, "needs-action": 1, accepted: 0 } });
  });
});

describe("finding meetings", () => {
  test("a list walks every meeting once, page by page, also when some are added behind the cursor", async () => {
    const owner = (await foundOrganization(`pages${day}@here.example`, `Pages ${day}`)).owner;
    const from = nextDay();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const startsAt = new Date(from.getTime() + hours(Math.floor(index / 2)));
      ids.push((await scheduleMeeting(owner, draft(startsAt, { attendees: [] }))).meetingId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listMeetings(owner, { limit: 2, cursor, from: from.toISOString() });
      seen.push(...page.meetings.map((found) => found.meeting.id));
      cursor = page.nextCursor ?? undefined;
      if (seen.length === 2) await scheduleMeeting(owner, draft(new Date(from.getTime() - hours(1)), { attendees: [] }));
    } while (cursor);
    expect(seen).toEqual(ids);
    await expect(listMeetings(owner, { limit: 2, cursor: "rubbish" })).rejects.toMatchObject({ code: "INVALID" });
  });

  test("the dashboard shows what comes and what waits for an answer", async () => {
    const startsAt = nextDay();
    const id = await book(startsAt);
    await clock.at(new Date(startsAt.getTime() - minutes(5)), async () => {
      const before = await dashboard(bora);
      expect(before.awaiting.find((meeting) => meeting.id === id)).toMatchObject({ organizerName: "ada", partstat: "needs-action" });
      await respond(bora, id, { partstat: "declined" });
      const after = await dashboard(bora);
      expect([...after.upcoming, ...after.awaiting].some((meeting) => meeting.id === id)).toBe(false);
    });
  });
});
