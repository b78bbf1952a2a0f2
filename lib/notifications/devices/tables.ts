import { sql } from "drizzle-orm";
import { foreignKey, index, pgPolicy, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantRows } from "@/lib/platform/db/columns";
import { users } from "@/lib/platform/auth/tables";
import { members, workspaces } from "@/lib/organizations/tables";

export const deviceKinds = ["webpush", "fcm"] as const;

const ownOrTenant = sql`(${tenantRows} or user_id = (select current_setting('app.user_id', true)))`;

/**
 * A browser (Web Push) or phone (FCM) that somebody allowed to show notifications. It belongs to one person and stands in one
 * organization at a time, the one last open on it; a workspace narrows it further. Ended devices keep their row for the receipts.
 */
export const devices = pgTable(
  "devices",
  {
    id: id("device"),
    organizationId: text("organization_id").notNull(),
    memberId: text("member_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The workspace that is active on it; null for all of the organization. */
    workspaceId: text("workspace_id"),
    kind: text("kind", { enum: deviceKinds }).notNull(),
    /** The push resource's URL (RFC 8030), or the FCM registration token. */
    endpoint: text("endpoint").notNull(),
    /** The browser's keys, base64url (RFC 8291); null for FCM. */
    p256dh: text("p256dh"),
    auth: text("auth"),
    name: text("name").notNull(),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
    endReason: text("end_reason", { enum: ["revoked", "gone", "replaced", "signed-out"] }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("devices_endpoint_key").on(table.endpoint).where(sql`ended_at is null`),
    index("devices_member").on(table.memberId).where(sql`ended_at is null`),
    index("devices_user").on(table.userId),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }),
    pgPolicy("devices_own", { as: "permissive", for: "all", to: "public", using: ownOrTenant, withCheck: ownOrTenant }),
  ],
);
