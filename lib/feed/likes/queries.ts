import { and, count, desc, eq, inArray, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { instantInput } from "@/lib/platform/instant-input";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { readableArticle } from "../access/queries";
import { articleTallies } from "../articles/tables";
import { comments } from "../comments/tables";
import type { Likeable, ListLikersInput } from "./inputs";
import type { LikersPage, LikeState } from "./mappings";
import { likes } from "./tables";

/** Who likes this, in the words of the database. */
export const isOf = ({ articleId, commentId }: Likeable): SQL | undefined =>
  and(eq(likes.articleId, articleId), commentId === null ? isNull(likes.commentId) : eq(likes.commentId, commentId));

const given = isNull(likes.withdrawnAt);

/** What an id of an article or of a comment stands for, for whoever may read it. @throws Refused NOT_FOUND, ARTICLE_GONE. */
export async function likeableOf(member: Member, id: string): Promise<Likeable> {
  return inTenant(member, async (tx) => {
    if (!isId("comment", id)) return { articleId: (await readableArticle(tx, member, id)).id, commentId: null };
    const [comment] = await tx
      .select({ articleId: comments.articleId })
      .from(comments)
      .where(and(eq(comments.organizationId, member.organizationId), eq(comments.id, id), isNull(comments.deletedAt)));
    if (!comment) throw new Refused("NOT_FOUND");
    return { articleId: (await readableArticle(tx, member, comment.articleId)).id, commentId: id };
  });
}

/** How many people like this, and who, the latest first. @throws Refused NOT_FOUND, ARTICLE_GONE, INVALID for a cursor of another list. */
export async function likersOf(member: Member, id: string, { cursor, limit }: ListLikersInput): Promise<LikersPage> {
  const what = await likeableOf(member, id);
  const after = cursor === undefined ? undefined : readCursor(cursor);
  return inTenant(member, async (tx) => {
    const state = await likeStateOf(tx, member, what);
    if (limit === 0) return { ...state, people: [], nextCursor: null };
    const rows = await tx
      .select({ id: members.id, name: users.name, email: users.email, likedAt: likes.likedAt })
      .from(likes)
      .innerJoin(members, eq(members.id, likes.memberId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(isOf(what), given, after && or(lt(likes.likedAt, after.likedAt), and(eq(likes.likedAt, after.likedAt), lt(likes.memberId, after.memberId)))))
      .orderBy(desc(likes.likedAt), desc(likes.memberId))
      .limit(limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      ...state,
      people: page.map(({ id: memberId, likedAt, ...person }) => ({ id: memberId, name: displayName(person), likedAt: likedAt.toISOString() })),
      nextCursor: last && rows.length > limit ? cursorOf(last) : null,
    };
  });
}

export async function likeStateOf(tx: Tx, member: Member, what: Likeable): Promise<LikeState> {
  if (what.commentId !== null) return (await likesOfComments(tx, member, [what.commentId])).get(what.commentId) ?? { likes: 0, liked: false };
  const [mine] = await tx.select({ memberId: likes.memberId }).from(likes).where(and(isOf(what), eq(likes.memberId, member.id), given));
  const [tally] = await tx.select({ likes: articleTallies.likes }).from(articleTallies).where(eq(articleTallies.articleId, what.articleId));
  return { likes: tally?.likes ?? 0, liked: mine !== undefined };
}

/** The likes of these comments; what nobody likes is not among them. */
export async function likesOfComments(tx: Tx, member: Member, commentIds: string[]): Promise<Map<string, LikeState>> {
  if (commentIds.length === 0) return new Map();
  const rows = await tx
    .select({ commentId: likes.commentId, likes: count(), liked: sql<boolean>`bool_or(${likes.memberId} = ${member.id})` })
    .from(likes)
    .where(and(inArray(likes.commentId, commentIds), given))
    .groupBy(likes.commentId);
  return new Map(rows.flatMap(({ commentId, ...state }) => (commentId === null ? [] : [[commentId, state]])));
}

const cursorOf = (row: { likedAt: Date; id: string }) => Buffer.from(`${row.likedAt.toISOString()} ${row.id}`).toString("base64url");

function readCursor(cursor: string): { likedAt: Date; memberId: string } {
  const [likedAt = "", memberId = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (!isId("member", memberId) || !instantInput.safeParse(likedAt).success) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  return { likedAt: new Date(likedAt), memberId };
}
