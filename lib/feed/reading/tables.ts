import { foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, workspaces } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";

/** Who has opened which article. */
export const articleReads = pgTable(
  "article_reads",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    memberId: text("member_id").notNull(),
    readAt: instant("read_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.memberId, table.articleId] }),
    index("article_reads_article").on(table.articleId),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("article_reads"),
  ],
);

/** Up to when a member counts everything in a workspace as read; without a row, up to when they joined it. */
export const workspaceReads = pgTable(
  "workspace_reads",
  {
    organizationId: text("organization_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    memberId: text("member_id").notNull(),
    readBefore: instant("read_before").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.memberId, table.workspaceId] }),
    foreignKey({ columns: [table.organizationId, table.workspaceId], foreignColumns: [workspaces.organizationId, workspaces.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("workspace_reads"),
  ],
);
