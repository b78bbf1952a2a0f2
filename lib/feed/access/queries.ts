import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import type { Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { articlePlaces, articles } from "../articles/tables";
import { maySeeUnpublished } from "../policy";

/** The member is in this workspace, right now. */
export const isInWorkspace = (member: Member, workspaceId: SQL | typeof articlePlaces.workspaceId): SQL =>
  sql`exists (select 1 from ${workspaceMembers} where ${workspaceMembers.workspaceId} = ${workspaceId} and ${workspaceMembers.memberId} = ${member.id})`;

/** The member is in one of the workspaces that the article may be read in. To be used where `articles` is in the query. */
export const isSharedWith = (member: Member): SQL => sql`exists (
  select 1 from ${articlePlaces} join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${articlePlaces.workspaceId}
  where ${articlePlaces.articleId} = ${articles.id} and ${workspaceMembers.memberId} = ${member.id})`;

/** What anybody in its workspaces may read: published or archived, not deleted. To be used where `articles` is in the query. */
export const isReadableBy = (member: Member): SQL =>
  sql`(${articles.state} in ('published', 'archived') and ${articles.deletedAt} is null and ${isSharedWith(member)})`;

export type ArticleRow = typeof articles.$inferSelect;

/**
 * An article that the member may read. With `lock`, nobody changes, deletes or unlists it before the transaction ends.
 * @throws Refused NOT_FOUND; ARTICLE_GONE when it was deleted and they could read it before.
 */
export async function readableArticle(tx: Tx, member: Member, articleId: string, lock?: "share" | "update"): Promise<ArticleRow> {
  const article = await sharedArticle(tx, member, articleId, lock);
  if (article.state !== "published" && article.state !== "archived") throw new Refused("NOT_FOUND");
  return article;
}

/**
 * An article, whatever its state, in a workspace that the member is in. What is not published is its author's alone, except a scheduled
 * one, which those who manage the workspace's news may see and stop: callers ask `policy`.
 * @throws Refused NOT_FOUND, ARTICLE_GONE.
 */
export async function sharedArticle(tx: Tx, member: Member, articleId: string, lock?: "share" | "update"): Promise<ArticleRow> {
  if (!isId("article", articleId)) throw new Refused("NOT_FOUND");
  const asked = tx
    .select()
    .from(articles)
    .where(and(eq(articles.organizationId, member.organizationId), eq(articles.id, articleId), isSharedWith(member)));
  const [article] = await (lock ? asked.for(lock) : asked);
  if (!article) throw new Refused("NOT_FOUND");
  if (article.deletedAt) throw new Refused(article.version > 0 ? "ARTICLE_GONE" : "NOT_FOUND");
  return article;
}

export interface WorkspaceHere {
  id: string;
  name: string;
  slug: string;
}

/** A workspace that the member is in, by the address of its page. @throws Refused NOT_FOUND. */
export async function workspaceAt(tx: Tx, member: Member, slug: string): Promise<WorkspaceHere> {
  const [found] = await tx
    .select({ id: workspaces.id, name: workspaces.name, slug: workspaces.slug })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.slug, slug), isInWorkspace(member, sql`${workspaces.id}`)));
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

/** The workspaces that the member is in, oldest first. */
export async function workspacesOf(tx: Tx, member: Member): Promise<WorkspaceHere[]> {
  return tx
    .select({ id: workspaces.id, name: workspaces.name, slug: workspaces.slug })
    .from(workspaces)
    .innerJoin(workspaceMembers, eq(workspaceMembers.workspaceId, workspaces.id))
    .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaceMembers.memberId, member.id)))
    .orderBy(workspaces.id);
}

/**
 * Whether the member may hear a realtime channel of the news: that of a workspace they are in, or of an article they may look at, which
 * before it is published is its author, and with an instant who manages the news.
 */
export async function mayHear(tx: Tx, member: Member, subject: { workspaceId: string } | { articleId: string }): Promise<boolean> {
  if ("workspaceId" in subject) {
    const [found] = await tx.select({ id: workspaceMembers.memberId }).from(workspaceMembers)
      .where(and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.workspaceId, subject.workspaceId), eq(workspaceMembers.memberId, member.id)));
    return found !== undefined;
  }
  const [found] = await tx.select({ version: articles.version, authorId: articles.authorId, publishAt: articles.publishAt }).from(articles)
    .where(and(eq(articles.organizationId, member.organizationId), eq(articles.id, subject.articleId), isNull(articles.deletedAt), isSharedWith(member)));
  return found !== undefined && (found.version > 0 || maySeeUnpublished(member, found));
}
