import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { memberById, type Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import type { ArticleRow } from "../../access/queries";
import { endDraft } from "../../drafts/commands";
import { holdsContent } from "../../drafts/queries";
import { drafts } from "../../drafts/tables";
import { feeds } from "../../feeds/tables";
import { dropPlaces } from "../places/commands";
import { workspaceIdsOf } from "../places/queries";
import { publishFirst } from "../publishing/commands";
import { whyStopped, type Content } from "../rules";
import { articles } from "../tables";

/** An article and the instant at which it is to be published. */
export interface Scheduled {
  organizationId: string;
  articleId: string;
  publishAt: Date;
}

const dueMax = 1_000;

/** What falls due before `until`, the earliest first. Whatever is found twice is published once. */
export function scheduledBefore(until: Date): Promise<Scheduled[]> {
  return asSystem("articles", async (tx) => {
    const rows = await tx
      .select({ organizationId: articles.organizationId, articleId: articles.id, publishAt: articles.publishAt })
      .from(articles)
      .where(and(eq(articles.state, "scheduled"), isNull(articles.deletedAt), lte(articles.publishAt, until)))
      .orderBy(asc(articles.publishAt))
      .limit(dueMax);
    return rows.flatMap(({ publishAt, ...row }) => (publishAt ? [{ ...row, publishAt }] : []));
  });
}

/**
 * Publishes what was scheduled for this instant, if it still is and its author still may; otherwise it is a draft again that keeps the
 * instant, which tells its author and the admins that it was stopped. One transaction: of two runs the second finds nothing to do, and
 * after one that died it is all still to do.
 */
export async function publishScheduled(tenant: Tenant, { articleId, publishAt }: Omit<Scheduled, "organizationId">): Promise<"published" | "stopped" | "nothing"> {
  const author = await authorOf(tenant, articleId);
  return inTenant(tenant, async (tx) => {
    const [article] = await tx
      .select()
      .from(articles)
      .where(and(eq(articles.id, articleId), eq(articles.state, "scheduled"), eq(articles.publishAt, publishAt), isNull(articles.deletedAt)))
      .for("update");
    if (!article?.document || publishAt > clock.now()) return "nothing";
    const { stop, closed } = await standingOf(tx, article);
    if (!author || stop) {
      await tx.update(articles).set({ state: "draft" }).where(eq(articles.id, articleId));
      return "stopped";
    }
    await dropPlaces(tx, articleId, closed);
    const content = { title: article.title, document: article.document, coverId: article.coverId };
    await publishFirst(tx, author, article, content, { notify: article.notify, commentsOpen: article.commentsOpen });
    await leaveDraft(tx, author, articleId, content);
    return "published";
  });
}

/** Null when they are not a member any longer. Asked before the transaction, which must not open another one. */
async function authorOf(tenant: Tenant, articleId: string): Promise<Member | null> {
  const [row] = await inTenant(tenant, (tx) => tx.select({ authorId: articles.authorId }).from(articles).where(eq(articles.id, articleId)));
  return row ? memberById(tenant, row.authorId) : null;
}

/** Whether its author may publish it now, and the further workspaces that they have left since. Nobody removes the author before this is done. */
async function standingOf(tx: Tx, article: ArticleRow): Promise<{ stop: ReturnType<typeof whyStopped>; closed: string[] }> {
  const [author] = await tx.select({ role: members.role, removedAt: members.removedAt }).from(members).where(eq(members.id, article.authorId)).for("share");
  const [feed] = await tx.select().from(feeds).where(eq(feeds.id, article.feedId)).for("share");
  if (!author || !feed) throw new Error(`article ${article.id} has no author or no feed`);
  const rows = await tx.select({ id: workspaceMembers.workspaceId }).from(workspaceMembers).where(eq(workspaceMembers.memberId, article.authorId)).for("share");
  const theirs = new Set(rows.map(({ id }) => id));
  return {
    stop: whyStopped({ removed: author.removedAt !== null, inWorkspace: theirs.has(feed.workspaceId), role: author.role }, feed),
    closed: (await workspaceIdsOf(tx, article.id)).filter((id) => !theirs.has(id)),
  };
}

/** What was written on since stays a draft, now of a further version. */
async function leaveDraft(tx: Tx, author: Member, articleId: string, content: Content): Promise<void> {
  const own = and(eq(drafts.articleId, articleId), eq(drafts.memberId, author.id));
  const [draft] = await tx.select({ same: holdsContent(content) }).from(drafts).where(own).for("update");
  if (draft?.same) await endDraft(tx, author, articleId);
  else await tx.update(drafts).set({ basedOn: sql`greatest(${drafts.basedOn}, 1)` }).where(own);
}
