import { foreignKey, index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, tenantPolicy } from "@/lib/platform/db/columns";
import { pluginConnections } from "../connections/tables";
import type { IssueFacts } from "../events";

/** An issue as it was last heard of, for its card. `updatedAt` is Jira's own: what comes late does not set it back. */
export const jiraIssues = pgTable(
  "jira_issues",
  {
    organizationId: text("organization_id").notNull(),
    connectionId: text("connection_id").notNull(),
    issueId: text("issue_id").notNull(),
    key: text("key").notNull(),
    projectId: text("project_id").notNull(),
    facts: jsonb("facts").$type<IssueFacts>().notNull(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
    /** When we last knew it to be so. */
    checkedAt: instant("checked_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.issueId] }),
    index("jira_issues_key").on(table.organizationId, table.key),
    foreignKey({ columns: [table.organizationId, table.connectionId], foreignColumns: [pluginConnections.organizationId, pluginConnections.id] }).onDelete("cascade"),
    tenantPolicy("jira_issues"),
  ],
);
