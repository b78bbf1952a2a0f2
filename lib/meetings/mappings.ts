import { z } from "zod";
import type { MeetingFacts, Participant } from "./events";
import { partstats } from "./inputs";
import { meetingStatuses, type attendees, type meetings, type ToldState } from "./tables";

type MeetingRow = typeof meetings.$inferSelect;
type AttendeeRow = typeof attendees.$inferSelect;

/** From stored rows to what leaves this domain. Pure. */
export const participantOf = (attendee: AttendeeRow): Participant => ({
  attendeeId: attendee.id,
  memberId: attendee.memberId,
  email: attendee.email,
  name: attendee.name,
});

export const factsOf = (meeting: MeetingRow, organizer: AttendeeRow): MeetingFacts => ({
  id: meeting.id,
  title: meeting.title,
  startsAt: meeting.startsAt.toISOString(),
  endsAt: meeting.endsAt.toISOString(),
  timeZone: meeting.timeZone,
  location: meeting.location,
  joinUrl: meeting.joinUrl,
  sequence: meeting.sequence,
  organizer: participantOf(organizer),
});

export const toldOf = (meeting: MeetingRow, attendee: AttendeeRow): ToldState => ({
  sequence: meeting.sequence,
  status: meeting.status === "cancelled" ? "cancelled" : attendee.removedAt ? "removed" : "confirmed",
  title: meeting.title,
  description: meeting.description,
  startsAt: meeting.startsAt.toISOString(),
  endsAt: meeting.endsAt.toISOString(),
  timeZone: meeting.timeZone,
  location: meeting.location,
  joinUrl: meeting.joinUrl,
});

/** A meeting with its people, as pages and the API read it. `attendees` holds those not removed, the organizer apart. */
export interface MeetingDetails {
  meeting: MeetingRow;
  organizer: AttendeeRow;
  attendees: AttendeeRow[];
}

export interface MeetingPeople {
  meeting: MeetingRow;
  organizer: AttendeeRow;
  /** Everybody not removed, the organizer first. */
  present: AttendeeRow[];
}

/** Joined rows of meetings and attendees, one entry a meeting. */
export function groupByMeeting(rows: { meeting: MeetingRow; attendee: AttendeeRow }[]): Map<string, MeetingPeople> {
  const grouped = new Map<string, { meeting: MeetingRow; people: AttendeeRow[] }>();
  for (const { meeting, attendee } of rows) {
    const entry = grouped.get(meeting.id) ?? { meeting, people: [] };
    entry.people.push(attendee);
    grouped.set(meeting.id, entry);
  }
  const result = new Map<string, MeetingPeople>();
  for (const [id, { meeting, people }] of grouped) {
    const organizer = people.find((person) => person.isOrganizer);
    if (!organizer) continue;
    const guests = people.filter((person) => !person.isOrganizer && !person.removedAt);
    result.set(id, { meeting, organizer, present: [organizer, ...guests] });
  }
  return result;
}

export const detailsOf = ({ meeting, organizer, present }: MeetingPeople): MeetingDetails => ({
  meeting,
  organizer,
  attendees: present.filter((person) => !person.isOrganizer),
});

/** True when the answer was given before the meeting last moved. */
export const answeredEarlierTime = (attendee: Pick<AttendeeRow, "respondedSequence">, meeting: Pick<MeetingRow, "movedSequence">) =>
  attendee.respondedSequence !== null && attendee.respondedSequence < meeting.movedSequence;

const instant = z.iso.datetime().meta({ description: "Instant in UTC, RFC 3339" });

/** A meeting as the REST API shows it. */
export const meetingResource = z.strictObject({
  id: z.string(),
  url: z.url(),
  icalUid: z.string(),
  sequence: z.int().meta({ description: "iCalendar SEQUENCE: up by one whenever what attendees see changes" }),
  version: z.int().meta({ description: "Up by one on every change; the ETag is this number in quotes" }),
  status: z.enum(meetingStatuses),
  title: z.string(),
  description: z.string(),
  startsAt: instant,
  endsAt: instant,
  timeZone: z.string(),
  location: z.string(),
  joinUrl: z.string().nullable(),
  reminderMinutes: z.int().nullable(),
  guard: z.boolean(),
  workspaceId: z.string().nullable(),
  cancelReason: z.string().nullable(),
  organizer: z.strictObject({ memberId: z.string(), email: z.string(), name: z.string().nullable() }),
  attendees: z.array(
    z.strictObject({
      id: z.string(),
      memberId: z.string().nullable(),
      email: z.string(),
      name: z.string().nullable(),
      required: z.boolean(),
      partstat: z.enum(partstats),
      respondedAt: instant.nullable(),
      comment: z.string().nullable(),
    }),
  ),
  createdAt: instant,
  updatedAt: instant,
});
export type MeetingResource = z.output<typeof meetingResource>;

export function resourceOf({ meeting, organizer, attendees: people }: MeetingDetails, url: string): MeetingResource {
  return {
    id: meeting.id,
    url,
    icalUid: meeting.icalUid,
    sequence: meeting.sequence,
    version: meeting.version,
    status: meeting.status,
    title: meeting.title,
    description: meeting.description,
    startsAt: meeting.startsAt.toISOString(),
    endsAt: meeting.endsAt.toISOString(),
    timeZone: meeting.timeZone,
    location: meeting.location,
    joinUrl: meeting.joinUrl,
    reminderMinutes: meeting.reminderMinutes,
    guard: meeting.guarded,
    workspaceId: meeting.workspaceId,
    cancelReason: meeting.cancelReason,
    organizer: { memberId: meeting.organizerId, email: organizer.email, name: organizer.name },
    attendees: people.map((attendee) => ({
      id: attendee.id,
      memberId: attendee.memberId,
      email: attendee.email,
      name: attendee.name,
      required: attendee.required,
      partstat: attendee.partstat,
      respondedAt: attendee.respondedAt?.toISOString() ?? null,
      comment: attendee.comment,
    })),
    createdAt: meeting.createdAt.toISOString(),
    updatedAt: meeting.updatedAt.toISOString(),
  };
}

/** A meeting in a list or calendar: what a member sees of it at a glance. */
export const meetingGlance = meetingResource
  .pick({ id: true, title: true, startsAt: true, endsAt: true, timeZone: true, location: true, joinUrl: true, status: true })
  .extend({ partstat: z.enum(partstats).meta({ description: "The member's own answer" }), isOrganizer: z.boolean() });

type Glance = z.output<typeof meetingGlance>;

export const glanceOf = (meeting: Omit<Glance, "startsAt" | "endsAt"> & { startsAt: Date; endsAt: Date }): Glance => ({
  id: meeting.id,
  title: meeting.title,
  startsAt: meeting.startsAt.toISOString(),
  endsAt: meeting.endsAt.toISOString(),
  timeZone: meeting.timeZone,
  location: meeting.location,
  joinUrl: meeting.joinUrl,
  status: meeting.status,
  partstat: meeting.partstat,
  isOrganizer: meeting.isOrganizer,
});
