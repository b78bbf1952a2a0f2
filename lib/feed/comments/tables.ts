import { sql } from "drizzle-orm";
import { foreignKey, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";
import type { ArticleDocument } from "../document/rules";

/** A comment, or a reply to one (`parentId`, which is never a reply itself). A deleted one that has replies keeps its place, without words. */
export const comments = pgTable(
  "comments",
  {
    id: id("comment"),
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    parentId: text("parent_id"),
    authorId: text("author_id").notNull(),
    /** Null once it is deleted. */
    document: jsonb("document").$type<ArticleDocument>(),
    /** Its words alone, for search and notifications. */
    text: text("text").notNull(),
    /** Rises with every edit; the ETag. */
    version: integer("version").notNull().default(1),
    editedAt: instant("edited_at"),
    deletedAt: instant("deleted_at"),
    deletedBy: text("deleted_by"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("comments_tenant_key").on(table.organizationId, table.id),
    // A reply and a like name the article, too: neither can end up at another one.
    unique("comments_article_key").on(table.organizationId, table.articleId, table.id),
    index("comments_of").on(table.articleId, table.id).where(sql`parent_id is null`),
    index("comments_replies").on(table.parentId, table.id).where(sql`parent_id is not null`),
    index("comments_author").on(table.authorId, table.id),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.articleId, table.parentId], foreignColumns: [table.organizationId, table.articleId, table.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.authorId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("comments"),
  ],
);
