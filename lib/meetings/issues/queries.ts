import { and, asc, desc, eq, isNull } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { meetingDetails } from "../queries";
import { attendees, meetings } from "../tables";
import { meetingIssues } from "./tables";

export interface MeetingIssue {
  key: string;
  addedBy: string;
  addedAt: Date;
}

/** What a meeting is about, in the order in which it was added. @throws Refused NOT_FOUND also for those who are not part of it. */
export async function issuesOfMeeting(member: Member, meetingId: string): Promise<MeetingIssue[]> {
  await meetingDetails(member, meetingId);
  return inTenant(member, (tx) =>
    tx
      .select({ key: meetingIssues.issueKey, addedBy: meetingIssues.addedBy, addedAt: meetingIssues.createdAt })
      .from(meetingIssues)
      .where(and(eq(meetingIssues.organizationId, member.organizationId), eq(meetingIssues.meetingId, meetingId)))
      .orderBy(asc(meetingIssues.createdAt), asc(meetingIssues.issueKey)),
  );
}

export interface MeetingAbout {
  id: string;
  title: string;
  startsAt: Date;
  endsAt: Date;
  status: "confirmed" | "cancelled";
}

/** The meetings about an issue that this member is part of, the latest first. */
export function meetingsAbout(member: Member, issueKey: string): Promise<MeetingAbout[]> {
  return inTenant(member, (tx) =>
    tx
      .select({ id: meetings.id, title: meetings.title, startsAt: meetings.startsAt, endsAt: meetings.endsAt, status: meetings.status })
      .from(meetingIssues)
      .innerJoin(meetings, eq(meetings.id, meetingIssues.meetingId))
      .innerJoin(attendees, and(eq(attendees.meetingId, meetings.id), eq(attendees.memberId, member.id), isNull(attendees.removedAt)))
      .where(and(eq(meetingIssues.organizationId, member.organizationId), eq(meetingIssues.issueKey, issueKey)))
      .orderBy(desc(meetings.startsAt))
      .limit(20),
  );
}
