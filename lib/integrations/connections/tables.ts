import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations, workspaces } from "@/lib/organizations/tables";
import { oauthCredentials } from "../credentials/tables";
import type { ConnectionMetadata } from "../plugin";

export const hookKinds = ["manual", "dynamic"] as const;

/**
 * One link between an organization and a place elsewhere: a Jira site, or a sender of signed webhooks. Its id stands in the URL that
 * webhooks are sent to. A disconnected one stays for its log; its address answers as if it had never been.
 */
export const pluginConnections = pgTable(
  "plugin_connections",
  {
    id: id("connection"),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    plugin: text("plugin").notNull(),
    /** The place's own id over there (Jira: the cloud id); null when the plugin knows none. */
    externalId: text("external_id"),
    /** What people call it. */
    name: text("name").notNull(),
    metadata: jsonb("metadata").$type<ConnectionMetadata>().notNull(),
    /** The grant it is reached with. Sites of one account are children of one grant and never hold copies of its tokens. */
    credentialId: text("credential_id"),
    /** Which kind of webhook is active: pasted by an admin over there, or registered by us. Only one, or every event would come twice. */
    hookKind: text("hook_kind", { enum: hookKinds }).notNull().default("manual"),
    /** An admin took the risk that anybody who knows the address can send. */
    allowsUnsigned: boolean("allows_unsigned").notNull().default(false),
    /** When the first delivery was proven to be genuine; the set-up page turns green by it. */
    verifiedAt: instant("verified_at"),
    /** When the last proven delivery came. */
    lastReceivedAt: instant("last_received_at"),
    /** Until when everything over there is known to have arrived: the newest `updated` that was read. Reconciliation asks from here. */
    seenUntil: instant("seen_until"),
    /** Since when something may have been missed: a broken grant, a pause, a hook that was gone. Null when nothing is. */
    gapSince: instant("gap_since"),
    reconciledAt: instant("reconciled_at"),
    /** When the last delivery was turned away, and why, as a code (`signature`, `unsigned`, `unknown-hook`); written at most once a minute. */
    refusedAt: instant("refused_at"),
    refusedReason: text("refused_reason"),
    /** Received and kept, but not read until it goes on. */
    pausedAt: instant("paused_at"),
    disconnectedAt: instant("disconnected_at"),
    connectedBy: text("connected_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    // One place over there belongs to one organization: two would each get what the other may not see.
    uniqueIndex("plugin_connections_place").on(table.plugin, table.externalId).where(sql`disconnected_at is null and external_id is not null`),
    unique("plugin_connections_tenant_key").on(table.organizationId, table.id),
    index("plugin_connections_credential").on(table.credentialId),
    foreignKey({ columns: [table.organizationId, table.credentialId], foreignColumns: [oauthCredentials.organizationId, oauthCredentials.id] }),
    foreignKey({ columns: [table.organizationId, table.connectedBy], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("plugin_connections"),
  ],
);

/**
 * Projects whose events people without an account over there may hear of: those of one workspace. Everybody else is told only what
 * they may see over there themselves.
 */
export const openProjects = pgTable(
  "open_projects",
  {
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    /** The project's own id over there; keys can move. */
    projectId: text("project_id").notNull(),
    projectKey: text("project_key").notNull(),
    workspaceId: text("workspace_id").notNull(),
    openedBy: text("opened_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.projectId, table.workspaceId] }),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.openedBy], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("open_projects"),
  ],
);
