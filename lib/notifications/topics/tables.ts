import { foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations } from "@/lib/organizations/tables";
import { topicChoices } from "./inputs";

/**
 * What somebody wants to hear of one topic, e.g. an article or a feed, beyond what concerns them anyway. Unlike a muted thread, which
 * keeps mail and push away, a muted topic does not reach the inbox either.
 */
export const topicStandings = pgTable(
  "topic_standings",
  {
    organizationId: text("organization_id").notNull(),
    memberId: text("member_id").notNull(),
    /** An id, e.g. of an article or a feed. */
    topic: text("topic").notNull(),
    choice: text("choice", { enum: topicChoices }).notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.topic, table.memberId] }),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("topic_standings"),
  ],
);

/** Threads and subjects that are gone: nothing of them is told any more, whatever was still on its way. */
export const withdrawals = pgTable(
  "withdrawals",
  {
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.key] }), tenantPolicy("withdrawals")],
);
