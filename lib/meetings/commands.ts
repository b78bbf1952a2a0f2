import { and, eq, sql } from "drizzle-orm";
import { clearOnCommit } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaces } from "@/lib/organizations/tables";
import { busyIn } from "./availability/queries";
import { nextFreeTimes, overlaps } from "./availability/rules";
import { wallClockAt } from "./calendar/rules";
import { meetingCancelled, meetingRescheduled, meetingScheduled } from "./events";
import { addGuests, limitOutsideGuests, setGuests } from "./guests/commands";
import { resolveInvitees } from "./guests/queries";
import type { CancelMeetingInput, ChangeMeetingInput, ScheduleMeetingInput } from "./inputs";
import { factsOf, participantOf } from "./mappings";
import { mayChange, maySee } from "./policy";
import { meetingTag } from "./queries";
import { planReminders } from "./reminders/commands";
import { assertTimes, changesBetween, mergeInvitees } from "./rules";
import { attendees, meetings } from "./tables";

type MeetingRow = typeof meetings.$inferSelect;
type AttendeeRow = typeof attendees.$inferSelect;

/**
 * Books a meeting. With `idempotencyKey`, a repeated request answers the first one's meeting.
 * @throws Refused INVALID (times), NOT_FOUND (a member id of nobody here), TOO_MANY_REQUESTS (guests from outside), TIME_TAKEN with `nextFreeTimes` (guard), IDEMPOTENCY_MISMATCH.
 */
export async function scheduleMeeting(
  member: Member,
  input: ScheduleMeetingInput,
  options: { idempotencyKey?: string } = {},
): Promise<{ meetingId: string; fresh: boolean }> {
  await limitOutsideGuests(member, input.attendees);
  return inTenant(member, async (tx) => {
    const id = newId("meeting");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "schedule-meeting", input }, id);
      if (!claim.fresh) return { meetingId: claim.resultId, fresh: false };
    }
    const times = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) };
    assertTimes(times, clock.now());
    await holdOrganizer(tx, member, input.guard);
    if (input.guard) await assertFree(tx, member, { ...times, timeZone: input.timeZone });
    if (input.workspaceId) await assertWorkspace(tx, member, input.workspaceId);
    const invitees = mergeInvitees(await resolveInvitees(tx, member, input.attendees), member.email);

    const meeting = await only(
      tx
        .insert(meetings)
        .values({
          id,
          organizationId: member.organizationId,
          workspaceId: input.workspaceId ?? null,
          organizerId: member.id,
          title: input.title,
          description: input.description ?? "",
          location: input.location ?? "",
          joinUrl: input.joinUrl ?? null,
          ...times,
          ...intent(times, input.timeZone),
          reminderMinutes: input.reminderMinutes,
          guarded: input.guard,
          icalUid: `${id}@${new URL(env().APP_URL).hostname}`,
        })
        .returning(),
    );
    const organizer = await only(
      tx
        .insert(attendees)
        .values({
          organizationId: member.organizationId,
          meetingId: id,
          memberId: member.id,
          email: member.email,
          name: member.name,
          isOrganizer: true,
          partstat: "accepted",
          respondedAt: clock.now(),
          respondedSequence: 0,
        })
        .returning(),
    );
    const guests = invitees.length > 0 ? await addGuests(tx, meeting, invitees) : [];
    await planReminders(tx, meeting);
    await append(tx, member, meetingScheduled, {
      actor: { memberId: member.id, name: member.name },
      meeting: factsOf(meeting, organizer),
      attendees: guests.map(participantOf),
    });
    return { meetingId: id, fresh: true };
  });
}

/**
 * Changes a meeting: moved, edited, or its guest list. What attendees see raises the sequence by one; the rest only the version.
 * @param ifVersion the version the caller read; another one means that somebody was faster.
 * @throws Refused NOT_FOUND, FORBIDDEN, PRECONDITION_FAILED, ALREADY_CANCELLED, INVALID, TIME_TAKEN.
 */
export async function changeMeeting(
  member: Member,
  meetingId: string,
  input: ChangeMeetingInput,
  options: { ifVersion?: number } = {},
): Promise<{ version: number; sequence: number }> {
  await limitOutsideGuests(member, input.attendees ?? [], meetingId);
  return inTenant(member, async (tx) => {
    const { meeting: before, organizer } = await lockForChange(tx, member, meetingId, options.ifVersion);
    const wanted = merged(before, input);
    const moved = wanted.startsAt.getTime() !== before.startsAt.getTime() || wanted.endsAt.getTime() !== before.endsAt.getTime();
    if (moved) assertTimes(wanted, clock.now());
    const guarding = wanted.guarded && (moved || !before.guarded);
    if (moved || guarding) await holdOrganizer(tx, member, guarding);
    if (guarding) await assertFree(tx, member, wanted, before.id);
    const guests = input.attendees
      ? await setGuests(tx, before, mergeInvitees(await resolveInvitees(tx, member, input.attendees), organizer.email))
      : { added: [], removed: [], kept: await guestsOf(tx, before.id), adjusted: 0 };
    const changes = changesBetween(before, wanted);
    const visible = changes.length > 0 || guests.added.length > 0 || guests.removed.length > 0;
    const quiet = before.reminderMinutes !== wanted.reminderMinutes || before.guarded !== wanted.guarded || guests.adjusted > 0;
    if (!visible && !quiet) return { version: before.version, sequence: before.sequence };
    const meeting = await only(
      tx
        .update(meetings)
        .set({
          ...wanted,
          sequence: visible ? before.sequence + 1 : before.sequence,
          movedSequence: moved ? before.sequence + 1 : before.movedSequence,
          version: before.version + 1,
          updatedAt: clock.now(),
        })
        .where(eq(meetings.id, before.id))
        .returning(),
    );
    if (visible || before.reminderMinutes !== meeting.reminderMinutes) await planReminders(tx, meeting);
    await clearOnCommit(tx, meetingTag(member, meetingId));
    // Always reported, even when nobody is to be told: the reminders of the new time have to be claimed.
    await append(tx, member, meetingRescheduled, {
      actor: { memberId: member.id, name: member.name },
      meeting: factsOf(meeting, organizer),
      before: {
        title: before.title,
        startsAt: before.startsAt.toISOString(),
        endsAt: before.endsAt.toISOString(),
        timeZone: before.timeZone,
        location: before.location,
        joinUrl: before.joinUrl,
      },
      changes,
      kept: input.notify && changes.length > 0 ? guests.kept.map(participantOf) : [],
      added: guests.added.map(participantOf),
      removed: guests.removed.map(participantOf),
      mergeSeconds: env().MEETING_MERGE_SECONDS,
    });
    return { version: meeting.version, sequence: meeting.sequence };
  });
}

/** Cancels a meeting for everyone. @throws Refused NOT_FOUND, FORBIDDEN, PRECONDITION_FAILED, ALREADY_CANCELLED. */
export function cancelMeeting(
  member: Member,
  meetingId: string,
  input: CancelMeetingInput,
  options: { ifVersion?: number } = {},
): Promise<void> {
  return inTenant(member, async (tx) => {
    const { meeting: before, organizer } = await lockForChange(tx, member, meetingId, options.ifVersion);
    const meeting = await only(
      tx
        .update(meetings)
        .set({
          status: "cancelled",
          cancelReason: input.reason || null,
          cancelledAt: clock.now(),
          sequence: before.sequence + 1,
          version: before.version + 1,
          updatedAt: clock.now(),
        })
        .where(eq(meetings.id, meetingId))
        .returning(),
    );
    await planReminders(tx, meeting);
    await clearOnCommit(tx, meetingTag(member, meetingId));
    await append(tx, member, meetingCancelled, {
      actor: { memberId: member.id, name: member.name },
      meeting: factsOf(meeting, organizer),
      reason: meeting.cancelReason,
      attendees: (await guestsOf(tx, meetingId)).map(participantOf),
    });
  });
}

/** Locks the meeting, so that two changes follow each other, and checks that this member may change it. */
async function lockForChange(
  tx: Tx,
  member: Member,
  meetingId: string,
  ifVersion: number | undefined,
): Promise<{ meeting: MeetingRow; organizer: AttendeeRow }> {
  if (!isId("meeting", meetingId)) throw new Refused("NOT_FOUND");
  const [meeting] = await tx
    .select()
    .from(meetings)
    .where(and(eq(meetings.organizationId, member.organizationId), eq(meetings.id, meetingId)))
    .for("update");
  if (!meeting) throw new Refused("NOT_FOUND");
  const people = await tx.select().from(attendees).where(eq(attendees.meetingId, meetingId));
  const organizer = people.find((person) => person.isOrganizer);
  const present = people.filter((person) => !person.removedAt);
  if (!organizer || !maySee(member, { organizerId: meeting.organizerId, attendees: present })) throw new Refused("NOT_FOUND");
  if (!mayChange(member, meeting)) throw new Refused("FORBIDDEN", { detail: "Only the organizer can change this meeting." });
  if (ifVersion !== undefined && ifVersion !== meeting.version) throw new Refused("PRECONDITION_FAILED");
  if (meeting.status === "cancelled") throw new Refused("ALREADY_CANCELLED", { detail: "This meeting was cancelled." });
  return { meeting, organizer };
}

/**
 * A guarded booking of an organizer has the time to itself: it waits for every other booking and move, and they for it, so that it
 * sees what they booked. Those without the guard do not wait for each other.
 */
async function holdOrganizer(tx: Tx, member: Member, guarded: boolean): Promise<void> {
  await tx.select({ id: members.id }).from(members).where(eq(members.id, member.id)).for(guarded ? "no key update" : "share");
}

async function assertFree(
  tx: Tx,
  member: Member,
  wanted: { startsAt: Date; endsAt: Date; timeZone: string },
  exceptMeetingId?: string,
): Promise<void> {
  const horizon = new Date(wanted.endsAt.getTime() + 15 * 24 * 60 * 60 * 1000);
  const busy = await busyIn(tx, member, { memberIds: [member.id], from: wanted.startsAt, to: horizon, exceptMeetingId });
  if (!busy.some((other) => overlaps(wanted, other))) return;
  throw new Refused("TIME_TAKEN", {
    extra: {
      nextFreeTimes: nextFreeTimes(wanted, busy, wanted.timeZone).map((free) => ({
        startsAt: free.startsAt.toISOString(),
        endsAt: free.endsAt.toISOString(),
      })),
    },
  });
}

async function assertWorkspace(tx: Tx, member: Member, workspaceId: string): Promise<void> {
  const [found] = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.id, workspaceId)));
  if (!found) throw new Refused("NOT_FOUND", { fields: [{ path: ["workspaceId"], code: "not-an-option", detail: describeFault("not-an-option") }] });
}

function guestsOf(tx: Tx, meetingId: string): Promise<AttendeeRow[]> {
  return tx
    .select()
    .from(attendees)
    .where(and(eq(attendees.meetingId, meetingId), eq(attendees.isOrganizer, false), sql`${attendees.removedAt} is null`));
}

/** The meeting as the organizer wants it; a field that was not sent stays as it is. */
function merged(before: MeetingRow, input: ChangeMeetingInput) {
  const times = {
    startsAt: input.startsAt ? new Date(input.startsAt) : before.startsAt,
    endsAt: input.endsAt ? new Date(input.endsAt) : before.endsAt,
  };
  return {
    title: input.title ?? before.title,
    description: input.description ?? before.description,
    location: input.location ?? before.location,
    joinUrl: input.joinUrl === undefined ? before.joinUrl : input.joinUrl,
    reminderMinutes: input.reminderMinutes === undefined ? before.reminderMinutes : input.reminderMinutes,
    guarded: input.guard ?? before.guarded,
    ...times,
    ...intent(times, input.timeZone ?? before.timeZone),
  };
}

/** What the organizer meant on the wall, kept beside the instants (DESIGN.md section 6). */
function intent(times: { startsAt: Date; endsAt: Date }, timeZone: string) {
  return { timeZone, startsLocal: wallClockAt(times.startsAt, timeZone), endsLocal: wallClockAt(times.endsAt, timeZone) };
}

async function only<Row>(rows: Promise<Row[]>): Promise<Row> {
  const [row] = await rows;
  if (!row) throw new Error("The statement returned no row.");
  return row;
}
