import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import type { ArticleRow } from "../access/queries";
import { mediaOfContent, type Content } from "../articles/rules";
import { articles } from "../articles/tables";
import { isUnpublished, writableArticle } from "../articles/visible/queries";
import { holdMedia } from "../media/commands";
import type { SaveDraftInput } from "./inputs";
import { draftContent, draftRow, holdsContent, type DraftRow } from "./queries";
import { drafts } from "./tables";

export interface Saved {
  revision: number;
  savedAt: Date;
}

/**
 * Saves what somebody is typing. One UPDATE decides: of two tabs that save on top of one revision, the second is told what the first
 * saved. What is stored already is no conflict and no change, so that a save may be repeated whose answer was lost.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, EDIT_CONFLICT (with what is stored), INVALID (media that are not theirs to show).
 */
export function saveDraft(member: Member, articleId: string, input: SaveDraftInput): Promise<Saved> {
  return inTenant(member, async (tx) => {
    // The article before its draft, as everywhere: what the draft shows refers to both, and publishing takes them in that order.
    const article = await writableArticle(tx, member, articleId, "share");
    const saved = input.revision === 0 ? await begin(tx, member, article, input) : await advance(tx, member, articleId, input);
    if (saved) {
      await holdDraftMedia(tx, member, article, input);
      return saved;
    }
    const [stored] = await tx
      .select({ draft: drafts, same: holdsContent(input) })
      .from(drafts)
      .where(and(eq(drafts.articleId, articleId), eq(drafts.memberId, member.id)));
    if (stored?.same) return { revision: stored.draft.revision, savedAt: stored.draft.updatedAt };
    throw conflictWith(article, stored?.draft);
  });
}

/** What is stored instead, so that whoever is behind can compare the two and decide. */
export function conflictWith(article: ArticleRow, draft: DraftRow | undefined): Refused {
  const { revision, title, document, coverId, tab, savedAt } = draftContent(article, draft);
  return new Refused("EDIT_CONFLICT", { extra: { revision, title, document, coverId, tab, updatedAt: (savedAt ?? article.editedAt ?? article.publishedAt)?.toISOString() ?? null } });
}

async function begin(tx: Tx, member: Member, article: ArticleRow, { title, document, coverId, tab, basedOn }: SaveDraftInput): Promise<Saved | undefined> {
  const now = clock.now();
  const [made] = await tx
    .insert(drafts)
    .values({
      organizationId: member.organizationId,
      articleId: article.id,
      memberId: member.id,
      title,
      document,
      coverId,
      tab,
      basedOn: Math.min(basedOn ?? article.version, article.version),
      updatedAt: now,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ revision: drafts.revision, savedAt: drafts.updatedAt });
  return made;
}

async function advance(tx: Tx, member: Member, articleId: string, { title, document, coverId, tab, revision }: SaveDraftInput): Promise<Saved | undefined> {
  const [moved] = await tx
    .update(drafts)
    .set({ title, document, coverId, tab, revision: revision + 1, updatedAt: clock.now() })
    .where(and(eq(drafts.articleId, articleId), eq(drafts.memberId, member.id), eq(drafts.revision, revision), sql`not ${holdsContent({ title, document, coverId })}`))
    .returning({ revision: drafts.revision, savedAt: drafts.updatedAt });
  return moved;
}

/** What waits for its instant keeps what it shows, whatever becomes of the draft meanwhile. */
async function holdDraftMedia(tx: Tx, member: Member, article: ArticleRow, content: Content): Promise<void> {
  const waiting = article.state === "scheduled" && article.document ? mediaOfContent({ document: article.document, coverId: article.coverId }) : [];
  await holdMedia(tx, member, { articleId: article.id, holder: member.id, mediaIds: [...new Set([...mediaOfContent(content), ...waiting])] });
}

/** Writes over the draft whatever it holds: an older version, or what came by the API. Tabs that stand on less are told at their next save. */
export async function putDraft(tx: Tx, member: Member, article: ArticleRow, content: Content, tab: string): Promise<Saved> {
  const now = clock.now();
  const put = { title: content.title, document: content.document, coverId: content.coverId, tab, basedOn: article.version, updatedAt: now };
  const [saved] = await tx
    .insert(drafts)
    .values({ organizationId: member.organizationId, articleId: article.id, memberId: member.id, ...put, createdAt: now })
    .onConflictDoUpdate({ target: [drafts.articleId, drafts.memberId], set: { ...put, revision: sql`${drafts.revision} + 1` } })
    .returning({ revision: drafts.revision, savedAt: drafts.updatedAt });
  if (!saved) throw new Error("a draft that was put is not there");
  await holdDraftMedia(tx, member, article, content);
  return saved;
}

/**
 * Throws away what the member has written. What was never published goes with it; of what was, readers keep their version, and what
 * waits for its instant stays as it was scheduled.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN.
 */
export function discardDraft(member: Member, articleId: string): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await writableArticle(tx, member, articleId, "update");
    const { state, title, document, coverId } = article;
    if (state === "scheduled" && document) await putDraft(tx, member, article, { title, document, coverId }, "scheduled");
    else if (isUnpublished(article)) await tx.update(articles).set({ deletedAt: clock.now(), publishAt: null }).where(eq(articles.id, articleId));
    else await endDraft(tx, member, articleId);
  });
}

/** A draft whose words readers see, or nobody wants. */
export async function endDraft(tx: Tx, member: Member, articleId: string): Promise<void> {
  const draft = await draftRow(tx, member, articleId);
  if (!draft) return;
  await tx.delete(drafts).where(and(eq(drafts.articleId, articleId), eq(drafts.memberId, member.id)));
  await holdMedia(tx, member, { articleId, holder: member.id, mediaIds: [] });
}
