import type { z } from "zod";
import {
  meetingCancelled,
  meetingRescheduled,
  meetingResponded,
  meetingScheduled,
  meetingStarting,
  type Participant,
} from "@/lib/meetings/events";
import { memberInvited, memberJoined } from "@/lib/organizations/events";
import type { EventContract } from "@/lib/platform/outbox/outbox";
import type { ChannelName } from "./inputs";

/** Somebody to tell. `participantId` is the domain's own id of them at the subject, e.g. the attendee. */
export interface Recipient {
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  name: string | null;
}

export const categories = ["invitations", "changes", "answers", "reminders", "membership"] as const;
export type Category = (typeof categories)[number];

/**
 * One kind of notification. Its inbox line is `messages/<locale>/notifications.json` under its type. Its mail is decided when it is
 * sent, by the subject as it stands then (`inngest/subjects.ts`): an `updated` whose reader never got the invitation invites.
 */
interface Row<Type extends string, Payload> {
  type: Type;
  category: Category;
  /** What it is about; rows of one subject belong together. */
  subject: (payload: Payload) => string;
  audience: (payload: Payload) => Recipient[];
  /** Used in this order. Without an account a person has e-mail only. */
  channels: readonly ChannelName[];
  /** What the inbox line and the mail need later; never whole attendee lists. */
  keep: (payload: Payload) => Record<string, unknown>;
  /** Mails with the same key are sent in order, and one that has not left yet is overtaken by the next. */
  mergeKey?: (payload: Payload, recipient: Recipient) => string;
  /** Seconds a mail waits for further changes to join it. */
  mergeSeconds?: (payload: Payload) => number;
}

const meetings = {
  subject: (payload: { meeting: { id: string } }) => payload.meeting.id,
  mergeKey: (payload: { meeting: { id: string } }, recipient: Recipient) => `meeting:${payload.meeting.id}:${recipient.participantId}`,
  channels: ["realtime", "email"] as const,
};

const mergeSeconds = (payload: { mergeSeconds: number }) => payload.mergeSeconds;

/** Which event becomes which notifications, for whom, and how. */
export const catalog = [
  ...on(meetingScheduled, [
    {
      type: "meeting.invited",
      category: "invitations",
      ...meetings,
      audience: ({ attendees }) => attendees.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
    },
  ]),
  ...on(meetingRescheduled, [
    {
      type: "meeting.invited",
      category: "invitations",
      ...meetings,
      audience: ({ added }) => added.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
    },
    {
      type: "meeting.updated",
      category: "changes",
      ...meetings,
      audience: ({ kept }) => kept.map(attendee),
      keep: ({ actor, meeting, before, changes }) => ({ actor, meeting, before, changes }),
      mergeSeconds,
    },
    {
      type: "meeting.removed",
      category: "changes",
      ...meetings,
      audience: ({ removed }) => removed.map(attendee),
      keep: ({ actor, meeting }) => ({ actor, meeting }),
      mergeSeconds,
    },
  ]),
  ...on(meetingCancelled, [
    {
      type: "meeting.cancelled",
      category: "changes",
      ...meetings,
      audience: ({ attendees }) => attendees.map(attendee),
      keep: ({ actor, meeting, reason }) => ({ actor, meeting, reason }),
    },
  ]),
  ...on(meetingResponded, [
    {
      type: "meeting.responded",
      category: "answers",
      ...meetings,
      audience: ({ meeting }) => [attendee(meeting.organizer)],
      keep: ({ actor, meeting, attendee: who, partstat, previous, comment }) => ({ actor, meeting, attendee: who, partstat, previous, comment }),
      mergeKey: ({ meeting }) => `answers:${meeting.id}`,
      mergeSeconds,
    },
  ]),
  ...on(meetingStarting, [
    {
      type: "meeting.reminder",
      category: "reminders",
      subject: meetings.subject,
      channels: meetings.channels,
      audience: ({ recipients }) => recipients.map(attendee),
      keep: ({ meeting, minutesLeft }) => ({ meeting, minutesLeft }),
    },
  ]),
  ...on(memberInvited, [
    {
      type: "member.invited",
      category: "membership",
      subject: ({ invitation }) => invitation.id,
      audience: ({ invitation }) => [{ memberId: null, participantId: invitation.id, email: invitation.email, name: null }],
      channels: ["email"],
      keep: ({ actor, organization, invitation }) => ({ actor, organization, invitation }),
      mergeKey: ({ invitation }) => `invitation:${invitation.id}`,
    },
  ]),
  ...on(memberJoined, [
    {
      type: "member.joined",
      category: "membership",
      subject: ({ member }) => member.id,
      audience: ({ invitedBy }) => (invitedBy ? [{ memberId: invitedBy, participantId: null, email: null, name: null }] : []),
      channels: ["realtime"],
      keep: ({ actor, organization, member }) => ({ actor, organization, member }),
    },
  ]),
];

export type NotificationType = (typeof catalog)[number]["type"];

export const notificationTypes = [...new Set(catalog.map((row) => row.type))];
export const catalogEvents = [...new Set(catalog.map((row) => row.event))];

function attendee({ attendeeId, memberId, email, name }: Participant): Recipient {
  return { memberId, participantId: attendeeId, email, name };
}

/** A row whose payload has been checked against its event's contract. */
export interface CatalogRow<Type extends string = string> {
  event: string;
  type: Type;
  category: Category;
  channels: readonly ChannelName[];
  /** @throws ZodError when the payload breaks the contract of its event. */
  read(payload: unknown): {
    subjectId: string;
    actorId: string | null;
    recipients: Recipient[];
    facts: Record<string, unknown>;
    mergeSeconds: number;
    mergeKeyOf(recipient: Recipient): string | null;
  };
}

/** Binds rows to the event that causes them, so that each row's functions know that event's payload. */
function on<const Type extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  event: EventContract<string, Schema>,
  rows: Row<Type, z.output<Schema>>[],
): CatalogRow<Type>[] {
  return rows.map((row) => ({
    event: event.name,
    type: row.type,
    category: row.category,
    channels: row.channels,
    read(input) {
      const payload = event.schema.parse(input);
      return {
        subjectId: row.subject(payload),
        actorId: actorOf(payload),
        recipients: row.audience(payload),
        facts: row.keep(payload),
        mergeSeconds: row.mergeSeconds?.(payload) ?? 0,
        mergeKeyOf: (recipient) => row.mergeKey?.(payload, recipient) ?? null,
      };
    },
  }));
}

function actorOf(payload: Record<string, unknown>): string | null {
  const actor = payload.actor;
  if (typeof actor !== "object" || actor === null || !("memberId" in actor)) return null;
  return typeof actor.memberId === "string" ? actor.memberId : null;
}
