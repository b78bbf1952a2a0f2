import { and, desc, eq, sql, type SQL } from "drizzle-orm";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { isSharedWith, workspaceAt, workspacesOf, type ArticleRow } from "../access/queries";
import { mediaOfContent, whyStopped, type Content, type StopReason } from "../articles/rules";
import { articles } from "../articles/tables";
import { placesOf } from "../articles/places/queries";
import { isUnpublished, writableArticle } from "../articles/visible/queries";
import type { ArticleState } from "../articles/inputs";
import { mentionsIn, emptyDocument, plainTextOf, type ArticleDocument } from "../document/rules";
import { namesOf } from "../document/people/queries";
import { feedsIn } from "../feeds/queries";
import type { FeedView } from "../feeds/mappings";
import { feeds } from "../feeds/tables";
import type { MediaView } from "../media/mappings";
import { mediaOf } from "../media/queries";
import { mustReads } from "../must-reads/tables";
import { shortened, plainLine } from "@/lib/platform/plain-text";
import { drafts } from "./tables";

export type DraftRow = typeof drafts.$inferSelect;

/** What an editor opens with, and what its author may choose when they publish. */
export interface DraftView extends Content {
  articleId: string;
  state: ArticleState;
  /** The version that readers see; 0 is none yet. */
  version: number;
  /** The version that this was begun on. Less than `version`: somebody published meanwhile. */
  basedOn: number;
  /** 0: nothing was saved yet beyond what readers see. Goes back with the next save. */
  revision: number;
  tab: string | null;
  savedAt: Date | null;
  media: Map<string, MediaView>;
  people: Map<string, string>;
  /** Where it stands; where it is written, if the member is there. */
  feed: FeedView;
  /** The feeds of the workspace that it is written in, if the member is there; archived ones are not among them. */
  feeds: FeedView[];
  /** The workspaces that the member is in: where it is read already (before the first publication: where it is written) is chosen. */
  workspaces: { id: string; name: string; slug: string; home: boolean; chosen: boolean }[];
  notify: boolean;
  commentsOpen: boolean;
  mustRead: { dueAt: Date | null } | null;
  publishAt: Date | null;
}

/**
 * What the member is writing in an article: their draft, or what readers see when they have changed nothing yet.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN.
 */
export function draftOf(member: Member, articleId: string): Promise<DraftView> {
  return inTenant(member, async (tx) => {
    const article = await writableArticle(tx, member, articleId);
    const content = draftContent(article, await draftRow(tx, member, articleId));
    const places = await placesOf(tx, member, article);
    // Who may not look where it is written writes it where they read it, and chooses no other feed.
    const [here] = places;
    if (!here) throw new Error(`article ${articleId} has no place`);
    const all = await feedsIn(tx, member, here.workspaceId);
    const feed = all.find(({ id }) => id === here.feedId);
    if (!feed) throw new Error(`article ${articleId} has no feed`);
    const [asked] = await tx.select({ dueAt: mustReads.dueAt }).from(mustReads).where(eq(mustReads.articleId, articleId));
    return {
      ...content,
      articleId,
      state: article.state,
      version: article.version,
      media: await mediaOf(tx, member, mediaOfContent(content)),
      people: await namesOf(tx, member, mentionsIn(content.document)),
      feed,
      feeds: here.home ? all.filter(({ archived }) => !archived) : [],
      workspaces: (await workspacesOf(tx, member)).map((workspace) => ({
        ...workspace,
        home: here.home && workspace.id === here.workspaceId,
        chosen: places.some(({ workspaceId }) => workspaceId === workspace.id),
      })),
      notify: article.notify,
      commentsOpen: article.commentsOpen,
      mustRead: asked ?? null,
      publishAt: article.publishAt,
    };
  });
}

export async function draftRow(tx: Tx, member: Member, articleId: string, lock?: "update"): Promise<DraftRow | undefined> {
  const asked = tx.select().from(drafts).where(and(eq(drafts.articleId, articleId), eq(drafts.memberId, member.id)));
  const [row] = await (lock ? asked.for(lock) : asked);
  return row;
}

type DraftContent = Content & Pick<DraftView, "revision" | "basedOn" | "tab" | "savedAt">;

/** The draft, or what a new one begins with. */
export function draftContent(article: ArticleRow, draft: DraftRow | undefined): DraftContent {
  if (draft) {
    const { title, document, coverId, revision, basedOn, tab, updatedAt: savedAt } = draft;
    return { title, document, coverId, revision, basedOn, tab, savedAt };
  }
  const { title, document, coverId, version: basedOn } = article;
  return { title, document: document ?? emptyDocument, coverId, revision: 0, basedOn, tab: null, savedAt: null };
}

/** A line of somebody's drafts. */
export interface DraftGlance {
  articleId: string;
  title: string;
  excerpt: string;
  state: ArticleState;
  /** Readers see an earlier version meanwhile. */
  published: boolean;
  /** In the past it could not be published then, and `stopped` says why, as far as that still holds. */
  publishAt: Date | null;
  stopped: StopReason | null;
  savedAt: Date;
  feed: { id: string; name: string | null; slug: string };
}

const draftsMax = 200;

/** Somebody began an article and wrote nothing. */
export const isUnwritten: SQL = sql`(${drafts.revision} = 1 and ${drafts.title} = '' and ${articles.version} = 0 and ${articles.state} = 'draft')`;

/** What the member is writing in a workspace: new articles with something in them, and changes that readers do not see yet. @throws Refused NOT_FOUND. */
export function myDrafts(member: Member, workspace: string): Promise<DraftGlance[]> {
  return inTenant(member, async (tx) => {
    const { id } = await workspaceAt(tx, member, workspace);
    const rows = await tx
      .select({ draft: drafts, article: { state: articles.state, version: articles.version, publishAt: articles.publishAt }, feed: { id: feeds.id, name: feeds.name, slug: feeds.slug }, closed: { posting: feeds.posting, archivedAt: feeds.archivedAt } })
      .from(drafts)
      .innerJoin(articles, eq(articles.id, drafts.articleId))
      .innerJoin(feeds, eq(feeds.id, articles.feedId))
      .where(and(eq(drafts.organizationId, member.organizationId), eq(drafts.memberId, member.id), eq(feeds.workspaceId, id), sql`${articles.deletedAt} is null and not ${isUnwritten}`, isSharedWith(member)))
      .orderBy(desc(drafts.updatedAt), desc(drafts.articleId))
      .limit(draftsMax);
    return rows.map(({ draft, article, feed, closed }) => ({
      articleId: draft.articleId,
      title: draft.title,
      excerpt: excerptOfDraft(draft.document),
      state: article.state,
      published: !isUnpublished(article),
      publishAt: article.publishAt,
      // Whoever sees this is in the workspace, and a member.
      stopped: article.state === "draft" && article.publishAt ? whyStopped({ removed: false, inWorkspace: true, role: member.role }, closed) : null,
      savedAt: draft.updatedAt,
      feed,
    }));
  });
}

const excerptOfDraft = (document: ArticleDocument) => shortened(plainLine(plainTextOf(document)), 160);

/** Whether a draft holds exactly this. Compared by the database, which keeps documents in an order of its own. */
export const holdsContent = ({ title, document, coverId }: Content): SQL<boolean> =>
  sql<boolean>`(${drafts.title} = ${title} and ${drafts.document} = ${JSON.stringify(document)}::jsonb and ${drafts.coverId} is not distinct from ${coverId})`;
