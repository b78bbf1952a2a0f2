import { sql } from "drizzle-orm";
import { foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { pluginConnections } from "../connections/tables";

/** What a sender signs with, sealed (context `webhook-secret:<id>`). A rotated one is taken until `validUntil`, while the sender changes over. */
export const webhookSecrets = pgTable(
  "webhook_secrets",
  {
    id: id("webhookSecret"),
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    secret: text("secret").notNull(),
    validUntil: instant("valid_until"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("webhook_secrets_current").on(table.connectionId).where(sql`valid_until is null`),
    index("webhook_secrets_connection").on(table.connectionId),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    tenantPolicy("webhook_secrets"),
  ],
);

/** Webhooks that we registered over there ourselves; they lapse (Jira: after 30 days) unless they are renewed. */
export const hookRegistrations = pgTable(
  "hook_registrations",
  {
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    /** Its id over there, which deliveries name (`matchedWebhookIds`). */
    externalId: text("external_id").notNull(),
    events: jsonb("events").$type<string[]>().notNull(),
    filter: text("filter").notNull(),
    expiresAt: instant("expires_at").notNull(),
    renewedAt: instant("renewed_at"),
    lastError: text("last_error"),
    /** When somebody was told that it is about to lapse; once until it is renewed. */
    alertedAt: instant("alerted_at"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.externalId] }),
    index("hook_registrations_expiry").on(table.expiresAt),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    tenantPolicy("hook_registrations"),
  ],
);
