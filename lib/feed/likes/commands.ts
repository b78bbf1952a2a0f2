import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import type { Member } from "@/lib/organizations/actor";
import { readableArticle } from "../access/queries";
import { articleFactsOf } from "../articles/facts/queries";
import { articleTallies } from "../articles/tables";
import { takesLikes } from "../comments/rules";
import { comments } from "../comments/tables";
import { excerptOf } from "../document/rules";
import { articleLiked } from "../events";
import { callReaders } from "../live/commands";
import type { Likeable } from "./inputs";
import type { LikeState } from "./mappings";
import { isOf, likeStateOf } from "./queries";
import { likes } from "./tables";

const likesPerMinute = 300;

/**
 * Says whether the member likes something. Said again, or by ten requests at once, it comes to the same: whether anything changed is
 * decided by the member's own row, and only then does the count change, in the same transaction.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, COMMENTS_CLOSED (archived), TOO_MANY_REQUESTS.
 */
export async function setLike(member: Member, what: Likeable, liked: boolean): Promise<LikeState> {
  await limitRate(`likes:${member.id}`, likesPerMinute, 60);
  return inTenant(member, async (tx) => {
    // Held as it is until the count has changed, so that what is archived or deleted meanwhile keeps the count it had.
    const article = await readableArticle(tx, member, what.articleId, "share");
    if (!takesLikes(article)) throw new Refused("COMMENTS_CLOSED");
    const comment = what.commentId === null ? null : await standingComment(tx, article.id, what.commentId);
    const change = liked ? await give(tx, member, what) : await withdraw(tx, member, what);
    if (change === "none") return likeStateOf(tx, member, what);
    const authorId = comment?.authorId ?? article.authorId;
    if (change === "first" && authorId !== member.id) {
      await append(tx, member, articleLiked, {
        actor: { memberId: member.id, name: member.name },
        article: await articleFactsOf(tx, member, article.id),
        comment: comment && { id: comment.id, excerpt: comment.document ? excerptOf(comment.document) : "" },
        authorId,
      });
    }
    callReaders(tx, article.id, { what: "likes", commentId: what.commentId });
    // Last, because everybody who likes this article waits here for each other.
    if (what.commentId === null) return { liked, likes: await count(tx, member, article.id, liked ? 1 : -1) };
    return likeStateOf(tx, member, what);
  });
}

async function standingComment(tx: Tx, articleId: string, commentId: string) {
  const [comment] = await tx
    .select({ id: comments.id, authorId: comments.authorId, document: comments.document })
    .from(comments)
    .where(and(eq(comments.articleId, articleId), eq(comments.id, commentId), isNull(comments.deletedAt)));
  if (!comment) throw new Refused("NOT_FOUND");
  return comment;
}

/** `first` is the first time ever: what is taken back keeps its row. */
async function give(tx: Tx, member: Member, what: Likeable): Promise<"first" | "again" | "none"> {
  const likedAt = clock.now();
  const inserted = await tx
    .insert(likes)
    .values({ organizationId: member.organizationId, ...what, memberId: member.id, likedAt })
    .onConflictDoNothing()
    .returning({ memberId: likes.memberId });
  if (inserted.length > 0) return "first";
  const renewed = await tx.update(likes).set({ likedAt, withdrawnAt: null }).where(and(isMine(member, what), isNotNull(likes.withdrawnAt))).returning({ memberId: likes.memberId });
  return renewed.length > 0 ? "again" : "none";
}

async function withdraw(tx: Tx, member: Member, what: Likeable): Promise<"withdrawn" | "none"> {
  const rows = await tx.update(likes).set({ withdrawnAt: clock.now() }).where(and(isMine(member, what), isNull(likes.withdrawnAt))).returning({ memberId: likes.memberId });
  return rows.length > 0 ? "withdrawn" : "none";
}

const isMine = (member: Member, what: Likeable) => and(isOf(what), eq(likes.memberId, member.id));

async function count(tx: Tx, member: Member, articleId: string, change: 1 | -1): Promise<number> {
  const [tally] = await tx
    .insert(articleTallies)
    .values({ articleId, organizationId: member.organizationId, likes: Math.max(0, change) })
    .onConflictDoUpdate({ target: articleTallies.articleId, set: { likes: sql`${articleTallies.likes} + ${change}` } })
    .returning({ likes: articleTallies.likes });
  return tally?.likes ?? 0;
}
