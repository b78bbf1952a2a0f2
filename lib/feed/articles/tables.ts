import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members } from "@/lib/organizations/tables";
import type { ArticleDocument } from "../document/rules";
import { feeds } from "../feeds/tables";
import { articleStates } from "./inputs";

/**
 * An article as its readers see it. What its author is still writing stands in `drafts`; publishing copies it here, raises `version` and
 * keeps a copy in `article_versions`.
 */
export const articles = pgTable(
  "articles",
  {
    id: id("article"),
    organizationId: text("organization_id").notNull(),
    /** Where it was written; it may be read in further workspaces (`article_places`). */
    feedId: text("feed_id").notNull(),
    authorId: text("author_id").notNull(),
    state: text("state", { enum: articleStates }).notNull().default("draft"),
    title: text("title").notNull().default(""),
    document: jsonb("document").$type<ArticleDocument>(),
    /** Derived from the document when it is published, so that a page of the feed reads no documents. */
    excerpt: text("excerpt").notNull().default(""),
    coverId: text("cover_id"),
    /** 0 was never published. The ETag of the article. */
    version: integer("version").notNull().default(0),
    /** Whether the members of its workspaces are told. */
    notify: boolean("notify").notNull().default(true),
    commentsOpen: boolean("comments_open").notNull().default(true),
    publishAt: instant("publish_at"),
    publishedAt: instant("published_at"),
    editedAt: instant("edited_at"),
    archivedAt: instant("archived_at"),
    deletedAt: instant("deleted_at"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("articles_tenant_key").on(table.organizationId, table.id),
    index("articles_author").on(table.authorId, table.id).where(sql`deleted_at is null`),
    index("articles_scheduled").on(table.publishAt).where(sql`state = 'scheduled' and deleted_at is null`),
    index("articles_deleted").on(table.deletedAt).where(sql`deleted_at is not null`),
    foreignKey({ columns: [table.organizationId, table.feedId], foreignColumns: [feeds.organizationId, feeds.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.authorId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("articles"),
  ],
);

/**
 * The workspaces whose members may read an article, and the feed it stands in there. `listedAt` sorts the feed: the instant it was
 * published, null while it is a draft, archived or deleted, so that a page of a feed is one walk along one index.
 */
export const articlePlaces = pgTable(
  "article_places",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    feedId: text("feed_id").notNull(),
    listedAt: instant("listed_at"),
    pinnedAt: instant("pinned_at"),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.workspaceId] }),
    index("article_places_feed").on(table.feedId, table.listedAt, table.articleId).where(sql`listed_at is not null`),
    index("article_places_workspace").on(table.workspaceId, table.listedAt, table.articleId).where(sql`listed_at is not null`),
    index("article_places_pinned").on(table.workspaceId, table.pinnedAt).where(sql`pinned_at is not null`),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.workspaceId, table.feedId], foreignColumns: [feeds.organizationId, feeds.workspaceId, feeds.id] }).onDelete("cascade"),
    tenantPolicy("article_places"),
  ],
);

/** Every version that was published, the newest included. */
export const articleVersions = pgTable(
  "article_versions",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    version: integer("version").notNull(),
    title: text("title").notNull(),
    document: jsonb("document").$type<ArticleDocument>().notNull(),
    coverId: text("cover_id"),
    editorId: text("editor_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.version] }),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.editorId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("article_versions"),
  ],
);

/**
 * How many likes and comments an article has: kept, because a page of a feed shows twenty of them. Changed only in the transaction
 * that changes what is counted; narrow and apart, so that a storm of likes rewrites no documents.
 */
export const articleTallies = pgTable(
  "article_tallies",
  {
    articleId: text("article_id").primaryKey(),
    organizationId: text("organization_id").notNull(),
    likes: integer("likes").notNull().default(0),
    /** Without deleted ones. */
    comments: integer("comments").notNull().default(0),
  },
  (table) => [
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    tenantPolicy("article_tallies"),
  ],
);

