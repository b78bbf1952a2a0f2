import { and, desc, eq, gte, inArray, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { readableArticle, type ArticleRow } from "../access/queries";
import { articleTallies } from "../articles/tables";
import { namesOf } from "../document/people/queries";
import { mentionsIn } from "../document/rules";
import { likesOfComments } from "../likes/queries";
import { mayDeleteComment, mayEditComment } from "../policy";
import { commentsPerPage, type ListCommentsInput } from "./inputs";
import type { CommentPage, CommentView } from "./mappings";
import { takesComments } from "./rules";
import { comments } from "./tables";

const commentUrl = (id: string) => `${env().APP_URL}/api/comments/${id}`;

/** So many replies come with their comment; the earlier ones are asked for. */
const repliesShown = 10;
/** The most that one answer goes back for a comment that is looked for. */
const aroundMax = 200;

type Wish = Partial<Omit<ListCommentsInput, "article">>;

/**
 * A conversation, the latest part first to be read and oldest first within it: `cursor` leads to what was said before. Comments come with
 * the latest replies to them. How many statements it takes does not depend on how many comments there are.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, INVALID for a cursor of another list.
 */
export async function commentsAt(member: Member, articleId: string, wish: Wish = {}): Promise<CommentPage> {
  return inTenant(member, async (tx) => {
    const article = await readableArticle(tx, member, articleId);
    const { rows, nextCursor } = await wishedRows(tx, article.id, wish);
    const [tally] = await tx.select({ total: articleTallies.comments }).from(articleTallies).where(eq(articleTallies.articleId, article.id));
    return {
      comments: await viewsOf(tx, member, article, rows),
      nextCursor,
      people: Object.fromEntries(await namesOf(tx, member, rows.flatMap(({ document }) => (document ? mentionsIn(document) : [])))),
      total: tally?.total ?? 0,
      open: takesComments(article),
    };
  });
}

/** One comment, as its page of the API shows it. @throws Refused NOT_FOUND, ARTICLE_GONE. */
export async function commentDetails(member: Member, id: string): Promise<CommentView> {
  return inTenant(member, async (tx) => {
    const { article } = await readableComment(tx, member, id);
    const [view] = await viewsOf(tx, member, article, await rowsOf(tx, article.id, eq(comments.id, id), 1));
    if (!view) throw new Refused("NOT_FOUND");
    return view;
  });
}

type CommentRow = typeof comments.$inferSelect;

/**
 * A comment at an article that the member may read, deleted or not. With `lock`, the article stays as it is and nobody else changes the
 * comment before the transaction ends. @throws Refused NOT_FOUND, ARTICLE_GONE.
 */
export async function readableComment(tx: Tx, member: Member, id: string, lock = false): Promise<{ article: ArticleRow; comment: CommentRow }> {
  if (!isId("comment", id)) throw new Refused("NOT_FOUND");
  const own = and(eq(comments.organizationId, member.organizationId), eq(comments.id, id));
  const [place] = await tx.select({ articleId: comments.articleId }).from(comments).where(own);
  if (!place) throw new Refused("NOT_FOUND");
  // The article before its comment, as everywhere: who takes them in one order never waits for each other.
  const article = await readableArticle(tx, member, place.articleId, lock ? "share" : undefined);
  const asked = tx.select().from(comments).where(own);
  const [comment] = await (lock ? asked.for("update") : asked);
  if (!comment) throw new Refused("NOT_FOUND");
  return { article, comment };
}

interface Row {
  id: string;
  parentId: string | null;
  authorId: string;
  author: { name: string | null; email: string };
  document: CommentRow["document"];
  text: string;
  version: number;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  deletedBy: string | null;
}

interface Rows {
  rows: Row[];
  nextCursor: string | null;
}

const standing = isNull(comments.deletedAt);
/** Replies that stand keep the place of the comment that they answer. */
const isAnswered = sql`exists (select 1 from ${comments} as reply where reply.parent_id = ${comments.id} and reply.deleted_at is null)`;
/** These and what they answer, as one list: a condition with "or" would look at every comment of the article. */
const isAmong = (ids: string[]) => sql`${comments.id} = any(array(
  select unnest(${sql.param(ids)}::text[]) union select reply.parent_id from ${comments} as reply where reply.id = any(${sql.param(ids)}::text[])))`;
const isShown = or(standing, and(isNull(comments.parentId), isAnswered));

async function wishedRows(tx: Tx, articleId: string, { cursor, limit = commentsPerPage, parent, ids, around }: Wish): Promise<Rows> {
  if (cursor !== undefined && !isId("comment", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const earlier = cursor === undefined ? undefined : lt(comments.id, cursor);
  if (ids) return { rows: (await rowsOf(tx, articleId, isAmong(ids), 2 * ids.length)).sort(byId), nextCursor: null };
  if (parent !== undefined) return pageOf(await rowsOf(tx, articleId, and(eq(comments.parentId, parent), earlier), limit + 1), limit);
  const place = around === undefined ? undefined : await placeOf(tx, articleId, around);
  const size = place ? aroundMax : limit;
  const since = place && gte(comments.id, place.thread);
  const { rows: threads, nextCursor } = pageOf(await rowsOf(tx, articleId, and(isNull(comments.parentId), earlier, since), size + 1), size);
  const replies = await latestReplies(tx, articleId, threads.map(({ id }) => id), place);
  const before = nextCursor ?? (place && (await cursorBefore(tx, articleId, place.thread)));
  return { rows: [...threads, ...replies].sort(byId), nextCursor: before ?? null };
}

/** Which conversation a comment belongs to; undefined when it is not there (any more). */
async function placeOf(tx: Tx, articleId: string, id: string): Promise<{ thread: string; reply: string | null } | undefined> {
  const [found] = await tx.select({ id: comments.id, parentId: comments.parentId }).from(comments).where(and(eq(comments.articleId, articleId), eq(comments.id, id), isShown));
  return found && { thread: found.parentId ?? found.id, reply: found.parentId === null ? null : found.id };
}

/** Where to go on from the first comment of a page; null when none came before it. */
async function cursorBefore(tx: Tx, articleId: string, first: string): Promise<string | null> {
  const earlier = await rowsOf(tx, articleId, and(isNull(comments.parentId), lt(comments.id, first)), 1);
  return earlier.length > 0 ? first : null;
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** Of rows that were read newest first, and one more than fits. */
function pageOf(found: Row[], limit: number): Rows {
  const rows = found.slice(0, limit).reverse();
  return { rows, nextCursor: found.length > limit ? (rows[0]?.id ?? null) : null };
}

/** Newest first. */
function rowsOf(tx: Tx, articleId: string, which: SQL | undefined, limit: number): Promise<Row[]> {
  return tx
    .select({
      id: comments.id,
      parentId: comments.parentId,
      authorId: comments.authorId,
      author: { name: users.name, email: users.email },
      document: comments.document,
      text: comments.text,
      version: comments.version,
      createdAt: comments.createdAt,
      editedAt: comments.editedAt,
      deletedAt: comments.deletedAt,
      deletedBy: comments.deletedBy,
    })
    .from(comments)
    .innerJoin(members, eq(members.id, comments.authorId))
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(comments.articleId, articleId), which, isShown))
    .orderBy(desc(comments.id))
    .limit(limit);
}

/** The latest replies to each of these, and to the one that is looked at all since the one that is looked for. */
async function latestReplies(tx: Tx, articleId: string, threads: string[], place?: { thread: string; reply: string | null }): Promise<Row[]> {
  if (threads.length === 0) return [];
  const latest = sql`${comments.id} in (
    select reply.id from unnest(${sql.param(threads)}::text[]) as thread (id), lateral (
      select id from comments where parent_id = thread.id and deleted_at is null order by id desc limit ${repliesShown}) as reply)`;
  const asked = place?.reply ? and(eq(comments.parentId, place.thread), gte(comments.id, place.reply)) : undefined;
  return rowsOf(tx, articleId, and(isNull(comments.deletedAt), or(latest, asked)), threads.length * repliesShown + aroundMax);
}

async function viewsOf(tx: Tx, member: Member, article: ArticleRow, rows: Row[]): Promise<CommentView[]> {
  const ids = rows.map(({ id }) => id);
  const likes = await likesOfComments(tx, member, ids);
  const replies = await repliesTo(tx, rows.filter(({ parentId }) => parentId === null).map(({ id }) => id));
  const open = takesComments(article);
  return rows.map(({ author, authorId, deletedAt, deletedBy, createdAt, editedAt, ...row }) => ({
    ...row,
    articleId: article.id,
    author: deletedAt ? null : { id: authorId, name: displayName(author) },
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deleted: deletedAt ? (deletedBy === authorId ? "by-author" : "by-manager") : null,
    replies: replies.get(row.id) ?? 0,
    likes: likes.get(row.id)?.likes ?? 0,
    liked: likes.get(row.id)?.liked ?? false,
    mayEdit: !deletedAt && open && mayEditComment(member, { authorId }),
    mayDelete: !deletedAt && mayDeleteComment(member, { authorId }),
    url: commentUrl(row.id),
  }));
}

async function repliesTo(tx: Tx, threads: string[]): Promise<Map<string, number>> {
  if (threads.length === 0) return new Map();
  const rows = await tx
    .select({ parentId: comments.parentId, replies: sql<number>`count(*)::int` })
    .from(comments)
    .where(and(inArray(comments.parentId, threads), standing))
    .groupBy(comments.parentId);
  return new Map(rows.flatMap(({ parentId, replies }) => (parentId === null ? [] : [[parentId, replies]])));
}
