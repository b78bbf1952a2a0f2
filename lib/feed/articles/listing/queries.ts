import { and, eq, sql, type SQL } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { workspaceAt } from "../../access/queries";
import { feeds } from "../../feeds/tables";
import { likes } from "../../likes/tables";
import { mediaOf } from "../../media/queries";
import { acknowledgements, mustReads } from "../../must-reads/tables";
import { seenUpTo } from "../../reading/rules";
import { articleReads, workspaceReads } from "../../reading/tables";
import type { ArticleState } from "../inputs";
import { pinsMax } from "../rules";
import { articlePlaces, articles, articleTallies } from "../tables";
import { articlesPerPage } from "./inputs";
import type { ArticleGlance, ArticlePage } from "./mappings";
import { cursorOf, readCursor, type ListPlace } from "./rules";

interface Asked {
  workspace: string;
  feed?: string;
}

/**
 * A page of a workspace's news. The cursor names the last article seen, so what is published meanwhile neither repeats nor hides another.
 * @throws Refused NOT_FOUND, INVALID (cursor).
 */
export async function listArticles(
  member: Member,
  { cursor, limit = articlesPerPage, ...asked }: Asked & { cursor?: string; limit?: number },
): Promise<ArticlePage> {
  const after = placeIn(cursor);
  const madeAt = clock.now();
  return inTenant(member, async (tx) => {
    const where = await streamOf(tx, member, asked);
    await walkIndexes(tx);
    const rows = await glances(tx, member, where, sql`${articlePlaces.pinnedAt} is null ${after ? sql`and ${listPlace} < ${rowOf(after)}` : sql``}`, limit + 1);
    const pinned = after ? [] : await pinnedIn(tx, member, where);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const newest = [...page, ...pinned].map(standing).sort(newestFirst)[0];
    const shown = await named(tx, member, [...page, ...pinned]);
    return {
      articles: shown.slice(0, page.length),
      pinned: shown.slice(page.length),
      nextCursor: last && rows.length > limit ? cursorOf(standing(last)) : null,
      newest: cursorOf(newest),
      seenUpTo: seenUpTo(newest?.at ?? null, madeAt),
    };
  });
}

/** For the API: the whole stream by cursor, pinned ones in their place. @throws Refused NOT_FOUND, INVALID (cursor). */
export async function streamPage(
  member: Member,
  { cursor, limit, ...asked }: Asked & { cursor?: string; limit: number },
): Promise<{ articles: ArticleGlance[]; nextCursor: string | null }> {
  const after = placeIn(cursor);
  return inTenant(member, async (tx) => {
    const where = await streamOf(tx, member, asked);
    await walkIndexes(tx);
    const rows = await glances(tx, member, where, after ? sql`${listPlace} < ${rowOf(after)}` : sql`true`, limit + 1);
    const last = rows.at(limit - 1);
    return { articles: await named(tx, member, rows.slice(0, limit)), nextCursor: last && rows.length > limit ? cursorOf(standing(last)) : null };
  });
}

/** So many are counted; a pill says more as 20+. */
const newerMax = 20;

/** What came since a page was shown, the newest first. @throws Refused NOT_FOUND, INVALID (newest). */
export async function newerThan(member: Member, { newest, ...asked }: Asked & { newest: string }): Promise<{ count: number; articles: ArticleGlance[] }> {
  const before = placeIn(newest);
  return inTenant(member, async (tx) => {
    const where = await streamOf(tx, member, asked);
    await walkIndexes(tx);
    const rows = await glances(tx, member, where, before ? sql`${listPlace} > ${rowOf(before)}` : sql`true`, newerMax);
    return { count: rows.length, articles: await named(tx, member, rows) };
  });
}

function placeIn(cursor: string | undefined): ListPlace | null {
  if (cursor === undefined) return null;
  const place = readCursor(cursor);
  if (!place) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  return place;
}

const listPlace = sql`(${articlePlaces.listedAt}, ${articlePlaces.articleId})`;
const rowOf = ({ at, articleId }: ListPlace) => sql`(${at.toISOString()}::timestamptz, ${articleId})`;

/** A feed of a workspace, or all of them: which index is walked. */
interface Stream {
  workspaceId: string;
  condition: SQL;
}

async function streamOf(tx: Tx, member: Member, { workspace, feed }: Asked): Promise<Stream> {
  const { id } = await workspaceAt(tx, member, workspace);
  if (feed === undefined) return { workspaceId: id, condition: sql`${articlePlaces.workspaceId} = ${id}` };
  const [found] = await tx
    .select({ id: feeds.id })
    .from(feeds)
    .where(and(eq(feeds.organizationId, member.organizationId), eq(feeds.workspaceId, id), eq(feeds.slug, feed)));
  if (!found) throw new Refused("NOT_FOUND");
  return { workspaceId: id, condition: sql`${articlePlaces.feedId} = ${found.id}` };
}

/**
 * From here to the end of the transaction lists are read along their indexes, by a plan that is made once a connection. Left alone, the
 * planner may take the policy of row level security for a filter that hardly any row passes, and read and sort a whole feed for its
 * first twenty lines; and it plans the eleven tables of a page anew each time, which takes longer than reading them (bench/feed.ts).
 */
const walkIndexes = (tx: Tx) =>
  tx.execute(sql`
    select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('plan_cache_mode', 'force_generic_plan', true)`);

/** Written out, and no parameter: of a number that it does not know the planner expects a tenth of the feed. */
const atMost = (rows: number) => sql.raw(`limit ${Math.trunc(rows)}`);

interface Row extends Record<string, unknown> {
  id: string;
  title: string;
  excerpt: string;
  cover_id: string | null;
  author_id: string;
  author_name: string | null;
  author_email: string;
  published_at: string;
  edited_at: string | null;
  feed_id: string;
  feed_name: string | null;
  feed_slug: string;
  likes: number;
  comments: number;
  comments_open: boolean;
  liked: boolean;
  unread: boolean;
  pinned: boolean;
  listed_at: string;
  must_read: boolean;
  due_at: string | null;
  acknowledged: boolean;
  state: ArticleState;
  version: number;
}

const pinnedIn = async (tx: Tx, member: Member, { workspaceId, condition }: Stream): Promise<Row[]> =>
  lines(tx, member, sql`
    select ${articlePlaces}.* from ${articlePlaces}
    where ${articlePlaces.workspaceId} = ${workspaceId} and ${articlePlaces.pinnedAt} is not null and ${condition} and ${articlePlaces.listedAt} is not null
    order by ${articlePlaces.pinnedAt} desc ${atMost(pinsMax)}`, sql`place.pinned_at desc`);

const glances = (tx: Tx, member: Member, { condition }: Stream, more: SQL, limit: number): Promise<Row[]> =>
  lines(tx, member, sql`
    select ${articlePlaces}.* from ${articlePlaces}
    where ${condition} and ${articlePlaces.listedAt} is not null and ${more}
    order by ${articlePlaces.listedAt} desc, ${articlePlaces.articleId} desc ${atMost(limit)}`, sql`place.listed_at desc, place.article_id desc`);

/** The places first, so many as are shown, and then what belongs to each: one query for a page. */
async function lines(tx: Tx, member: Member, places: SQL, order: SQL): Promise<Row[]> {
  return tx.execute<Row>(sql`
    select a.id, a.title, a.excerpt, a.cover_id, a.author_id, u.name as author_name, u.email as author_email, a.published_at, a.edited_at,
      f.id as feed_id, f.name as feed_name, f.slug as feed_slug, coalesce(t.likes, 0) as likes, coalesce(t.comments, 0) as comments, a.comments_open,
      exists (select 1 from ${likes} l where l.article_id = a.id and l.comment_id is null and l.member_id = ${member.id} and l.withdrawn_at is null) as liked,
      r.member_id is null and place.listed_at > coalesce(greatest(w.read_before, m.created_at), '-infinity') as unread,
      place.pinned_at is not null as pinned, place.listed_at, q.article_id is not null as must_read, q.due_at, k.member_id is not null as acknowledged, a.state, a.version
    from (${places}) as place
    join ${articles} a on a.id = place.article_id
    join ${feeds} f on f.id = place.feed_id
    join ${members} p on p.id = a.author_id
    join ${users} u on u.id = p.user_id
    left join ${articleTallies} t on t.article_id = place.article_id
    left join ${articleReads} r on r.member_id = ${member.id} and r.article_id = place.article_id
    left join ${workspaceReads} w on w.member_id = ${member.id} and w.workspace_id = place.workspace_id
    left join ${workspaceMembers} m on m.member_id = ${member.id} and m.workspace_id = place.workspace_id
    left join ${mustReads} q on q.article_id = place.article_id
    left join ${acknowledgements} k on k.article_id = place.article_id and k.member_id = ${member.id}
    order by ${order}`);
}

const standing = (row: Row): ListPlace => ({ at: new Date(row.listed_at), articleId: row.id });
const newestFirst = (one: ListPlace, other: ListPlace) => other.at.getTime() - one.at.getTime() || (one.articleId < other.articleId ? 1 : -1);

/** With their covers, and the reader's workspaces that each may be read in: a query each for all of them. */
export async function named(tx: Tx, member: Member, rows: Row[]): Promise<ArticleGlance[]> {
  if (rows.length === 0) return [];
  const covers = await mediaOf(tx, member, rows.flatMap(({ cover_id: id }) => id ?? []));
  const slugs = await slugsOf(tx, member, rows.map(({ id }) => id));
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    excerpt: row.excerpt,
    cover: row.cover_id === null ? null : (covers.get(row.cover_id) ?? null),
    author: { id: row.author_id, name: displayName({ name: row.author_name, email: row.author_email }) },
    publishedAt: new Date(row.published_at),
    editedAt: row.edited_at === null ? null : new Date(row.edited_at),
    feed: { id: row.feed_id, name: row.feed_name, slug: row.feed_slug },
    workspaceSlugs: slugs.get(row.id) ?? [],
    likes: row.likes,
    liked: row.liked,
    comments: row.comments,
    commentsOpen: row.comments_open,
    unread: row.unread,
    pinned: row.pinned,
    mustRead: row.must_read ? { dueAt: row.due_at === null ? null : new Date(row.due_at), acknowledged: row.acknowledged } : null,
    state: row.state,
    version: row.version,
  }));
}

async function slugsOf(tx: Tx, member: Member, articleIds: string[]): Promise<Map<string, string[]>> {
  const rows = await tx.execute<{ id: string; slugs: string[] }>(sql`
    select asked.id, array(
      select ${workspaces.slug} from ${articlePlaces}
      join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${articlePlaces.workspaceId} and ${workspaceMembers.memberId} = ${member.id}
      join ${workspaces} on ${workspaces.id} = ${articlePlaces.workspaceId}
      where ${articlePlaces.articleId} = asked.id) as slugs
    from unnest(${textArray(articleIds)}) as asked (id)`);
  return new Map(rows.map(({ id, slugs }) => [id, [...slugs].sort()]));
}
