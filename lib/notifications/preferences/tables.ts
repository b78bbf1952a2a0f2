import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, smallint, text, unique } from "drizzle-orm/pg-core";
import { createdAt, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations, workspaces } from "@/lib/organizations/tables";
import type { QuietHours } from "../quiet-hours/rules";

/**
 * What somebody chose for one category on one channel. Without a member it is the organization's own default; with a workspace it
 * holds there only. Cells that nobody chose have no row: what then applies is the product's default (`inputs.ts`).
 */
export const preferences = pgTable(
  "notification_preferences",
  {
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    memberId: text("member_id"),
    workspaceId: text("workspace_id"),
    category: text("category").notNull(),
    channel: text("channel").notNull(),
    value: text("value").notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("notification_preferences_cell").on(table.organizationId, table.memberId, table.workspaceId, table.category, table.channel).nullsNotDistinct(),
    index("notification_preferences_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    tenantPolicy("notification_preferences"),
  ],
);

/** When one member may be interrupted, and when their digests come; local wall-clock times in the zone of their profile. */
export const schedules = pgTable(
  "notification_schedules",
  {
    organizationId: text("organization_id").notNull(),
    memberId: text("member_id").notNull(),
    /** The global mute: no mail and no push until it is switched off; critical categories pass. */
    muted: boolean("muted").notNull().default(false),
    mutedUntil: instant("muted_until"),
    quietHours: jsonb("quiet_hours").$type<QuietHours>(),
    /** `HH:MM`. */
    digestTime: text("digest_time").notNull().default("08:00"),
    /** ISO 8601: 1 is Monday. */
    digestWeekday: smallint("digest_weekday").notNull().default(1),
    /** False keeps the words of a push off the lock screen: title only. */
    pushDetails: boolean("push_details").notNull().default(true),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.memberId] }),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("notification_schedules"),
  ],
);

/** Threads that somebody wants no mail and no push about, e.g. one meeting. `recipient` is a member id or a guest's address. */
export const threadMutes = pgTable(
  "thread_mutes",
  {
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    recipient: text("recipient").notNull(),
    thread: text("thread").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.thread, table.recipient] }), tenantPolicy("thread_mutes")],
);
