import { foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { meetings } from "../tables";

/** Issues that a meeting is about. The key alone says which, as it does in text; where it leads is looked up when it is shown. */
export const meetingIssues = pgTable(
  "meeting_issues",
  {
    organizationId: text("organization_id").notNull(),
    meetingId: text("meeting_id").notNull(),
    /** Jira's key, e.g. `MOIM-12`. */
    issueKey: text("issue_key").notNull(),
    addedBy: text("added_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.meetingId, table.issueKey] }),
    index("meeting_issues_key").on(table.organizationId, table.issueKey),
    foreignKey({ columns: [table.organizationId, table.meetingId], foreignColumns: [meetings.organizationId, meetings.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.addedBy], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("meeting_issues"),
  ],
);
