import { and, eq, inArray, sql, type SQL } from "drizzle-orm";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { isSharedWith, workspaceAt } from "../access/queries";
import { articlePlaces, articles } from "../articles/tables";
import { comments } from "../comments/tables";
import { namesOf } from "../document/people/queries";
import { foundPerPage, type SearchInput } from "./inputs";
import type { Found, SearchPage } from "./mappings";
import { queryOf, questionOf, type Corrections, type Question } from "./rules";
import { markedLine, markerOf, snippetOf, type Marker } from "./showing/rules";
import { correctionsFor } from "./spelling/queries";
import { stemsOf } from "./stems/queries";
import { searchEntries, searchWords } from "./tables";

/** Below so many, what is spelled nearly the same is shown, too. */
const little = 3;

const nothing: SearchPage = { results: [], similar: [], nextCursor: null };

/**
 * The published articles, and the comments at them, that hold what the member asks for and that they may read now. Words are looked for
 * whatever their ending, accents and particles; the last one may be unfinished.
 * @throws Refused NOT_FOUND for a workspace that they are not in, INVALID for a cursor of something else.
 */
export async function searchNews(member: Member, { q, workspace: slug, cursor }: SearchInput): Promise<SearchPage> {
  if (cursor !== undefined && !isId("article", cursor) && !isId("comment", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const question = questionOf(q);
  return inTenant(member, async (tx) => {
    const workspace = slug === undefined ? null : await workspaceAt(tx, member, slug);
    const stems = await stemsOf(tx, question.words);
    const query = queryOf(question, stems);
    if (query === null) return nothing;
    const search: Search = { member, workspaceId: workspace?.id ?? null };
    const rows = await rankedRows(tx, search, query, cursor);
    const page = rows.slice(0, foundPerPage);
    const similar = cursor === undefined && page.length < little ? await similarRows(tx, search, question, new Set(page.map(({ id }) => id))) : { rows: [], corrections: new Map() };
    const marker = markerOf(question, stems, similar.corrections);
    const found = await shown(tx, member, [...page, ...similar.rows], marker);
    return { results: found.slice(0, page.length), similar: found.slice(page.length), nextCursor: rows.length > foundPerPage ? (page.at(-1)?.id ?? null) : null };
  });
}

interface Search {
  member: Member;
  workspaceId: string | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  articleId: string;
  commentId: string | null;
}

/**
 * A word that stands in more entries than this tells nothing apart: those with it in the title and the newest are asked for whether the
 * member may read them, so that no word costs more than this. Identifiers begin with their instant.
 */
const matchedMax = 20_000;
/** What is found beyond this many is too much to be ranked, and nobody pages so far: titles and newer ones come first. */
const rankedMax = 500;
/** Of words of texts' stems, texts' words, titles' stems and titles' words. */
const weights = "{0.1, 0.2, 0.5, 1}";

/**
 * Titles before articles before comments; among those by rank, in steps so coarse that of what fits about as well the newer comes first.
 * The policy of `search_words` looks for `app.search` itself (`tables.ts`); here it is only ranked by it.
 */
async function rankedRows(tx: Tx, { member, workspaceId }: Search, query: string, cursor?: string): Promise<Row[]> {
  await tx.execute(sql`select set_config('app.search', ${query}, true)`);
  return tx.execute<Row>(sql`
    with matched as (
      select ${searchEntries.id} as id, ${searchEntries.articleId} as article_id, ${searchEntries.commentId} as comment_id,
        case when hit.in_title then 2 when ${searchEntries.commentId} is null then 1 else 0 end as tier,
        coalesce(${comments.createdAt}, ${articles.publishedAt}) as at
      from (
        select ${searchWords.entryId} as entry_id, ${searchWords.title} @@ ${asked} as in_title
        from ${searchWords} order by 2 desc, substr(${searchWords.entryId}, 5) desc limit ${matchedMax}
      ) as hit
      join ${searchEntries} on ${searchEntries.id} = hit.entry_id
      join ${articles} on ${articles.id} = ${searchEntries.articleId}
      left join ${comments} on ${comments.id} = ${searchEntries.commentId}
      where ${articles.state} = 'published' and ${articles.deletedAt} is null and ${comments.deletedAt} is null
        and ${isSharedWith(member)} and ${isReadIn(workspaceId)}
      order by tier desc, at desc
      limit ${rankedMax}
    ), ranked as (
      select matched.*, tier * 1000 + round(100 * ts_rank(${weights}, ${searchWords.words}, ${asked}, 1))::int as score
      from matched join ${searchWords} on ${searchWords.entryId} = matched.id
    )
    select id, article_id as "articleId", comment_id as "commentId" from ranked
    where ${cursor ?? null}::text is null or (score, at, id) < (select score, at, id from ranked where id = ${cursor ?? null})
    order by score desc, at desc, id desc
    limit ${foundPerPage + 1}`);
}

const asked = sql`(select nullif(current_setting('app.search', true), '')::tsquery)`;

const isReadIn = (workspaceId: string | null): SQL =>
  workspaceId === null
    ? sql`true`
    : sql`exists (select 1 from ${articlePlaces} where ${articlePlaces.articleId} = ${articles.id} and ${articlePlaces.workspaceId} = ${workspaceId})`;

/** First what has every word, were some of them mistyped; failing that, what has any. */
async function similarRows(tx: Tx, search: Search, question: Question, known: Set<string>): Promise<{ rows: Row[]; corrections: Corrections }> {
  const corrections = await correctionsFor(tx, question);
  const words = [...question.words, ...[...corrections.values()].flat().map((word) => ({ word, from: 0, to: 0, dense: false }))];
  const stems = await stemsOf(tx, words);
  const joins = [...(corrections.size > 0 ? (["&"] as const) : []), ...(question.words.length > 1 ? (["|"] as const) : [])];
  for (const join of joins) {
    const query = queryOf(question, stems, corrections, join);
    const rows = query === null ? [] : (await rankedRows(tx, search, query)).filter(({ id }) => !known.has(id)).slice(0, foundPerPage);
    if (rows.length > 0) return { rows, corrections };
  }
  return { rows: [], corrections: new Map() };
}

/** What is shown of these, in their order: two statements, however many there are. */
async function shown(tx: Tx, member: Member, rows: Row[], marker: Marker): Promise<Found[]> {
  if (rows.length === 0) return [];
  const facts = await tx
    .select({
      id: searchEntries.id,
      title: articles.title,
      authorId: sql<string>`coalesce(${comments.authorId}, ${articles.authorId})`,
      at: sql<Date>`coalesce(${comments.createdAt}, ${articles.publishedAt})`.mapWith(articles.publishedAt),
      text: sql<string>`coalesce(${comments.text}, ${searchEntries.text}, '')`,
    })
    .from(searchEntries)
    .innerJoin(articles, eq(articles.id, searchEntries.articleId))
    .leftJoin(comments, eq(comments.id, searchEntries.commentId))
    .where(and(eq(searchEntries.organizationId, member.organizationId), inArray(searchEntries.id, rows.map(({ id }) => id))));
  const places = await tx
    .select({ articleId: articlePlaces.articleId, slug: workspaces.slug, name: workspaces.name })
    .from(articlePlaces)
    .innerJoin(workspaceMembers, and(eq(workspaceMembers.workspaceId, articlePlaces.workspaceId), eq(workspaceMembers.memberId, member.id)))
    .innerJoin(workspaces, eq(workspaces.id, articlePlaces.workspaceId))
    .where(and(eq(articlePlaces.organizationId, member.organizationId), inArray(articlePlaces.articleId, [...new Set(rows.map(({ articleId }) => articleId))])))
    .orderBy(workspaces.id);
  const names = await namesOf(tx, member, facts.map(({ authorId }) => authorId));
  const factsOf = new Map(facts.map((fact) => [fact.id, fact]));
  return rows.flatMap(({ id, articleId, commentId }): Found[] => {
    const fact = factsOf.get(id);
    if (!fact) return [];
    return [
      {
        type: commentId === null ? "article" : "comment",
        id,
        articleId,
        title: markedLine(fact.title, marker),
        snippet: snippetOf(fact.text, marker),
        author: { id: fact.authorId, name: names.get(fact.authorId) ?? "" },
        workspaces: places.filter((place) => place.articleId === articleId).map(({ slug, name }) => ({ slug, name })),
        at: fact.at.toISOString(),
      },
    ];
  });
}
