import { sql } from "drizzle-orm";
import { bigint, customType, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { pluginConnections } from "../connections/tables";
import type { PluginFacts } from "../events";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** How it was known to be genuine; `asked` came by asking (reconciliation), not by a webhook. */
export const proofs = ["hmac", "jwt", "signature", "unsigned", "asked"] as const;

/**
 * `received`: stored, not read yet. `read`: its facts are known and it has a position. `duplicate`: the same change came before on another
 * way. `unreadable`: kept as it is, and means nothing to us.
 */
export const inboundStates = ["received", "read", "duplicate", "unreadable"] as const;

/**
 * The log of what came in, raw. Reading it gives it `facts` and a `position`: the order of the connection, in which it is dispatched
 * (to endpoints) and told (to people). Two marks, because people wait for the right to see it to be checked and endpoints do not.
 */
export const inboundWebhooks = pgTable(
  "inbound_webhooks",
  {
    id: id("inboundWebhook"),
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    /** The sender's own id of this delivery, the same over its retries; a digest of the body when it has none. */
    dedupeKey: text("dedupe_key").notNull(),
    proof: text("proof", { enum: proofs }).notNull(),
    /** Without anything secret. */
    headers: jsonb("headers").$type<Record<string, string>>().notNull(),
    body: bytes("body").notNull(),
    receivedAt: instant("received_at").notNull(),
    state: text("state", { enum: inboundStates }).notNull().default("received"),
    /** Why it is unreadable, or which one it repeats. */
    reason: text("reason"),
    /** The product's name of what happened, e.g. `jira.issue.updated`. */
    event: text("event"),
    facts: jsonb("facts").$type<PluginFacts>(),
    /** What changed, as one key: a change that comes by a webhook and by asking has the same. Null when it cannot be told. */
    changeKey: text("change_key"),
    /** What keeps its order: `issue:10042`. */
    entity: text("entity"),
    /** The text of the log's filter: key, summary, names. */
    label: text("label"),
    occurredAt: instant("occurred_at"),
    position: bigint("position", { mode: "number" }),
    dispatchedAt: instant("dispatched_at"),
    toldAt: instant("told_at"),
    /** How often somebody has had it gone through again. */
    replays: integer("replays").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("inbound_webhooks_once").on(table.connectionId, table.dedupeKey),
    uniqueIndex("inbound_webhooks_change").on(table.connectionId, table.changeKey).where(sql`state = 'read' and change_key is not null`),
    uniqueIndex("inbound_webhooks_position").on(table.connectionId, table.position).where(sql`position is not null`),
    unique("inbound_webhooks_tenant_key").on(table.organizationId, table.id),
    index("inbound_webhooks_log").on(table.connectionId, table.id),
    index("inbound_webhooks_entity").on(table.connectionId, table.entity, table.id).where(sql`entity is not null`),
    index("inbound_webhooks_unread").on(table.connectionId, table.id).where(sql`state = 'received'`),
    index("inbound_webhooks_undispatched").on(table.connectionId, table.position).where(sql`state = 'read' and dispatched_at is null`),
    index("inbound_webhooks_untold").on(table.connectionId, table.position).where(sql`state = 'read' and told_at is null`),
    index("inbound_webhooks_age").on(table.receivedAt),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    tenantPolicy("inbound_webhooks"),
  ],
);

/** What an inbound webhook matched. Written when it is dispatched; a replay adds what was not there. */
export const webhookMatches = pgTable(
  "webhook_matches",
  {
    organizationId: text("organization_id").notNull(),
    webhookId: text("webhook_id").notNull(),
    subscriptionId: text("subscription_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("webhook_matches_once").on(table.webhookId, table.subscriptionId),
    index("webhook_matches_subscription").on(table.subscriptionId, table.webhookId),
    foreignKey({ columns: [table.organizationId, table.webhookId], foreignColumns: [inboundWebhooks.organizationId, inboundWebhooks.id] }).onDelete("cascade"),
    tenantPolicy("webhook_matches"),
  ],
);
