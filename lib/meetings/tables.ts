import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations, workspaces } from "@/lib/organizations/tables";
import { partstats } from "./inputs";

export const meetingStatuses = ["confirmed", "cancelled"] as const;

/**
 * A meeting. `startsAt`/`endsAt` are instants; `timeZone` with `startsLocal`/`endsLocal` (wall clock, `2026-11-21T10:00`) keep what
 * the organizer meant, so that a change of the zone's rules can be followed later.
 * `sequence` is iCalendar's (rises when time, place or status changes); `version` rises on every change by the organizer
 * and is the ETag.
 */
export const meetings = pgTable(
  "meetings",
  {
    id: id("meeting"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    workspaceId: text("workspace_id"),
    organizerId: text("organizer_id").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    location: text("location").notNull().default(""),
    joinUrl: text("join_url"),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    timeZone: text("time_zone").notNull(),
    startsLocal: text("starts_local").notNull(),
    endsLocal: text("ends_local").notNull(),
    /** Minutes before the start; null is no reminder. */
    reminderMinutes: integer("reminder_minutes"),
    guarded: boolean("guarded").notNull().default(false),
    status: text("status", { enum: meetingStatuses }).notNull().default("confirmed"),
    sequence: integer("sequence").notNull().default(0),
    version: integer("version").notNull().default(1),
    /** The sequence at which the time last changed: an answer given before it was for another time. */
    movedSequence: integer("moved_sequence").notNull().default(0),
    icalUid: text("ical_uid").notNull(),
    cancelReason: text("cancel_reason"),
    cancelledAt: instant("cancelled_at"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("meetings_tenant_key").on(table.organizationId, table.id),
    uniqueIndex("meetings_uid_key").on(table.icalUid),
    index("meetings_organizer_time").on(table.organizerId, table.startsAt),
    index("meetings_time").on(table.organizationId, table.startsAt),
    check("meetings_order", sql`ends_at > starts_at`),
    foreignKey({ columns: [table.organizationId, table.organizerId], foreignColumns: [members.organizationId, members.id] }),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }),
    tenantPolicy("meetings"),
  ],
);

/** The meeting as one person sees it in a mail. */
export interface ToldState {
  sequence: number;
  status: "confirmed" | "cancelled" | "removed";
  title: string;
  description: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  location: string;
  joinUrl: string | null;
}

/**
 * What a person was last told, by which delivery, and what they knew before it. The next mail is the difference between this and
 * the meeting as it stands; `before` lets the same delivery be prepared again after a crash and come out the same.
 */
export interface MailedState {
  deliveryId: string;
  told: ToldState;
  before: ToldState | null;
}

/**
 * A person at a meeting: a member, or anyone by e-mail. The organizer has a row too (`isOrganizer`), so that reminders and answers
 * are one set. Removed attendees keep their row: they are owed a cancellation, and coming back renews it.
 */
export const attendees = pgTable(
  "attendees",
  {
    id: id("attendee"),
    organizationId: text("organization_id").notNull(),
    meetingId: text("meeting_id").notNull(),
    memberId: text("member_id"),
    email: text("email").notNull(),
    name: text("name"),
    isOrganizer: boolean("is_organizer").notNull().default(false),
    required: boolean("required").notNull().default(true),
    partstat: text("partstat", { enum: partstats }).notNull().default("needs-action"),
    respondedAt: instant("responded_at"),
    /** The meeting's sequence the answer was given for; older than `movedSequence` means for an earlier time. */
    respondedSequence: integer("responded_sequence"),
    comment: text("comment"),
    removedAt: instant("removed_at"),
    mailed: jsonb("mailed").$type<MailedState>(),
    createdAt: createdAt(),
  },
  (table) => [
    unique("attendees_tenant_key").on(table.organizationId, table.id),
    uniqueIndex("attendees_email_key").on(table.meetingId, table.email),
    index("attendees_member").on(table.memberId, table.meetingId).where(sql`removed_at is null`),
    foreignKey({ columns: [table.organizationId, table.meetingId], foreignColumns: [meetings.organizationId, meetings.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("attendees"),
  ],
);

export const reminderStates = ["pending", "claimed", "sent", "dropped"] as const;

/**
 * One reminder for one person about one version of a meeting's time. The unique key is what makes a reminder happen at most once,
 * whatever is retried or restarted; the partial index keeps the minute's claim cheap.
 */
export const reminders = pgTable(
  "reminders",
  {
    id: id("reminder"),
    organizationId: text("organization_id").notNull(),
    meetingId: text("meeting_id").notNull(),
    attendeeId: text("attendee_id").notNull(),
    sequence: integer("sequence").notNull(),
    offsetMinutes: integer("offset_minutes").notNull(),
    dueAt: instant("due_at").notNull(),
    state: text("state", { enum: reminderStates }).notNull().default("pending"),
    reason: text("reason"),
    claimedAt: instant("claimed_at"),
    settledAt: instant("settled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("reminders_once").on(table.meetingId, table.sequence, table.attendeeId, table.offsetMinutes),
    index("reminders_due").on(table.dueAt).where(sql`state in ('pending', 'claimed')`),
    foreignKey({ columns: [table.organizationId, table.meetingId], foreignColumns: [meetings.organizationId, meetings.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.attendeeId], foreignColumns: [attendees.organizationId, attendees.id] }).onDelete("cascade"),
    tenantPolicy("reminders"),
  ],
);
