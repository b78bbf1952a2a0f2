import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { members, organizations } from "@/lib/organizations/tables";
import { articles } from "../articles/tables";
import { mediaKinds, mediaStates, type VariantName } from "./inputs";

export interface MediaVariant {
  name: VariantName;
  type: string;
  bytes: number;
  width: number | null;
  height: number | null;
}

/**
 * Something uploaded. The browser puts its bytes under `incoming/<organization>/<id>` itself; once they are taken they stand under
 * `<organization>/<id>/…`, where no URL that was ever signed for an upload leads.
 */
export const media = pgTable(
  "media",
  {
    id: id("media"),
    organizationId: text("organization_id").notNull(),
    uploaderId: text("uploader_id").notNull(),
    fileName: text("file_name").notNull(),
    /** As the browser said before the upload; signed into the upload's URL. */
    declaredType: text("declared_type").notNull(),
    declaredBytes: bigint("declared_bytes", { mode: "number" }).notNull(),
    kind: text("kind", { enum: mediaKinds }).notNull(),
    state: text("state", { enum: mediaStates }).notNull().default("pending"),
    /** Why it was refused: a code of `messages/<locale>/media.json`. */
    refusal: text("refusal"),
    /** As found in the bytes. */
    type: text("type"),
    /** What it takes in the storage with all its variants; counts towards the quota. */
    storedBytes: bigint("stored_bytes", { mode: "number" }).notNull().default(0),
    width: integer("width"),
    height: integer("height"),
    durationMs: integer("duration_ms"),
    /** A few pixels as a `data:` URI, shown until the picture is there. */
    placeholder: text("placeholder"),
    alt: text("alt").notNull().default(""),
    variants: jsonb("variants").$type<MediaVariant[]>().notNull().default([]),
    /** Until when the upload may be completed. */
    expiresAt: instant("expires_at").notNull(),
    completedAt: instant("completed_at"),
    /** Where the bytes stand as they came: named after what they were when they were looked at, so that others never take their place. */
    sourceKey: text("source_key"),
    /** Since when nothing shows it; null while something does. */
    unheldSince: instant("unheld_since").defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [
    unique("media_tenant_key").on(table.organizationId, table.id),
    index("media_pending").on(table.expiresAt).where(sql`state = 'pending'`),
    index("media_processing").on(table.completedAt).where(sql`state = 'processing'`),
    index("media_unheld").on(table.unheldSince).where(sql`unheld_since is not null`),
    index("media_uploader").on(table.uploaderId, table.id),
    foreignKey({ columns: [table.organizationId, table.uploaderId], foreignColumns: [members.organizationId, members.id] }),
    tenantPolicy("media"),
  ],
);

/**
 * Which article shows which media, and through what: what its readers see (`article`), an earlier version (`history`), or somebody's
 * draft (a member id). Media may be fetched by whoever may read the article, or that draft.
 */
export const articleMedia = pgTable(
  "article_media",
  {
    organizationId: text("organization_id").notNull(),
    articleId: text("article_id").notNull(),
    mediaId: text("media_id").notNull(),
    holder: text("holder").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.mediaId, table.articleId, table.holder] }),
    index("article_media_article").on(table.articleId),
    foreignKey({ columns: [table.organizationId, table.articleId], foreignColumns: [articles.organizationId, articles.id] }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.mediaId], foreignColumns: [media.organizationId, media.id] }).onDelete("cascade"),
    tenantPolicy("article_media"),
  ],
);

/** What an organization's media take, and what is promised to uploads under way. One row, updated under its lock, decides the last byte. */
export const storageUsage = pgTable(
  "storage_usage",
  {
    organizationId: text("organization_id")
      .primaryKey()
      .references(() => organizations.id, { onDelete: "cascade" }),
    usedBytes: bigint("used_bytes", { mode: "number" }).notNull().default(0),
    reservedBytes: bigint("reserved_bytes", { mode: "number" }).notNull().default(0),
    /** Null is the product's default (MEDIA_QUOTA_MB). */
    quotaBytes: bigint("quota_bytes", { mode: "number" }),
  },
  (table) => [check("storage_usage_not_negative", sql`${table.usedBytes} >= 0 and ${table.reservedBytes} >= 0`), tenantPolicy("storage_usage")],
);
