import { sql } from "drizzle-orm";
import { bigint, boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations } from "@/lib/organizations/tables";

/** Why an endpoint gets nothing for now: somebody paused it, it failed for too long, or it said 410 Gone. */
export const pauseReasons = ["by-hand", "failing", "gone"] as const;

/** A program of the organization's that hears of events over HTTP (Standard Webhooks). While it is paused its events are kept, in order. */
export const endpoints = pgTable(
  "endpoints",
  {
    id: id("endpoint"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    url: text("url").notNull(),
    /** Hours of nothing but failure after which it is paused and its owner told. */
    pauseAfterHours: integer("pause_after_hours").notNull().default(120),
    /** Since when every attempt has failed; null when the last one succeeded. */
    failingSince: instant("failing_since"),
    /** It asked for patience (429 or 503 with Retry-After): until then it gets nothing, whatever comes meanwhile. */
    restsUntil: instant("rests_until"),
    pausedAt: instant("paused_at"),
    pauseReason: text("pause_reason", { enum: pauseReasons }),
    /** Deleted ones stay for the log of what they got. */
    deletedAt: instant("deleted_at"),
    ownerId: text("owner_id").notNull(),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
  },
  (table) => [
    unique("endpoints_tenant_key").on(table.organizationId, table.id),
    foreignKey({ columns: [table.organizationId, table.ownerId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("endpoints"),
  ],
);

/** What we sign with, sealed (context `endpoint-secret:<id>`). While two are valid every delivery carries two signatures. */
export const endpointSecrets = pgTable(
  "endpoint_secrets",
  {
    id: id("webhookSecret"),
    organizationId: text("organization_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    secret: text("secret").notNull(),
    validUntil: instant("valid_until"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("endpoint_secrets_current").on(table.endpointId).where(sql`valid_until is null`),
    foreignKey({ columns: [table.organizationId, table.endpointId], foreignColumns: [endpoints.organizationId, endpoints.id] }).onDelete("cascade"),
    tenantPolicy("endpoint_secrets"),
  ],
);

/** The last sequence number that an endpoint was given for one entity. The row's lock is what puts its deliveries in order. */
export const endpointSequences = pgTable(
  "endpoint_sequences",
  {
    organizationId: text("organization_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    entity: text("entity").notNull(),
    last: bigint("last", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.endpointId, table.entity] }),
    foreignKey({ columns: [table.organizationId, table.endpointId], foreignColumns: [endpoints.organizationId, endpoints.id] }).onDelete("cascade"),
    tenantPolicy("endpoint_sequences"),
  ],
);

/** `failed` is a dead letter: out of attempts, or refused for good. `dropped` can no longer be delivered: its endpoint was deleted. */
export const outgoingStates = ["pending", "sending", "delivered", "failed", "dropped"] as const;

/** One event to one endpoint. The body is made once, so that every attempt signs the same bytes under the same `webhook-id`. */
export const outgoingDeliveries = pgTable(
  "outgoing_deliveries",
  {
    id: id("outgoingDelivery"),
    organizationId: text("organization_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    /** What happened: an inbound webhook's id, an event's id, or one made for a test. It is the `webhook-id`, the same at every repetition. */
    eventId: text("event_id").notNull(),
    /** Rises when somebody sends it again. */
    generation: integer("generation").notNull().default(1),
    event: text("event").notNull(),
    /** Which subscriptions asked for it. */
    subscriptionIds: text("subscription_ids").array().notNull().default([]),
    /** What keeps its order, and the place in it. Nothing of an entity is sent while something before it is on its way. */
    entity: text("entity").notNull(),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    body: text("body").notNull(),
    state: text("state", { enum: outgoingStates }).notNull().default("pending"),
    reason: text("reason"),
    attemptCount: integer("attempt_count").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    claimedUntil: instant("claimed_until"),
    test: boolean("test").notNull().default(false),
    settledAt: instant("settled_at"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("outgoing_deliveries_once").on(table.endpointId, table.eventId, table.generation),
    uniqueIndex("outgoing_deliveries_sequence").on(table.endpointId, table.entity, table.sequence),
    unique("outgoing_deliveries_tenant_key").on(table.organizationId, table.id),
    index("outgoing_deliveries_due").on(table.endpointId, table.nextAttemptAt).where(sql`state in ('pending', 'sending')`),
    index("outgoing_deliveries_order").on(table.endpointId, table.entity, table.sequence).where(sql`state in ('pending', 'sending')`),
    index("outgoing_deliveries_log").on(table.endpointId, table.id),
    index("outgoing_deliveries_event").on(table.eventId),
    foreignKey({ columns: [table.organizationId, table.endpointId], foreignColumns: [endpoints.organizationId, endpoints.id] }).onDelete("cascade"),
    tenantPolicy("outgoing_deliveries"),
  ],
);

/** One request with its answer. Never updated. */
export const outgoingAttempts = pgTable(
  "outgoing_attempts",
  {
    id: id("outgoingAttempt"),
    organizationId: text("organization_id").notNull(),
    deliveryId: text("delivery_id").notNull(),
    number: integer("number").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at").notNull(),
    succeeded: boolean("succeeded").notNull(),
    requestHeaders: jsonb("request_headers").$type<Record<string, string>>().notNull(),
    /** Null when no answer came. */
    statusCode: integer("status_code"),
    responseHeaders: jsonb("response_headers").$type<Record<string, string>>(),
    /** Its beginning. */
    responseBody: text("response_body"),
    /** Why there was no answer. */
    fault: text("fault"),
  },
  (table) => [
    uniqueIndex("outgoing_attempts_once").on(table.deliveryId, table.number),
    foreignKey({ columns: [table.organizationId, table.deliveryId], foreignColumns: [outgoingDeliveries.organizationId, outgoingDeliveries.id] }).onDelete("cascade"),
    tenantPolicy("outgoing_attempts"),
  ],
);
