import { and, eq, isNull } from "drizzle-orm";
import { clearOnCommit } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import { meetingResponded } from "../events";
import type { RespondInput } from "../inputs";
import { answeredEarlierTime, factsOf, participantOf } from "../mappings";
import { meetingTag } from "../queries";
import { attendees, meetings } from "../tables";
import { linkedAttendee } from "./queries";

type AttendeeRow = typeof attendees.$inferSelect;
type MeetingRow = typeof meetings.$inferSelect;

/** Answers as a member. @throws Refused NOT_FOUND, ALREADY_CANCELLED, ALREADY_STARTED (when it is over), FORBIDDEN for the organizer. */
export async function respond(member: Member, meetingId: string, input: RespondInput): Promise<void> {
  if (!isId("meeting", meetingId)) throw new Refused("NOT_FOUND");
  return inTenant(member, async (tx) => {
    const meeting = await holdMeeting(tx, meetingId);
    const [attendee] = await tx
      .select()
      .from(attendees)
      .where(
        and(
          eq(attendees.organizationId, member.organizationId),
          eq(attendees.meetingId, meetingId),
          eq(attendees.memberId, member.id),
          isNull(attendees.removedAt),
        ),
      )
      .for("update");
    if (!attendee || !meeting) throw new Refused("NOT_FOUND");
    await answer(tx, member, meeting, attendee, input);
  });
}

/**
 * Answers with the signed link of a mail: no account needed, the link is the proof. It works for the meeting as it stands, however
 * old the mail. @throws Refused LINK_INVALID, LINK_EXPIRED, and as `respond`.
 */
export async function respondByLink(token: string, input: RespondInput): Promise<void> {
  const { tenant, attendeeId, meetingId } = await linkedAttendee(token);
  await inTenant(tenant, async (tx) => {
    const meeting = await holdMeeting(tx, meetingId);
    const [attendee] = await tx
      .select()
      .from(attendees)
      .where(and(eq(attendees.id, attendeeId), isNull(attendees.removedAt)))
      .for("update");
    if (!attendee || !meeting) throw new Refused("LINK_INVALID");
    await answer(tx, tenant, meeting, attendee, input);
  });
}

/** The meeting before its attendee, as the organizer's commands lock them: taken the other way round, the two wait for each other. */
async function holdMeeting(tx: Tx, meetingId: string): Promise<MeetingRow | undefined> {
  const [meeting] = await tx.select().from(meetings).where(eq(meetings.id, meetingId)).for("share");
  return meeting;
}

async function answer(tx: Tx, tenant: Tenant, meeting: MeetingRow, before: AttendeeRow, input: RespondInput): Promise<void> {
  if (before.isOrganizer) throw new Refused("FORBIDDEN", { detail: "The organizer takes part; cancel the meeting instead." });
  if (meeting.status === "cancelled") throw new Refused("ALREADY_CANCELLED", { detail: "This meeting was cancelled." });
  if (meeting.endsAt <= clock.now()) throw new Refused("ALREADY_STARTED", { detail: "This meeting is over." });
  const comment = input.comment || null;
  const same = before.partstat === input.partstat && before.comment === comment && !answeredEarlierTime(before, meeting);
  if (same) return;
  const [attendee] = await tx
    .update(attendees)
    .set({ partstat: input.partstat, comment, respondedAt: clock.now(), respondedSequence: meeting.sequence })
    .where(eq(attendees.id, before.id))
    .returning();
  const [organizer] = await tx.select().from(attendees).where(and(eq(attendees.meetingId, meeting.id), eq(attendees.isOrganizer, true)));
  if (!attendee || !organizer) throw new Error("An answered meeting has an organizer.");
  await clearOnCommit(tx, meetingTag(tenant, meeting.id));
  await append(tx, tenant, meetingResponded, {
    actor: { memberId: attendee.memberId, name: attendee.name ?? attendee.email },
    meeting: factsOf(meeting, organizer),
    attendee: participantOf(attendee),
    partstat: attendee.partstat,
    previous: before.partstat,
    comment,
    mergeSeconds: env().MEETING_MERGE_SECONDS,
  });
}
