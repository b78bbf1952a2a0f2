import { z } from "zod";
import { instantInput, instantWithin } from "@/lib/platform/instant-input";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";

/** What may come in. Usable in the browser; messages are codes of `messages/<locale>/faults.json`. */
/** RFC 5545 participation status, lower-cased. */
export const partstats = ["needs-action", "accepted", "tentative", "declined"] as const;
export type Partstat = (typeof partstats)[number];

export const attendeesMax = 500;
export const reminderChoices = [5, 10, 15, 30, 60, 1440] as const;

const emailAddress = z.string("wrong-type").trim().toLowerCase().max(254, "too-long").pipe(z.email("email"));

/** For a meeting, what is looked for after it (the next free times) must still be a time. */
const meetingInstant = instantWithin(1900, 9000);

export const attendeeInput = z.union(
  [
    z.strictObject({ memberId: z.string("wrong-type").max(64, "unknown-member"), required: z.boolean("wrong-type").optional() }),
    z.strictObject({ email: emailAddress, name: z.string("wrong-type").trim().max(120, "too-long").optional(), required: z.boolean("wrong-type").optional() }),
  ],
  "email",
);
export type AttendeeInput = z.output<typeof attendeeInput>;

const title = z.string("wrong-type").trim().min(1, "required").max(200, "too-long");
const location = z.string("wrong-type").trim().max(300, "too-long");
const joinUrl = z
  .string("wrong-type")
  .trim()
  .max(2000, "too-long")
  .pipe(z.url({ protocol: /^https?$/, error: "url" }));
const description = z.string("wrong-type").max(10_000, "too-long");
const attendeeList = z.array(attendeeInput, "wrong-type").max(attendeesMax, "too-many-attendees");
const reminderMinutes = z
  .number("wrong-type")
  .refine((minutes) => reminderChoices.some((choice) => choice === minutes), "reminder")
  .nullable()
  .meta({ description: "Minutes before the start: 5, 10, 15, 30, 60 or 1440; null for none" });

export const scheduleMeetingInput = z.strictObject({
  title,
  startsAt: meetingInstant,
  endsAt: meetingInstant,
  timeZone: timeZoneInput,
  location: location.optional(),
  joinUrl: joinUrl.nullable().optional(),
  description: description.optional(),
  attendees: attendeeList.default([]),
  reminderMinutes: reminderMinutes.default(30),
  guard: z.boolean("wrong-type").default(false).meta({ description: "Refuse with 409 when the organizer is already busy" }),
  workspaceId: z.string("wrong-type").max(64, "not-an-option").optional(),
});
export type ScheduleMeetingInput = z.output<typeof scheduleMeetingInput>;

export const changeMeetingInput = z
  .strictObject({
    title: title.optional(),
    startsAt: meetingInstant.optional(),
    endsAt: meetingInstant.optional(),
    timeZone: timeZoneInput.optional(),
    location: location.optional(),
    joinUrl: joinUrl.nullable().optional(),
    description: description.optional(),
    attendees: attendeeList.optional(),
    reminderMinutes: reminderMinutes.optional(),
    guard: z.boolean("wrong-type").optional(),
    notify: z.boolean("wrong-type").default(true).meta({ description: "False changes the meeting without telling the attendees" }),
  })
  .refine(({ notify: _, ...changes }) => Object.keys(changes).length > 0, "nothing-to-change");
export type ChangeMeetingInput = z.output<typeof changeMeetingInput>;

export const cancelMeetingInput = z.strictObject({ reason: z.string("wrong-type").trim().max(500, "too-long").optional() });
export type CancelMeetingInput = z.output<typeof cancelMeetingInput>;

export const respondInput = z.strictObject({
  partstat: z.enum(partstats, "not-an-option").exclude(["needs-action"], "not-an-option"),
  comment: z.string("wrong-type").trim().max(1000, "too-long").optional(),
});
export type RespondInput = z.output<typeof respondInput>;

export const listMeetingsInput = z.strictObject({
  from: instantInput.optional(),
  to: instantInput.optional(),
  cursor: z.string("wrong-type").max(200, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(50),
});
export type ListMeetingsInput = z.output<typeof listMeetingsInput>;
