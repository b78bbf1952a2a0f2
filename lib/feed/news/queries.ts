import { sql } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { Member } from "@/lib/organizations/actor";

/** A reader who is about to be told something of an article, or of a comment at it. `id` is the caller's own. */
export interface AboutToRead {
  id: string;
  memberId: string;
  articleId: string;
  commentId: string | null;
}

/** Why there is nothing to tell any more. Each has a sentence in `messages/<locale>/receipts.json`. */
export type NoNews = "deleted" | "archived" | "unpublished" | "no-access";

/** An article as it stands for one reader at this moment. */
export interface ArticleNow {
  over: NoNews | null;
  title: string;
  excerpt: string;
  authorId: string;
  authorName: string;
  /** Where it was written, whether or not the reader may know. */
  feedId: string;
  /** A workspace in which this reader may read it: the one it was written in, if they are in it. */
  workspaceName: string;
  /** Null is the name of a workspace's first feed, and of one that is not the reader's. */
  feedName: string | null;
  mustRead: { dueAt: Date | null } | null;
  /** The reader has said that they read it. */
  acknowledged: boolean;
  comment: { authorName: string; text: string; createdAt: Date } | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  found: boolean;
  deleted: boolean;
  state: string | null;
  title: string | null;
  excerpt: string | null;
  author_id: string | null;
  feed_id: string | null;
  author_name: string | null;
  workspace_name: string | null;
  feed_name: string | null;
  must_read: boolean;
  due_at: string | null;
  acknowledged: boolean;
  comment: { author: string | null; text: string; at: string } | null;
}

/** As much of a comment as a mail shows. */
const quotedMax = 600;

/**
 * What notifications ask when they leave: one statement for all of them, whoever they go to. Access is asked as it is now, of the same
 * rows that the article's page asks.
 */
export async function articlesAsTheyStand(tenant: Tenant, asked: AboutToRead[]): Promise<Map<string, ArticleNow>> {
  if (asked.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<Row>(sql`
      select asked.id, articles.id is not null as found, articles.state, articles.title, articles.excerpt, articles.author_id, articles.feed_id,
        coalesce(writers.name, writers.email) as author_name, place.workspace_name, place.feed_name,
        must_reads.article_id is not null as must_read, must_reads.due_at, acknowledgements.member_id is not null as acknowledged,
        articles.deleted_at is not null or asked.comment_id is not null and (comments.id is null or comments.deleted_at is not null) as deleted,
        case when comments.id is not null then jsonb_build_object('author', coalesce(commenters.name, commenters.email), 'text', left(comments.text, ${quotedMax}), 'at', comments.created_at) end as comment
      from unnest(${textArray(asked.map(({ id }) => id))}, ${textArray(asked.map(({ memberId }) => memberId))},
        ${textArray(asked.map(({ articleId }) => articleId))}, ${textArray(asked.map(({ commentId }) => commentId))}
      ) as asked (id, member_id, article_id, comment_id)
      left join articles on articles.organization_id = ${tenant.organizationId} and articles.id = asked.article_id
      left join members authors on authors.id = articles.author_id
      left join users writers on writers.id = authors.user_id
      left join lateral (
        select workspaces.name as workspace_name, case when article_places.feed_id = articles.feed_id then feeds.name end as feed_name
        from article_places
        join workspace_members on workspace_members.workspace_id = article_places.workspace_id and workspace_members.member_id = asked.member_id
        join workspaces on workspaces.id = article_places.workspace_id
        join feeds on feeds.id = article_places.feed_id
        where article_places.article_id = articles.id
        order by article_places.feed_id = articles.feed_id desc, workspaces.id limit 1
      ) as place on true
      left join comments on comments.organization_id = ${tenant.organizationId} and comments.id = asked.comment_id and comments.article_id = asked.article_id
      left join members speakers on speakers.id = comments.author_id
      left join users commenters on commenters.id = speakers.user_id
      left join must_reads on must_reads.article_id = articles.id
      left join acknowledgements on acknowledgements.article_id = articles.id and acknowledgements.member_id = asked.member_id`),
  );
  return new Map(rows.map((row) => [row.id, nowOf(row)]));
}

function nowOf(row: Row): ArticleNow {
  return {
    over: overOf(row),
    title: row.title ?? "",
    excerpt: row.excerpt ?? "",
    authorId: row.author_id ?? "",
    feedId: row.feed_id ?? "",
    authorName: row.author_name ?? "",
    workspaceName: row.workspace_name ?? "",
    feedName: row.feed_name,
    mustRead: row.must_read ? { dueAt: row.due_at === null ? null : new Date(row.due_at) } : null,
    acknowledged: row.acknowledged,
    comment: row.comment && { authorName: row.comment.author ?? "", text: row.comment.text, createdAt: new Date(row.comment.at) },
  };
}

function overOf({ found, deleted, state, workspace_name: place }: Row): NoNews | null {
  if (!found || deleted) return "deleted";
  if (place === null) return "no-access";
  if (state === "archived") return "archived";
  return state === "published" ? null : "unpublished";
}

/** Which of these articles the member may read now: what an inbox line may still lead to. */
export async function openArticles(member: Member, articleIds: string[]): Promise<Set<string>> {
  if (articleIds.length === 0) return new Set();
  const asked = [...new Set(articleIds)].map((articleId) => ({ id: articleId, memberId: member.id, articleId, commentId: null }));
  const now = await articlesAsTheyStand(member, asked);
  return new Set([...now].flatMap(([id, { over }]) => (over === null || over === "archived" ? [id] : [])));
}

/** What a topic is called for somebody who may read it. The name of a workspace's first feed is null. */
export type TopicName = { kind: "article"; title: string } | { kind: "feed"; name: string | null; workspaceName: string; workspaceSlug: string; slug: string };

/** The names of articles and feeds by id; what the member may not read is not in the answer. */
export async function topicNames(member: Member, topics: string[]): Promise<Map<string, TopicName>> {
  if (topics.length === 0) return new Map();
  return inTenant(member, async (tx) => {
    const named = await tx.execute<{ id: string; title: string }>(sql`
      select id, title from articles
      where organization_id = ${member.organizationId} and id = any(${textArray(topics)}) and deleted_at is null and state in ('published', 'archived')
        and exists (
          select 1 from article_places join workspace_members on workspace_members.workspace_id = article_places.workspace_id
          where article_places.article_id = articles.id and workspace_members.member_id = ${member.id})`);
    const streams = await tx.execute<{ id: string; name: string | null; slug: string; workspace_name: string; workspace_slug: string }>(sql`
      select feeds.id, feeds.name, feeds.slug, workspaces.name as workspace_name, workspaces.slug as workspace_slug
      from feeds
      join workspaces on workspaces.id = feeds.workspace_id
      join workspace_members on workspace_members.workspace_id = feeds.workspace_id and workspace_members.member_id = ${member.id}
      where feeds.organization_id = ${member.organizationId} and feeds.id = any(${textArray(topics)})`);
    return new Map<string, TopicName>([
      ...named.map(({ id, title }): [string, TopicName] => [id, { kind: "article", title }]),
      ...streams.map((feed): [string, TopicName] => [
        feed.id,
        { kind: "feed", name: feed.name, slug: feed.slug, workspaceName: feed.workspace_name, workspaceSlug: feed.workspace_slug },
      ]),
    ]);
  });
}
