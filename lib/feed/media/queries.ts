import { and, eq, sql, type SQL } from "drizzle-orm";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { isStorageSetUp } from "@/lib/platform/storage";
import type { Member } from "@/lib/organizations/actor";
import { isReadableBy, isSharedWith } from "../access/queries";
import { articles } from "../articles/tables";
import { mayManageFeeds } from "../policy";
import { mediaViewOf, type MediaView, type Quota } from "./mappings";
import { articleMedia, media, storageUsage } from "./tables";

type MediaRow = typeof media.$inferSelect;

/**
 * What the member may see right now: what they uploaded, what stands in an article that they may read or in their own draft of one, and
 * what an article showed earlier, or will show when its time comes, if they may edit it. To be used where `media` is in the query.
 */
const isVisibleTo = (member: Member): SQL => {
  const edits = mayManageFeeds(member) ? sql`true` : sql`${articles.authorId} = ${member.id}`;
  return sql`(${media.uploaderId} = ${member.id} or exists (
    select 1 from ${articleMedia} join ${articles} on ${articles.id} = ${articleMedia.articleId}
    where ${articleMedia.mediaId} = ${media.id} and (
      (${articleMedia.holder} = 'article' and ${isReadableBy(member)})
      or (${articles.deletedAt} is null and ${isSharedWith(member)} and (
        ${articleMedia.holder} = ${member.id}
        or (${articleMedia.holder} in ('article', 'history') and ${edits}))))))`;
};

/** Who may say what it shows: who uploaded it, and who may change an article (a draft of their own included) that shows it. To be used where `media` is in the query. */
export const isDescribedBy = (member: Member): SQL => {
  const edits = mayManageFeeds(member) ? sql`true` : sql`${articles.authorId} = ${member.id}`;
  return sql`(${media.uploaderId} = ${member.id} or exists (
    select 1 from ${articleMedia} join ${articles} on ${articles.id} = ${articleMedia.articleId}
    where ${articleMedia.mediaId} = ${media.id} and ${articleMedia.holder} in ('article', ${member.id})
      and ${articles.deletedAt} is null and ${edits} and ${isSharedWith(member)}))`;
};

/** Those of `ids` that the member may see. What is missing was deleted, or is not theirs to see. */
export async function mediaOf(tx: Tx, member: Member, ids: string[]): Promise<Map<string, MediaView>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(media)
    .where(and(eq(media.organizationId, member.organizationId), sql`${media.id} = any(${textArray(ids)})`, isVisibleTo(member)));
  return new Map(rows.map((row) => [row.id, mediaViewOf(row, member.organizationSlug)]));
}

/** @throws Refused NOT_FOUND, also when the member may not see it. */
export async function mediaAt(member: Member, id: string): Promise<MediaView> {
  return mediaViewOf(await visibleMedia(member, id), member.organizationSlug);
}

/** Its row, for what is made of it. @throws Refused NOT_FOUND, also when the member may not see it. */
export async function visibleMedia(member: Member, id: string): Promise<MediaRow> {
  if (!isId("media", id)) throw new Refused("NOT_FOUND");
  const [row] = await inTenant(member, (tx) =>
    tx.select().from(media).where(and(eq(media.organizationId, member.organizationId), eq(media.id, id), isVisibleTo(member))),
  );
  if (!row) throw new Refused("NOT_FOUND");
  return row;
}

const megabyte = 1024 * 1024;

export async function quotaOf(member: Member): Promise<Quota> {
  const [row] = await inTenant(member, (tx) => tx.select().from(storageUsage).where(eq(storageUsage.organizationId, member.organizationId)));
  return {
    usedBytes: row?.usedBytes ?? 0,
    reservedBytes: row?.reservedBytes ?? 0,
    quotaBytes: row?.quotaBytes ?? env().MEDIA_QUOTA_MB * megabyte,
    fileBytesMax: env().MEDIA_FILE_MB * megabyte,
    available: isStorageSetUp(),
  };
}
