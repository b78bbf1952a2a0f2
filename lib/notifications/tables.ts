import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy, xid8 } from "@/lib/platform/db/columns";
import { members, organizations, workspaces } from "@/lib/organizations/tables";
import type { Decisions } from "./rules";

/** One notification per event and type: what happened, for everyone it concerns. */
export const notifications = pgTable(
  "notifications",
  {
    id: id("notification"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    eventId: text("event_id").notNull(),
    type: text("type").notNull(),
    category: text("category").notNull(),
    /** What it is about, e.g. a meeting id; the page of that thing finds its own deliveries by it. */
    subjectId: text("subject_id").notNull(),
    /** Rows of one thread are one line of the inbox and one topic of push. */
    thread: text("thread").notNull(),
    /** Where it happened; null when it concerns the organization as a whole. */
    workspaceId: text("workspace_id"),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    occurredAt: instant("occurred_at").notNull(),
    /** After this instant nobody wants to hear of it any more; it ends deliveries that still wait. */
    expiresAt: instant("expires_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("notifications_once").on(table.eventId, table.type),
    unique("notifications_tenant_key").on(table.organizationId, table.id),
    index("notifications_subject").on(table.subjectId),
    index("notifications_thread").on(table.organizationId, table.thread),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    tenantPolicy("notifications"),
  ],
);

/**
 * What one member was told. The newest row of a thread that is shown is its `head`, the line of the inbox; the earlier ones stand
 * under it. Read state, snooze and place belong to the head; a row that is not shown is never one.
 */
export const receivers = pgTable(
  "receivers",
  {
    id: id("receiver"),
    organizationId: text("organization_id").notNull(),
    notificationId: text("notification_id").notNull(),
    memberId: text("member_id").notNull(),
    /** Copies of the notification's own, so that a page of an inbox of millions is one walk along one index. */
    category: text("category").notNull(),
    thread: text("thread").notNull(),
    head: boolean("head").notNull().default(true),
    /** False when the member keeps this category out of their inbox: the row stays for its receipt. */
    shown: boolean("shown").notNull().default(true),
    readAt: instant("read_at"),
    snoozedUntil: instant("snoozed_until"),
    /** `subject-end`: until what it is about is over, which may move; null when an instant was chosen. */
    snoozedFor: text("snoozed_for", { enum: ["subject-end"] }),
    /** Sorts the inbox, newest highest. The row's own id at first; a new one when it comes back from a snooze. */
    position: text("position").notNull(),
    /** What was decided about each channel when it was fanned out, and why: the receipt. */
    decisions: jsonb("decisions").$type<Decisions>().notNull(),
    /** The transaction that wrote it: "everything I have seen" is a snapshot, and ids are made before they become visible. */
    writtenIn: xid8("written_in").notNull().default(sql`pg_current_xact_id()`),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("receivers_once").on(table.notificationId, table.memberId),
    index("receivers_inbox").on(table.memberId, table.position).where(sql`head and shown and snoozed_until is null`),
    index("receivers_unread").on(table.memberId, table.position).where(sql`head and shown and snoozed_until is null and read_at is null`),
    uniqueIndex("receivers_head").on(table.memberId, table.thread).where(sql`head`),
    index("receivers_earlier").on(table.memberId, table.thread, table.id).where(sql`not head`),
    index("receivers_kept_out").on(table.memberId, table.id).where(sql`not shown`),
    index("receivers_snoozed").on(table.snoozedUntil).where(sql`snoozed_until is not null`),
    index("receivers_snoozed_of").on(table.memberId, table.snoozedUntil).where(sql`snoozed_until is not null`),
    foreignKey({ columns: [table.organizationId, table.notificationId], foreignColumns: [notifications.organizationId, notifications.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("receivers"),
  ],
);

export const deliveryStates = ["pending", "held", "sending", "sent", "failed", "skipped", "merged"] as const;

/** A message as it was first rendered. Kept so that every retry sends the same bytes under the same idempotency key. */
export type RenderedMessage = Record<string, unknown>;

/** Why a delivery is held: it is released once, together with the others of its reader, at `deliverAfter`. */
export const holds = ["quiet-hours", "mute", "daily", "weekly"] as const;

/** What a dead letter died of, in the words that its reader acts on. */
export const failureCauses = ["bad-request", "credentials", "permission", "gone", "exhausted", "expired", "unwritable"] as const;

/**
 * One notification to one recipient on one channel. `pending` waits for `deliverAfter`; `held` waits for its reader (`hold`); `merged`
 * was overtaken by, or folded into, the delivery named in `reason`; `skipped` no longer applied when its turn came; `failed` is a
 * dead letter: refused for good or out of attempts (`cause`).
 */
export const deliveries = pgTable(
  "deliveries",
  {
    id: id("delivery"),
    organizationId: text("organization_id").notNull(),
    notificationId: text("notification_id").notNull(),
    channel: text("channel").notNull(),
    /** Member id, device id (push), or the e-mail address of a person without an account. */
    recipient: text("recipient").notNull(),
    memberId: text("member_id"),
    /** The domain's own id of the recipient at the subject, e.g. the attendee. */
    participantId: text("participant_id"),
    email: text("email"),
    deviceId: text("device_id"),
    mergeKey: text("merge_key"),
    state: text("state", { enum: deliveryStates }).notNull().default("pending"),
    hold: text("hold", { enum: holds }),
    reason: text("reason"),
    cause: text("cause", { enum: failureCauses }),
    deliverAfter: instant("deliver_after").notNull(),
    attemptCount: integer("attempt_count").notNull().default(0),
    /** Rises when a person sends again; part of the provider's idempotency key. */
    generation: integer("generation").notNull().default(1),
    message: jsonb("message").$type<RenderedMessage>(),
    renderedAt: instant("rendered_at"),
    /** Idempotency key of the call that carries it, when several travel together: a retry repeats the same call. */
    callKey: text("call_key"),
    claimedUntil: instant("claimed_until"),
    providerId: text("provider_id"),
    settledAt: instant("settled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.notificationId, table.channel, table.recipient),
    unique("deliveries_tenant_key").on(table.organizationId, table.id),
    index("deliveries_due").on(table.channel, table.deliverAfter).where(sql`state in ('pending', 'sending')`),
    index("deliveries_merge").on(table.mergeKey).where(sql`state in ('pending', 'held', 'sending') and merge_key is not null`),
    index("deliveries_held").on(table.deliverAfter).where(sql`state = 'held'`),
    index("deliveries_held_for").on(table.memberId).where(sql`state = 'held'`),
    index("deliveries_folded").on(table.reason).where(sql`state = 'merged'`),
    index("deliveries_call").on(table.callKey).where(sql`state in ('pending', 'sending') and call_key is not null`),
    index("deliveries_dead").on(table.organizationId, table.id).where(sql`state = 'failed'`),
    index("deliveries_member").on(table.memberId, table.id),
    index("deliveries_guest").on(table.organizationId, table.recipient, table.id).where(sql`member_id is null`),
    foreignKey({ columns: [table.organizationId, table.notificationId], foreignColumns: [notifications.organizationId, notifications.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("deliveries"),
  ],
);

/** One call to a provider, with its answer. Never updated. */
export const attempts = pgTable(
  "attempts",
  {
    id: id("attempt"),
    organizationId: text("organization_id").notNull(),
    deliveryId: text("delivery_id").notNull(),
    number: integer("number").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at").notNull(),
    succeeded: boolean("succeeded").notNull(),
    /** The provider's HTTP status; null when no answer came. */
    statusCode: integer("status_code"),
    retryable: boolean("retryable").notNull(),
    answer: text("answer").notNull(),
  },
  (table) => [
    index("attempts_delivery").on(table.deliveryId, table.id),
    index("attempts_recent").on(table.organizationId, table.id),
    foreignKey({ columns: [table.organizationId, table.deliveryId], foreignColumns: [deliveries.organizationId, deliveries.id] }).onDelete("cascade"),
    tenantPolicy("attempts"),
  ],
);
