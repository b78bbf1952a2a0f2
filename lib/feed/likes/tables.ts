import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";
import { comments } from "../comments/tables";

/**
 * Who likes an article, or a comment at it. The unique key is what makes a like count once however often it is sent. One that is taken
 * back keeps its row, so that liking again does not tell the author again.
 */
export const likes = pgTable(
  "likes",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    /** Null when the article itself is liked. */
    commentId: text("comment_id"),
    memberId: text("member_id").notNull(),
    likedAt: instant("liked_at").notNull(),
    withdrawnAt: instant("withdrawn_at"),
  },
  (table) => [
    unique("likes_once").on(table.articleId, table.commentId, table.memberId).nullsNotDistinct(),
    index("likes_comment").on(table.commentId).where(sql`comment_id is not null and withdrawn_at is null`),
    index("likes_member").on(table.memberId),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.articleId, table.commentId], foreignColumns: [comments.organizationId, comments.articleId, comments.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.memberId], foreignColumns: [members.organizationId, members.id] }).onDelete("cascade"),
    tenantPolicy("likes"),
  ],
);
