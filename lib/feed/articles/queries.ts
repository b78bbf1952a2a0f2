import { aliasedTable, and, desc, eq, isNull, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { workspaceAt, type ArticleRow } from "../access/queries";
import { emptyDocument, mentionsIn, type ArticleDocument } from "../document/rules";
import { namesOf } from "../document/people/queries";
import { draftRow } from "../drafts/queries";
import { feeds } from "../feeds/tables";
import { likes } from "../likes/tables";
import type { MediaView } from "../media/mappings";
import { mediaOf } from "../media/queries";
import { acknowledgements, mustReads } from "../must-reads/tables";
import { mayEditArticle, mayManageFeeds, mayPin } from "../policy";
import { articleReads } from "../reading/tables";
import type { ArticleState } from "./inputs";
import { placesOf, type Place } from "./places/queries";
import { mediaOfContent, whyStopped, type StopReason } from "./rules";
import { articlePlaces, articles, articleTallies } from "./tables";
import { isUnpublished, visibleArticle } from "./visible/queries";


/** Where the API shows an article. */
export const articleUrl = (articleId: string) => `${env().APP_URL}/api/articles/${articleId}`;

/** An article as its page shows it. */
export interface ArticleView {
  id: string;
  title: string;
  excerpt: string;
  document: ArticleDocument;
  state: ArticleState;
  version: number;
  author: { id: string; name: string; gone: boolean };
  cover: MediaView | null;
  media: Map<string, MediaView>;
  people: Map<string, string>;
  /** Where it was written; of a workspace that is not the reader's, the feed of theirs that it stands in. */
  feed: { id: string; name: string | null; slug: string };
  /** The reader's workspaces that it may be read in; the one it was written in first, if it is theirs. */
  places: Place[];
  /** Every workspace that it may be read in, those included of which the reader may not know more. */
  workspaces: number;
  createdAt: Date;
  publishedAt: Date | null;
  editedAt: Date | null;
  archivedAt: Date | null;
  /** When it is to be published; in the past it could not be, and `stopped` says why, as far as that still holds. */
  publishAt: Date | null;
  stopped: StopReason | null;
  notify: boolean;
  commentsOpen: boolean;
  likes: number;
  liked: boolean;
  comments: number;
  readAt: Date | null;
  mustRead: { dueAt: Date | null; acknowledged: { version: number; at: Date } | null } | null;
  /** The reader has changes that readers do not see. */
  draft: { revision: number; savedAt: Date } | null;
  mayEdit: boolean;
  /** Archive, restore, delete, stop, and see who has read it. */
  mayManage: boolean;
  mayPin: boolean;
}

/**
 * An article and everything that its page shows. Of a draft, which is its author's alone, what stands in the draft.
 * @throws Refused NOT_FOUND, ARTICLE_GONE.
 */
export function openArticle(member: Member, articleId: string): Promise<ArticleView> {
  return inTenant(member, async (tx) => {
    const article = await visibleArticle(tx, member, articleId);
    const draft = await draftRow(tx, member, articleId);
    const content = article.state === "draft" && draft && isUnpublished(article) ? draft : article;
    const document = content.document ?? emptyDocument;
    const media = await mediaOf(tx, member, mediaOfContent({ document, coverId: content.coverId }));
    const facts = await standingOf(tx, member, article);
    const places = await placesOf(tx, member, article);
    return {
      id: article.id,
      title: content.title,
      excerpt: article.excerpt,
      document,
      state: article.state,
      version: article.version,
      cover: content.coverId === null ? null : (media.get(content.coverId) ?? null),
      media,
      people: await namesOf(tx, member, [article.authorId, ...mentionsIn(document)]),
      places,
      createdAt: article.createdAt,
      publishedAt: article.publishedAt,
      editedAt: article.editedAt,
      archivedAt: article.archivedAt,
      publishAt: article.publishAt,
      notify: article.notify,
      commentsOpen: article.commentsOpen,
      ...facts,
      feed: await feedOf(tx, places, facts.feed),
      draft: draft ? { revision: draft.revision, savedAt: draft.updatedAt } : null,
      mayEdit: isUnpublished(article) ? article.authorId === member.id : mayEditArticle(member, article),
      mayManage: mayEditArticle(member, article),
      mayPin: mayPin(member) && article.state === "published",
    };
  });
}

async function feedOf(tx: Tx, [place]: Place[], home: ArticleView["feed"]): Promise<ArticleView["feed"]> {
  if (!place || place.feedId === home.id) return home;
  const [feed] = await tx.select({ id: feeds.id, name: feeds.name, slug: feeds.slug }).from(feeds).where(eq(feeds.id, place.feedId));
  return feed ?? home;
}

type Standing = Pick<ArticleView, "author" | "feed" | "workspaces" | "stopped" | "likes" | "liked" | "comments" | "readAt" | "mustRead">;

/** What lies around an article, and what it is to this reader: one query. */
async function standingOf(tx: Tx, member: Member, article: ArticleRow): Promise<Standing> {
  const [row] = await tx
    .select({
      author: { name: users.name, email: users.email, role: members.role, removedAt: members.removedAt },
      inside: isInside,
      feed: { id: feeds.id, name: feeds.name, slug: feeds.slug, posting: feeds.posting, archivedAt: feeds.archivedAt },
      workspaces: sql<number>`(select count(*)::int from article_places p where p.article_id = ${articles.id})`,
      likes: sql<number>`coalesce(${articleTallies.likes}, 0)`,
      comments: sql<number>`coalesce(${articleTallies.comments}, 0)`,
      liked: sql<boolean>`exists (select 1 from ${likes} where ${likes.articleId} = ${articles.id} and ${likes.commentId} is null and ${likes.memberId} = ${member.id} and ${likes.withdrawnAt} is null)`,
      readAt: articleReads.readAt,
      asked: { articleId: mustReads.articleId, dueAt: mustReads.dueAt },
      said: { version: acknowledgements.version, at: acknowledgements.acknowledgedAt },
    })
    .from(articles)
    .innerJoin(members, eq(members.id, articles.authorId))
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(feeds, eq(feeds.id, articles.feedId))
    .leftJoin(articleTallies, eq(articleTallies.articleId, articles.id))
    .leftJoin(articleReads, and(eq(articleReads.articleId, articles.id), eq(articleReads.memberId, member.id)))
    .leftJoin(mustReads, eq(mustReads.articleId, articles.id))
    .leftJoin(acknowledgements, and(eq(acknowledgements.articleId, articles.id), eq(acknowledgements.memberId, member.id)))
    .where(and(eq(articles.organizationId, member.organizationId), eq(articles.id, article.id)));
  if (!row) throw new Error(`no article ${article.id}`);
  const { author, inside, feed, asked, said, ...counts } = row;
  const late = isUnpublished(article) && article.state === "draft" && article.publishAt !== null;
  return {
    ...counts,
    author: { id: article.authorId, name: displayName(author), gone: author.removedAt !== null },
    feed: { id: feed.id, name: feed.name, slug: feed.slug },
    stopped: late ? whyStopped({ removed: author.removedAt !== null, inWorkspace: inside, role: author.role }, feed) : null,
    mustRead: asked ? { dueAt: asked.dueAt, acknowledged: said } : null,
  };
}

/** A line of what is archived or waits for its instant. */
export interface ShelvedGlance {
  id: string;
  title: string;
  excerpt: string;
  state: ArticleState;
  author: { id: string; name: string };
  feed: { id: string; name: string | null; slug: string };
  publishedAt: Date | null;
  archivedAt: Date | null;
  publishAt: Date | null;
  stopped: StopReason | null;
}

const shelvedMax = 200;

/** The author is in the workspace that the article was written in. */
const isInside = sql<boolean>`exists (select 1 from ${workspaceMembers} where ${workspaceMembers.workspaceId} = ${feeds.workspaceId} and ${workspaceMembers.memberId} = ${members.id})`;

/** The feed that it stands in where it is looked for. */
const listed = aliasedTable(feeds, "listed");

const shelved = {
  id: articles.id,
  title: articles.title,
  excerpt: articles.excerpt,
  state: articles.state,
  author: { id: articles.authorId, name: users.name, email: users.email },
  feed: { id: listed.id, name: listed.name, slug: listed.slug },
  standing: { role: members.role, removedAt: members.removedAt, inside: isInside, posting: feeds.posting, archivedAt: feeds.archivedAt },
  publishedAt: articles.publishedAt,
  archivedAt: articles.archivedAt,
  publishAt: articles.publishAt,
};

/** What was archived in a workspace, the last first. Whoever may read the workspace may read it. @throws Refused NOT_FOUND. */
export function archivedArticles(member: Member, workspace: string): Promise<ShelvedGlance[]> {
  return shelf(member, workspace, { archived: true });
}

/** What waits for its instant, or could not be published then: the member's own, and for admins everybody's. @throws Refused NOT_FOUND. */
export function scheduledArticles(member: Member, workspace: string): Promise<ShelvedGlance[]> {
  return shelf(member, workspace, { archived: false });
}

function shelf(member: Member, workspace: string, { archived }: { archived: boolean }): Promise<ShelvedGlance[]> {
  return inTenant(member, async (tx) => {
    const { id } = await workspaceAt(tx, member, workspace);
    const rows = await tx
      .select(shelved)
      .from(articles)
      .innerJoin(members, eq(members.id, articles.authorId))
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(feeds, eq(feeds.id, articles.feedId))
      .innerJoin(articlePlaces, and(eq(articlePlaces.articleId, articles.id), eq(articlePlaces.workspaceId, id)))
      .innerJoin(listed, eq(listed.id, articlePlaces.feedId))
      .where(
        and(
          eq(articles.organizationId, member.organizationId),
          isNull(articles.deletedAt),
          archived ? eq(articles.state, "archived") : sql`${articles.version} = 0 and ${articles.publishAt} is not null`,
          archived || mayManageFeeds(member) ? undefined : eq(articles.authorId, member.id),
        ),
      )
      .orderBy(archived ? desc(articles.archivedAt) : articles.publishAt, desc(articles.id))
      .limit(shelvedMax);
    return rows.map(({ author, standing, ...row }) => ({
      ...row,
      author: { id: author.id, name: displayName(author) },
      stopped: row.state === "draft" ? whyStopped({ removed: standing.removedAt !== null, inWorkspace: standing.inside, role: standing.role }, standing) : null,
    }));
  });
}
