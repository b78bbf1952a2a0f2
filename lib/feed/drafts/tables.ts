import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";
import type { ArticleDocument } from "../document/rules";

/**
 * What one person is writing, for a new article or for one that readers already see. Saved while they type; nobody else sees it.
 * `revision` rises with every save: a tab that saves on top of an older one is told, and keeps its text.
 */
export const drafts = pgTable(
  "drafts",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    memberId: text("member_id").notNull(),
    title: text("title").notNull().default(""),
    document: jsonb("document").$type<ArticleDocument>().notNull(),
    coverId: text("cover_id"),
    revision: integer("revision").notNull().default(1),
    /** The version of the article that was on the screen when it was begun; publishing over a newer one is refused. */
    basedOn: integer("based_on").notNull().default(0),
    /** Which tab saved last, as the tab named itself. */
    tab: text("tab"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.memberId] }),
    index("drafts_member").on(table.memberId, table.updatedAt),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("drafts"),
  ],
);
