import { z } from "zod";
import { defineEvent } from "@/lib/platform/outbox/outbox";
import { partstats } from "./inputs";

/**
 * What has happened to meetings. Payloads name the people concerned, so that the fan-out needs no read of this domain; what a mail
 * says is read when it is sent, because by then the meeting may have moved again.
 */
const actor = z.object({ memberId: z.string().nullable(), name: z.string() });

export const participant = z.object({
  attendeeId: z.string(),
  memberId: z.string().nullable(),
  email: z.string(),
  name: z.string().nullable(),
});
export type Participant = z.infer<typeof participant>;

export const meetingFacts = z.object({
  id: z.string(),
  title: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  timeZone: z.string(),
  location: z.string(),
  joinUrl: z.string().nullable(),
  sequence: z.number().int(),
  organizer: participant,
});
export type MeetingFacts = z.infer<typeof meetingFacts>;

/** `attendees` never holds the organizer. */
export const meetingScheduled = defineEvent(
  "meeting.scheduled",
  1,
  z.object({ actor, meeting: meetingFacts, attendees: z.array(participant) }),
);

export const meetingChange = z.enum(["time", "place", "title", "description"]);

/** `kept`, `added` and `removed` are the people to tell; all empty when the organizer chose not to notify. */
export const meetingRescheduled = defineEvent(
  "meeting.rescheduled",
  1,
  z.object({
    actor,
    meeting: meetingFacts,
    before: z.object({ title: z.string(), startsAt: z.iso.datetime(), endsAt: z.iso.datetime(), timeZone: z.string(), location: z.string(), joinUrl: z.string().nullable() }),
    changes: z.array(meetingChange),
    kept: z.array(participant),
    added: z.array(participant),
    removed: z.array(participant),
    /** Seconds in which further changes join the same mail. */
    mergeSeconds: z.number().int(),
  }),
);

export const meetingCancelled = defineEvent(
  "meeting.cancelled",
  1,
  z.object({ actor, meeting: meetingFacts, reason: z.string().nullable(), attendees: z.array(participant) }),
);

/** `forStartsAt` is the time the person answered for; it differs from the meeting's when they answered an older mail. */
export const meetingResponded = defineEvent(
  "meeting.responded",
  1,
  z.object({
    actor,
    meeting: meetingFacts,
    attendee: participant,
    partstat: z.enum(partstats),
    previous: z.enum(partstats),
    comment: z.string().nullable(),
    mergeSeconds: z.number().int(),
  }),
);

/** The reminder. `recipients` are those whose reminder fell due at this instant, the organizer among them. */
export const meetingStarting = defineEvent(
  "meeting.starting",
  1,
  z.object({ meeting: meetingFacts, minutesLeft: z.number().int(), recipients: z.array(participant) }),
);
