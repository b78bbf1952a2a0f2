import { sql } from "drizzle-orm";
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations, workspaces } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import { inboundWebhooks } from "../ingest/tables";
import { endpoints } from "../outgoing/tables";
import { targets } from "./choices/inputs";
import type { EventFilter } from "./inputs";

/** "When these events, in those projects, then tell them": the wish of one member, or of an admin for others. */
export const subscriptions = pgTable(
  "subscriptions",
  {
    id: id("subscription"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Null for events of the product itself, which only endpoints can subscribe to. */
    connectionId: text("connection_id"),
    /** The product's names, e.g. `jira.issue.created`; empty for every event of the connection. */
    events: text("events").array().notNull(),
    filter: jsonb("filter").$type<EventFilter>().notNull(),
    target: text("target", { enum: targets }).notNull(),
    /** With target `people` (and the owner alone with `me`). */
    memberIds: text("member_ids").array().notNull().default([]),
    workspaceId: text("workspace_id"),
    endpointId: text("endpoint_id"),
    pausedAt: instant("paused_at"),
    ownerId: text("owner_id").notNull(),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("subscriptions_tenant_key").on(table.organizationId, table.id),
    index("subscriptions_connection").on(table.connectionId).where(sql`paused_at is null`),
    index("subscriptions_product").on(table.organizationId).where(sql`connection_id is null`),
    index("subscriptions_endpoint").on(table.endpointId),
    index("subscriptions_owner").on(table.ownerId),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.endpointId], foreignColumns: [endpoints.organizationId, endpoints.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.ownerId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("subscriptions"),
  ],
);

/** Who was told of what, once: a replay tells only those who are not here. */
export const webhookTellings = pgTable(
  "webhook_tellings",
  {
    organizationId: text("organization_id").notNull(),
    webhookId: text("webhook_id").notNull(),
    memberId: text("member_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.webhookId, table.memberId] }),
    index("webhook_tellings_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.webhookId], foreignColumns: [inboundWebhooks.organizationId, inboundWebhooks.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("webhook_tellings"),
  ],
);
