import { asc, eq, inArray } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { organizations } from "@/lib/organizations/tables";
import type { Member } from "@/lib/organizations/actor";
import { meetingDetails } from "../queries";
import { answerToken } from "../answers/queries";
import { calendarText } from "../calendar/icalendar";
import type { Partstat } from "../inputs";
import { answeredEarlierTime, groupByMeeting, type MeetingPeople } from "../mappings";
import { reasonToDrop } from "../reminders/rules";
import { attendees, meetings } from "../tables";
import { reasonNotToSay, type MailKind, type Said, type SkipReason } from "./rules";

type MeetingRow = typeof meetings.$inferSelect;
type AttendeeRow = typeof attendees.$inferSelect;

/** One mail to one attendee; the delivery's id ties what is said to who says it. */
export interface MailRequest {
  attendeeId: string;
  deliveryId: string;
}

export interface MailPerson {
  name: string | null;
  email: string;
  partstat: Partstat;
  isOrganizer: boolean;
}

/** What a mail about a meeting says to one person. */
export interface PersonalMail {
  meeting: Pick<MeetingRow, "id" | "title" | "description" | "startsAt" | "endsAt" | "timeZone" | "location" | "joinUrl" | "sequence" | "cancelReason"> & {
    organizer: { name: string | null; email: string };
    organizationName: string;
    organizationSlug: string;
  };
  attendee: Pick<AttendeeRow, "email" | "name" | "memberId" | "partstat">;
  everyone: MailPerson[];
  rsvpToken: string;
  calendar: { method: "REQUEST" | "CANCEL"; content: string };
}

export interface MailSurroundings extends MeetingPeople {
  organization: { name: string; slug: string };
}

/** Meetings with everybody in them, two statements whatever the number. */
export async function loadMailMeetings(tx: Tx, tenant: Tenant, meetingIds: string[]): Promise<Map<string, MailSurroundings>> {
  if (meetingIds.length === 0) return new Map();
  const [organization] = await tx
    .select({ name: organizations.name, slug: organizations.slug })
    .from(organizations)
    .where(eq(organizations.id, tenant.organizationId));
  const rows = await tx
    .select({ meeting: meetings, attendee: attendees })
    .from(meetings)
    .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
    .where(inArray(meetings.id, meetingIds))
    .orderBy(asc(attendees.id));
  const loaded = new Map<string, MailSurroundings>();
  if (!organization) return loaded;
  for (const [meetingId, people] of groupByMeeting(rows)) loaded.set(meetingId, { ...people, organization });
  return loaded;
}

/** The address inside `Name <address>`. */
const addressOf = (from: string) => /<([^>]+)>/.exec(from)?.[1] ?? from;

export const meetingPageUrl = (organizationSlug: string, meetingId: string) => `${env().APP_URL}/${organizationSlug}/meetings/${meetingId}`;

/** The meeting as a calendar of one attendee takes it in. Everybody is listed, but only this person's answer is asked for. */
export function calendarOf({ meeting, organizer, present, organization }: MailSurroundings, attendee: AttendeeRow, method: "REQUEST" | "CANCEL" | "PUBLISH"): string {
  // An answer given for an earlier time is asked for again; the organizer's own row is no guest.
  const listed = present.some((person) => person.id === attendee.id) ? present : [...present, attendee];
  const guests = method === "CANCEL" && meeting.status !== "cancelled" ? [attendee] : listed.filter((person) => !person.isOrganizer);
  return calendarText(
    {
      uid: meeting.icalUid,
      sequence: meeting.sequence,
      status: method === "CANCEL" ? "cancelled" : meeting.status,
      title: meeting.title,
      description: meeting.description,
      location: meeting.location,
      joinUrl: meeting.joinUrl,
      pageUrl: meetingPageUrl(organization.slug, meeting.id),
      startsAt: meeting.startsAt,
      endsAt: meeting.endsAt,
      createdAt: meeting.createdAt,
      updatedAt: meeting.updatedAt,
      organizer: { email: organizer.email, name: organizer.name },
      attendees: guests.map((person) => ({
        email: person.email,
        name: person.name,
        required: person.required,
        partstat: person.id === attendee.id && answeredEarlierTime(person, meeting) ? "needs-action" : person.partstat,
      })),
    },
    { method, stampedAt: clock.now(), sentBy: addressOf(env().MAIL_FROM) },
  );
}

/** The meeting as a member imports it into a calendar of their own. @throws Refused NOT_FOUND. */
export async function meetingCalendar(member: Member, meetingId: string): Promise<string> {
  const { meeting, organizer, attendees: guests } = await meetingDetails(member, meetingId);
  const present = [organizer, ...guests];
  const own = present.find((person) => person.memberId === member.id) ?? organizer;
  const organization = { name: member.organizationName, slug: member.organizationSlug };
  return calendarOf({ meeting, organizer, present, organization }, own, "PUBLISH");
}

function meetingOf({ meeting, organizer, organization }: MailSurroundings): PersonalMail["meeting"] {
  return {
    id: meeting.id,
    title: meeting.title,
    description: meeting.description,
    startsAt: meeting.startsAt,
    endsAt: meeting.endsAt,
    timeZone: meeting.timeZone,
    location: meeting.location,
    joinUrl: meeting.joinUrl,
    sequence: meeting.sequence,
    cancelReason: meeting.cancelReason,
    organizer: { name: organizer.name, email: organizer.email },
    organizationName: organization.name,
    organizationSlug: organization.slug,
  };
}

export function personalMail(surroundings: MailSurroundings, attendee: AttendeeRow, kind: MailKind | "reminder"): PersonalMail {
  const { meeting, present } = surroundings;
  const method = kind === "cancelled" || kind === "removed" ? "CANCEL" : "REQUEST";
  return {
    meeting: meetingOf(surroundings),
    attendee: { email: attendee.email, name: attendee.name, memberId: attendee.memberId, partstat: attendee.partstat },
    everyone: present.map(({ name, email, partstat, isOrganizer }) => ({ name, email, partstat, isOrganizer })),
    rsvpToken: answerToken(attendee.id, meeting),
    calendar: { method, content: calendarOf(surroundings, attendee, method) },
  };
}

export type ReminderMail = MailRequest & ({ kind: "skip"; reason: SkipReason } | ({ kind: "reminder"; minutesLeft: number } & PersonalMail));

/** What a reminder says at the moment it leaves; skipped when the meeting moved, was cancelled or is over, or the person declined. */
export function meetingReminderMails(tenant: Tenant, requests: (MailRequest & { sequence: number })[]): Promise<ReminderMail[]> {
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const rows = await tx.select().from(attendees).where(inArray(attendees.id, requests.map((request) => request.attendeeId)));
    const people = new Map(rows.map((row) => [row.id, row]));
    const context = await loadMailMeetings(tx, tenant, [...new Set(rows.map((row) => row.meetingId))]);
    return requests.map(({ sequence, ...request }): ReminderMail => {
      const attendee = people.get(request.attendeeId);
      const surroundings = attendee && context.get(attendee.meetingId);
      if (!attendee || !surroundings) return { ...request, kind: "skip", reason: "removed" };
      const { meeting } = surroundings;
      const reason = reasonToDrop({ reminder: { sequence }, meeting, attendee, now });
      if (reason) return { ...request, kind: "skip", reason: reason === "superseded" ? "moved" : reason };
      const minutesLeft = Math.max(0, Math.round((meeting.startsAt.getTime() - now.getTime()) / 60_000));
      return { ...request, kind: "reminder", minutesLeft, ...personalMail(surroundings, attendee, "reminder") };
    });
  });
}

/** A meeting and where its guests stand, for the organizer's mail about answers. */
export interface MeetingStanding {
  meeting: PersonalMail["meeting"];
  totals: Record<Partstat, number>;
}

/** By meeting id; a meeting that is gone is absent. */
export function meetingStandings(tenant: Tenant, meetingIds: string[]): Promise<Map<string, MeetingStanding>> {
  return inTenant(tenant, async (tx) => {
    const loaded = await loadMailMeetings(tx, tenant, [...new Set(meetingIds)]);
    return new Map([...loaded].map(([id, surroundings]) => [id, { meeting: meetingOf(surroundings), totals: totalsOf(surroundings) }]));
  });
}

function totalsOf({ present }: MailSurroundings): Record<Partstat, number> {
  const totals: Record<Partstat, number> = { "needs-action": 0, accepted: 0, tentative: 0, declined: 0 };
  for (const person of present) if (!person.isOrganizer) totals[person.partstat] += 1;
  return totals;
}

/** Something that was said of a meeting to one attendee. */
export interface SaidOfMeeting extends MailRequest {
  said: Said;
  /** The meeting's sequence when it was said. */
  sequence: number;
}

export interface MeetingNow {
  deliveryId: string;
  /** Why what was said holds no longer; null while it does. */
  reason: string | null;
  /** The meeting as it stands, in the terms of its events; null when it is gone. */
  facts: { id: string; title: string; startsAt: string; endsAt: string; timeZone: string; location: string; joinUrl: string | null; sequence: number } | null;
}

/** What of it still holds, and how the meetings stand now. Reads in one statement and notes nothing, unlike preparing a mail. */
export function meetingsAsTheyStand(tenant: Tenant, asked: SaidOfMeeting[]): Promise<MeetingNow[]> {
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const rows = await tx
      .select({ meeting: meetings, attendee: attendees })
      .from(attendees)
      .innerJoin(meetings, eq(meetings.id, attendees.meetingId))
      .where(inArray(attendees.id, [...new Set(asked.map(({ attendeeId }) => attendeeId))]));
    const byAttendee = new Map(rows.map((row) => [row.attendee.id, row]));
    return asked.map(({ attendeeId, deliveryId, said, sequence }) => {
      const found = byAttendee.get(attendeeId);
      if (!found) return { deliveryId, reason: "removed", facts: null };
      const { id, title, startsAt, endsAt, timeZone, location, joinUrl, sequence: newest } = found.meeting;
      const facts = { id, title, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), timeZone, location, joinUrl, sequence: newest };
      return { deliveryId, reason: reasonNotToSay({ said, sequence }, { ...found, now }), facts };
    });
  });
}
