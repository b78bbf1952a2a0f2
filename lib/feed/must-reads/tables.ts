import { sql } from "drizzle-orm";
import { foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";

/** An article whose readers are asked to say that they have read it. */
export const mustReads = pgTable(
  "must_reads",
  {
    articleId: text("article_id").primaryKey(),
    organizationId: text("organization_id").notNull(),
    askedBy: text("asked_by").notNull(),
    /** Until when; null is at their leisure. A day before it, who has not said so is reminded. */
    dueAt: instant("due_at"),
    /** When the reminder that comes by itself was given, so that it comes once for one `dueAt`. */
    dueReminderAt: instant("due_reminder_at"),
    remindedAt: instant("reminded_at"),
    /** How many times; names each round of reminders. */
    reminders: integer("reminders").notNull().default(0),
  },
  (table) => [
    index("must_reads_due").on(table.dueAt).where(sql`due_at is not null and due_reminder_at is null`),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.askedBy], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("must_reads"),
  ],
);

export const acknowledgements = pgTable(
  "acknowledgements",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    memberId: text("member_id").notNull(),
    /** The version that was on the screen. */
    version: integer("version").notNull(),
    acknowledgedAt: instant("acknowledged_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.memberId] }),
    index("acknowledgements_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("acknowledgements"),
  ],
);
