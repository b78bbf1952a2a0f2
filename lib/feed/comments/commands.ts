import { isDeepStrictEqual } from "node:util";
import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { readableArticle } from "../access/queries";
import { articleFactsOf } from "../articles/facts/queries";
import { articleTallies } from "../articles/tables";
import { mentionable } from "../document/people/queries";
import { excerptOf, mentionsIn, plainTextOf, type ArticleDocument } from "../document/rules";
import { commentAdded, commentDeleted, commentEdited } from "../events";
import { callReaders } from "../live/commands";
import { mayDeleteComment, mayEditComment } from "../policy";
import { forgetIndexed, indexComment } from "../search/commands";
import type { CommentInput } from "./inputs";
import { readableComment } from "./queries";
import { takesComments } from "./rules";
import { comments } from "./tables";

const commentsPerMinute = 60;

/**
 * Comments an article, or answers a comment at it. With `key`, a repeated request answers the first one's comment.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, COMMENTS_CLOSED, INVALID (a parent that is not at this article), TOO_MANY_REQUESTS, IDEMPOTENCY_MISMATCH.
 */
export async function addComment(member: Member, articleId: string, input: CommentInput, key?: string): Promise<{ commentId: string; fresh: boolean }> {
  await limitRate(`comments:${member.id}`, commentsPerMinute, 60);
  return inTenant(member, async (tx) => {
    const id = newId("comment");
    if (key !== undefined) {
      const claim = await claimKey(tx, member, { key, operation: "add-comment", input: { articleId, ...input } }, id);
      if (!claim.fresh) return { commentId: claim.resultId, fresh: false };
    }
    const article = await readableArticle(tx, member, articleId, "share");
    if (!takesComments(article)) throw new Refused("COMMENTS_CLOSED");
    const answered = input.parentId === null ? null : await answeredComment(tx, article.id, input.parentId);
    const text = plainTextOf(input.document);
    const parentId = answered && (answered.parentId ?? answered.id);
    await tx.insert(comments).values({
      id,
      organizationId: member.organizationId,
      articleId: article.id,
      parentId,
      authorId: member.id,
      document: input.document,
      text,
      createdAt: clock.now(),
    });
    await indexComment(tx, member, { articleId: article.id, commentId: id, text });
    const facts = await articleFactsOf(tx, member, article.id);
    await append(tx, member, commentAdded, {
      actor: actorOf(member),
      article: facts,
      comment: { id, parentId, excerpt: excerptOf(input.document) },
      repliedTo: answered && !answered.deletedAt && answered.authorId !== member.id ? answered.authorId : null,
      mentioned: await mentionable(tx, member, mentionsIn(input.document), facts.workspaceIds),
    });
    callReaders(tx, article.id, { what: "comments", commentId: id });
    await count(tx, member, article.id, 1);
    return { commentId: id, fresh: true };
  });
}

/**
 * Changes one's own words. What says the same stays as it is.
 * @param ifVersion the version the caller read; another one means that another tab was faster.
 * @throws Refused NOT_FOUND (also deleted), ARTICLE_GONE, FORBIDDEN, PRECONDITION_FAILED, COMMENTS_CLOSED, TOO_MANY_REQUESTS.
 */
export async function editComment(member: Member, id: string, input: { document: ArticleDocument; version?: number }): Promise<{ version: number }> {
  await limitRate(`comments:${member.id}`, commentsPerMinute, 60);
  return inTenant(member, async (tx) => {
    const { article, comment } = await readableComment(tx, member, id, true);
    if (!comment.document) throw new Refused("NOT_FOUND");
    if (!mayEditComment(member, comment)) throw new Refused("FORBIDDEN");
    if (!takesComments(article)) throw new Refused("COMMENTS_CLOSED");
    if (input.version !== undefined && input.version !== comment.version) throw new Refused("PRECONDITION_FAILED");
    if (isDeepStrictEqual(comment.document, input.document)) return { version: comment.version };
    const text = plainTextOf(input.document);
    const version = comment.version + 1;
    await tx.update(comments).set({ document: input.document, text, version, editedAt: clock.now() }).where(eq(comments.id, id));
    await indexComment(tx, member, { articleId: article.id, commentId: id, text });
    const before = new Set(mentionsIn(comment.document));
    const facts = await articleFactsOf(tx, member, article.id);
    await append(tx, member, commentEdited, {
      actor: actorOf(member),
      article: facts,
      comment: { id, parentId: comment.parentId, excerpt: excerptOf(input.document) },
      mentioned: await mentionable(tx, member, mentionsIn(input.document).filter((memberId) => !before.has(memberId)), facts.workspaceIds),
    });
    callReaders(tx, article.id, { what: "comments", commentId: id });
    return { version };
  });
}

/**
 * Takes a comment's words away, for good. One that was answered keeps its place. Said again, it comes to the same.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, PRECONDITION_FAILED.
 */
export async function deleteComment(member: Member, id: string, options: { ifVersion?: number } = {}): Promise<void> {
  await inTenant(member, async (tx) => {
    const { article, comment } = await readableComment(tx, member, id, true);
    if (!mayDeleteComment(member, comment)) throw new Refused("FORBIDDEN");
    if (comment.deletedAt) return;
    if (options.ifVersion !== undefined && options.ifVersion !== comment.version) throw new Refused("PRECONDITION_FAILED");
    await tx
      .update(comments)
      .set({ document: null, text: "", version: comment.version + 1, deletedAt: clock.now(), deletedBy: member.id })
      .where(eq(comments.id, id));
    await forgetIndexed(tx, member, { commentId: id });
    await append(tx, member, commentDeleted, { actor: actorOf(member), articleId: article.id, commentId: id });
    if (comment.authorId !== member.id) {
      await audit(tx, member, [{ action: "comment.deleted", subject: article.title, detail: { commentId: id, articleId: article.id, authorId: comment.authorId } }]);
    }
    callReaders(tx, article.id, { what: "comments", commentId: id });
    await count(tx, member, article.id, -1);
  });
}

const actorOf = (member: Member) => ({ memberId: member.id, name: member.name });

/** Also one that was deleted meanwhile: who was writing an answer has not lost it, and below a place without words others may follow. */
async function answeredComment(tx: Tx, articleId: string, id: string) {
  const [found] = isId("comment", id)
    ? await tx
        .select({ id: comments.id, parentId: comments.parentId, authorId: comments.authorId, deletedAt: comments.deletedAt })
        .from(comments)
        .where(and(eq(comments.articleId, articleId), eq(comments.id, id)))
    : [];
  if (!found) throw refusedField("parentId", "invalid", describeFault("invalid"));
  return found;
}

/** Last in its transaction, because everybody who comments the same article waits here for each other. */
async function count(tx: Tx, member: Member, articleId: string, change: 1 | -1): Promise<void> {
  await tx
    .insert(articleTallies)
    .values({ articleId, organizationId: member.organizationId, comments: Math.max(0, change) })
    .onConflictDoUpdate({ target: articleTallies.articleId, set: { comments: sql`${articleTallies.comments} + ${change}` } });
}
