import { and, eq, inArray, isNull } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { readLink, signLink } from "@/lib/platform/signed-link";
import type { Member } from "@/lib/organizations/actor";
import { members, organizations } from "@/lib/organizations/tables";
import type { Partstat } from "../inputs";
import { answeredEarlierTime, type MeetingDetails } from "../mappings";
import { loadMeeting } from "../queries";
import { attendees, meetings } from "../tables";

/** An answer may be given or changed until the meeting is over; the link still shows it for a while after that. */
const readableAfterEndMs = 30 * 24 * 60 * 60 * 1000;

/** The token of the links in one person's mails about one meeting. The same for the whole life of the meeting's present end. */
export const answerToken = (attendeeId: string, meeting: { endsAt: Date }) =>
  signLink("rsvp", { subject: attendeeId, generation: 0, expiresAt: new Date(meeting.endsAt.getTime() + readableAfterEndMs) });

/** Who a link speaks for. @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function linkedAttendee(token: string): Promise<{ tenant: Tenant; attendeeId: string; meetingId: string }> {
  const { subject } = readLink("rsvp", token);
  if (!isId("attendee", subject)) throw new Refused("LINK_INVALID");
  const [found] = await asSystem("signed-link", (tx) =>
    tx
      .select({ organizationId: attendees.organizationId, meetingId: attendees.meetingId, memberLeftAt: members.removedAt })
      .from(attendees)
      .leftJoin(members, eq(members.id, attendees.memberId))
      .where(eq(attendees.id, subject)),
  );
  // Whoever was removed from the organization sees nothing of it any more, whatever links they kept.
  if (!found || found.memberLeftAt) throw new Refused("LINK_INVALID");
  return { tenant: systemTenant(found.organizationId), attendeeId: subject, meetingId: found.meetingId };
}

export interface LinkedMeeting extends MeetingDetails {
  attendee: MeetingDetails["organizer"];
  organization: { name: string; slug: string; locale: string };
}

/** The meeting as it stands, for the person a link was mailed to. A removed person still sees that they were removed. */
export async function meetingByLink(token: string): Promise<LinkedMeeting> {
  const { tenant, attendeeId, meetingId } = await linkedAttendee(token);
  return inTenant(tenant, async (tx) => {
    const found = await loadMeeting(tx, tenant, meetingId);
    const [attendee] = await tx.select().from(attendees).where(eq(attendees.id, attendeeId));
    const [organization] = await tx
      .select({ name: organizations.name, slug: organizations.slug, locale: organizations.locale })
      .from(organizations)
      .where(eq(organizations.id, tenant.organizationId));
    if (!attendee || !organization) throw new Refused("LINK_INVALID");
    return { ...found, attendee, organization };
  });
}

export interface MyAnswer {
  partstat: Partstat;
  comment: string | null;
  isOrganizer: boolean;
  /** The invitation can still be answered: the meeting stands and is not over. */
  open: boolean;
}

/** Where this member stands with each of these meetings; one they are no longer part of is absent. */
export function myAnswers(member: Member, meetingIds: string[]): Promise<Map<string, MyAnswer>> {
  const now = clock.now();
  return inTenant(member, async (tx) => {
    const rows = await tx
      .select({ attendee: attendees, status: meetings.status, endsAt: meetings.endsAt })
      .from(attendees)
      .innerJoin(meetings, eq(meetings.id, attendees.meetingId))
      .where(and(inArray(attendees.meetingId, meetingIds), eq(attendees.memberId, member.id), isNull(attendees.removedAt)));
    return new Map(
      rows.map(({ attendee, status, endsAt }) => [
        attendee.meetingId,
        {
          partstat: attendee.partstat,
          comment: attendee.comment,
          isOrganizer: attendee.isOrganizer,
          open: status === "confirmed" && endsAt > now && !attendee.isOrganizer,
        },
      ]),
    );
  });
}

/** Somebody at a meeting, as its page lists them. */
export interface MeetingPerson {
  id: string;
  name: string;
  email: string;
  isOrganizer: boolean;
  isMe: boolean;
  /** Has no account in this organization. */
  isGuest: boolean;
  required: boolean;
  partstat: Partstat;
  comment: string | null;
  /** The answer was given before the meeting moved. */
  outdated: boolean;
}

/** Everybody at a meeting, the organizer first; `reader` is an attendee, or a member who may be one. */
export function peopleOf({ meeting, organizer, attendees: guests }: MeetingDetails, reader: { memberId: string } | { attendeeId: string }): MeetingPerson[] {
  return [organizer, ...guests].map((person) => ({
    id: person.id,
    name: person.name ?? person.email,
    email: person.email,
    isOrganizer: person.isOrganizer,
    isMe: "memberId" in reader ? person.memberId === reader.memberId : person.id === reader.attendeeId,
    isGuest: person.memberId === null,
    required: person.required,
    partstat: person.partstat,
    comment: person.comment,
    outdated: !person.isOrganizer && answeredEarlierTime(person, meeting),
  }));
}
