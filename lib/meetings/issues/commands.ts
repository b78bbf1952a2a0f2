import { and, count, eq } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { maySee } from "../policy";
import { loadMeeting } from "../queries";
import { meetings } from "../tables";
import type { MeetingIssueInput } from "./inputs";
import { meetingIssues } from "./tables";

const issuesAtMost = 50;

/**
 * Says that a meeting is about an issue; saying it again changes nothing. Whoever is part of the meeting may.
 * @throws Refused NOT_FOUND, INVALID (too many).
 */
export async function addIssue(member: Member, meetingId: string, { issue }: MeetingIssueInput): Promise<void> {
  await inTenant(member, async (tx) => {
    await holdSeen(tx, member, meetingId);
    const ofMeeting = and(eq(meetingIssues.organizationId, member.organizationId), eq(meetingIssues.meetingId, meetingId));
    const [held] = await tx.select({ total: count() }).from(meetingIssues).where(ofMeeting);
    if ((held?.total ?? 0) >= issuesAtMost) throw refusedField("issue", "too-many", describeFault("too-many"));
    await tx
      .insert(meetingIssues)
      .values({ organizationId: member.organizationId, meetingId, issueKey: issue, addedBy: member.id, createdAt: clock.now() })
      .onConflictDoNothing();
  });
}

/** @throws Refused NOT_FOUND when there is no such meeting for them; that it was not about the issue is no fault. */
export async function removeIssue(member: Member, meetingId: string, { issue }: MeetingIssueInput): Promise<void> {
  await inTenant(member, async (tx) => {
    await holdSeen(tx, member, meetingId);
    await tx
      .delete(meetingIssues)
      .where(and(eq(meetingIssues.organizationId, member.organizationId), eq(meetingIssues.meetingId, meetingId), eq(meetingIssues.issueKey, issue)));
  });
}

/** The meeting's row is held, so that two who add at once are counted one after the other. */
async function holdSeen(tx: Tx, member: Member, meetingId: string): Promise<void> {
  if (!isId("meeting", meetingId)) throw new Refused("NOT_FOUND");
  await tx.select({ id: meetings.id }).from(meetings).where(and(eq(meetings.organizationId, member.organizationId), eq(meetings.id, meetingId))).for("update");
  const found = await loadMeeting(tx, member, meetingId);
  if (!maySee(member, { organizerId: found.meeting.organizerId, attendees: found.attendees })) throw new Refused("NOT_FOUND");
}
