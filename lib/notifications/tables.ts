import { sql } from "drizzle-orm";
import { bigint, boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations } from "@/lib/organizations/tables";

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
    /** What it is about, e.g. a meeting id: rows of one thread belong together, and the page finds its own deliveries by it. */
    subjectId: text("subject_id").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    occurredAt: instant("occurred_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("notifications_once").on(table.eventId, table.type),
    unique("notifications_tenant_key").on(table.organizationId, table.id),
    index("notifications_subject").on(table.subjectId),
    tenantPolicy("notifications"),
  ],
);

/** The inbox row of one member. Ids sort by time, so `(member_id, id)` is the inbox's keyset. */
export const receivers = pgTable(
  "receivers",
  {
    id: id("receiver"),
    organizationId: text("organization_id").notNull(),
    notificationId: text("notification_id").notNull(),
    memberId: text("member_id").notNull(),
    readAt: instant("read_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("receivers_once").on(table.notificationId, table.memberId),
    index("receivers_inbox").on(table.memberId, table.id),
    index("receivers_unread").on(table.memberId).where(sql`read_at is null`),
    foreignKey({ columns: [table.organizationId, table.notificationId], foreignColumns: [notifications.organizationId, notifications.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("receivers"),
  ],
);

/** Rises with every change to a member's inbox; browsers drop a count that carries an older version than the one they show. */
export const inboxVersions = pgTable(
  "inbox_versions",
  {
    organizationId: text("organization_id").notNull(),
    memberId: text("member_id").notNull(),
    version: bigint("version", { mode: "number" }).notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.memberId] }),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("inbox_versions"),
  ],
);

export const deliveryStates = ["pending", "sending", "sent", "failed", "skipped", "merged"] as const;

/** A message as it was first rendered. Kept so that every retry sends the same bytes under the same idempotency key. */
export type RenderedMessage = Record<string, unknown>;

/**
 * One notification to one recipient on one channel. `pending` waits for `deliverAfter`; `merged` was overtaken by a newer one of the
 * same `mergeKey`; `skipped` no longer applied when its turn came; `failed` was refused for good or ran out of attempts.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    id: id("delivery"),
    organizationId: text("organization_id").notNull(),
    notificationId: text("notification_id").notNull(),
    channel: text("channel").notNull(),
    /** Member id, or the e-mail address of a person without an account. */
    recipient: text("recipient").notNull(),
    memberId: text("member_id"),
    /** The domain's own id of the recipient at the subject, e.g. the attendee. */
    participantId: text("participant_id"),
    email: text("email"),
    mergeKey: text("merge_key"),
    state: text("state", { enum: deliveryStates }).notNull().default("pending"),
    reason: text("reason"),
    deliverAfter: instant("deliver_after").notNull(),
    attemptCount: integer("attempt_count").notNull().default(0),
    /** Rises when a person sends again; part of the provider's idempotency key. */
    generation: integer("generation").notNull().default(1),
    message: jsonb("message").$type<RenderedMessage>(),
    renderedAt: instant("rendered_at"),
    claimedUntil: instant("claimed_until"),
    providerId: text("provider_id"),
    settledAt: instant("settled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.notificationId, table.channel, table.recipient),
    unique("deliveries_tenant_key").on(table.organizationId, table.id),
    index("deliveries_due").on(table.channel, table.deliverAfter).where(sql`state in ('pending', 'sending')`),
    index("deliveries_merge").on(table.mergeKey).where(sql`state = 'pending' and merge_key is not null`),
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
    foreignKey({ columns: [table.organizationId, table.deliveryId], foreignColumns: [deliveries.organizationId, deliveries.id] }).onDelete("cascade"),
    tenantPolicy("attempts"),
  ],
);
