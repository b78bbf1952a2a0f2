import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { workspacesOf, type ArticleRow } from "../../access/queries";
import { feedHere, firstFeed, type FeedRow } from "../../feeds/queries";
import { feeds } from "../../feeds/tables";
import { callReaders, callWorkspaces } from "../../live/commands";
import { mayPublish } from "../../policy";
import { articlePlaces, articles } from "../tables";
import { workspaceIdsOf } from "./queries";

/**
 * Says in which workspaces an article may be read, as far as the member knows them: it stays where they cannot look, and where it was
 * written. In the others it stands in their first feed. A workspace that loses it loses it at once.
 * @throws Refused INVALID: a workspace that the member is not in, or in whose feed they may not publish.
 */
export async function setPlaces(tx: Tx, member: Member, article: ArticleRow, workspaceIds: string[]): Promise<void> {
  const mine = new Set((await workspacesOf(tx, member)).map(({ id }) => id));
  if (workspaceIds.some((id) => !mine.has(id))) throw unknownWorkspace();
  const [home] = await tx.select({ workspaceId: feeds.workspaceId }).from(feeds).where(eq(feeds.id, article.feedId));
  const present = await workspaceIdsOf(tx, article.id);
  const wanted = new Set([...workspaceIds, ...present.filter((id) => id === home?.workspaceId || !mine.has(id))]);
  const added = [...wanted].filter((id) => !present.includes(id)).sort();
  const removed = present.filter((id) => !wanted.has(id));
  if (removed.length > 0) {
    await tx.delete(articlePlaces).where(and(eq(articlePlaces.articleId, article.id), inArray(articlePlaces.workspaceId, removed)));
    callWorkspaces(tx, removed, article.id, "removed");
    // Whoever read it there and has it open is shown that it is theirs no longer.
    callReaders(tx, article.id, { what: "article" });
  }
  const listedAt = article.state === "published" ? clock.now() : null;
  for (const workspaceId of added) {
    const feed = await firstFeed(tx, member, workspaceId);
    if (!mayPublish(member, feed)) throw refusedField("workspaceIds", "feed-for-admins", "Only admins may publish in one of these workspaces.");
    await tx.insert(articlePlaces).values({ organizationId: member.organizationId, articleId: article.id, workspaceId, feedId: feed.id, listedAt });
  }
  if (listedAt && added.length > 0) callWorkspaces(tx, added, article.id, "published");
}

const unknownWorkspace = () => refusedField("workspaceIds", "unknown-workspace", describeFault("unknown-workspace"));

/** Puts it into another feed of the workspace that it was written in. @throws Refused INVALID. */
export async function setFeed(tx: Tx, member: Member, article: ArticleRow, feedId: string): Promise<void> {
  if (feedId === article.feedId) return;
  const feed = await feedHere(tx, member, feedId).catch((error: unknown) => {
    if (error instanceof Refused) throw elsewhere();
    throw error;
  });
  const moved = await tx
    .update(articlePlaces)
    .set({ feedId: feed.id })
    .where(and(eq(articlePlaces.articleId, article.id), eq(articlePlaces.workspaceId, feed.workspaceId), eq(articlePlaces.feedId, article.feedId)))
    .returning({ articleId: articlePlaces.articleId });
  if (moved.length === 0) throw elsewhere();
  refuseClosed(member, feed);
  await tx.update(articles).set({ feedId: feed.id }).where(eq(articles.id, article.id));
  if (article.state === "published") callWorkspaces(tx, [feed.workspaceId], article.id, "updated");
}

const elsewhere = () => refusedField("feedId", "not-an-option", "Choose a feed of the workspace that it was written in.");

/** @throws Refused INVALID when the member may not publish in the feed. */
export function refuseClosed(member: Member, feed: FeedRow): void {
  if (mayPublish(member, feed)) return;
  throw refusedField("feedId", feed.archivedAt ? "feed-archived" : "feed-for-admins", describeFault(feed.archivedAt ? "feed-archived" : "feed-for-admins"));
}

/** Lists it in its feeds as of `at`, or nowhere. Whoever pins waits here, and finds it listed or not. */
export async function listPlaces(tx: Tx, articleId: string, at: Date | null): Promise<string[]> {
  const rows = await tx
    .update(articlePlaces)
    .set({ listedAt: at, ...(at === null && { pinnedAt: null }) })
    .where(eq(articlePlaces.articleId, articleId))
    .returning({ id: articlePlaces.workspaceId });
  return rows.map(({ id }) => id).sort();
}

/** Takes it from workspaces, whatever it was. */
export async function dropPlaces(tx: Tx, articleId: string, workspaceIds: string[]): Promise<void> {
  if (workspaceIds.length === 0) return;
  await tx.delete(articlePlaces).where(and(eq(articlePlaces.articleId, articleId), sql`${articlePlaces.workspaceId} = any(${textArray(workspaceIds)})`));
}

/** The places of one workspace that are pinned, locked in one order: who pins at the same time takes turns. */
export async function lockPins(tx: Tx, workspaceId: string): Promise<string[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`pins:${workspaceId}`}, 0))`);
  const rows = await tx
    .select({ articleId: articlePlaces.articleId })
    .from(articlePlaces)
    .where(and(eq(articlePlaces.workspaceId, workspaceId), sql`${articlePlaces.pinnedAt} is not null`))
    .orderBy(asc(articlePlaces.articleId));
  return rows.map(({ articleId }) => articleId);
}
