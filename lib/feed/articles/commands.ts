import { and, eq } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import type { ArticleRow } from "../access/queries";
import { emptyDocument, excerptOf } from "../document/rules";
import { conflictWith, endDraft, putDraft } from "../drafts/commands";
import { draftRow, type DraftRow } from "../drafts/queries";
import { drafts } from "../drafts/tables";
import { articleArchived, articleDeleted, articleScheduled } from "../events";
import { feedHere } from "../feeds/queries";
import { callReaders, callWorkspaces } from "../live/commands";
import { holdMedia } from "../media/commands";
import { media } from "../media/tables";
import { setMustRead } from "../must-reads/commands";
import { mayPin } from "../policy";
import { forgetIndexed } from "../search/commands";
import { articleFactsOf } from "./facts/queries";
import { versionContent } from "./history/queries";
import type { ArticleState, ChangeArticleInput, CreateArticleInput, PublishInput, PublishNowInput } from "./inputs";
import { listPlaces, lockPins, refuseClosed, setFeed, setPlaces } from "./places/commands";
import { placesOf } from "./places/queries";
import { isSeenAlready, publishAgain, publishFirst } from "./publishing/commands";
import { contentFaults, mediaOfContent, pinsMax, scheduleAheadMs, type Content } from "./rules";
import { articlePlaces, articles, articleVersions } from "./tables";
import { isUnpublished, managedArticle, visibleArticle, writableArticle } from "./visible/queries";

export interface Published {
  state: ArticleState;
  version: number;
  publishAt: Date | null;
}

/**
 * Begins an article: an empty draft in a feed, seen by nobody else. With `key`, a repeated request answers the first one's article.
 * @throws Refused NOT_FOUND, INVALID (a feed in which the member may not publish), IDEMPOTENCY_MISMATCH.
 */
export function startArticle(member: Member, { feedId }: { feedId: string }, key?: string): Promise<{ articleId: string }> {
  return inTenant(member, async (tx) => {
    const id = newId("article");
    if (key) {
      const claim = await claimKey(tx, member, { key, operation: "start-article", input: { feedId } }, id);
      if (!claim.fresh) return { articleId: claim.resultId };
    }
    await begin(tx, member, id, feedId);
    await tx.insert(drafts).values({ organizationId: member.organizationId, articleId: id, memberId: member.id, document: emptyDocument, updatedAt: clock.now(), createdAt: clock.now() });
    return { articleId: id };
  });
}

async function begin(tx: Tx, member: Member, id: string, feedId: string): Promise<ArticleRow> {
  const feed = await feedHere(tx, member, feedId, "share");
  refuseClosed(member, feed);
  const { organizationId } = member;
  const [article] = await tx.insert(articles).values({ id, organizationId, feedId, authorId: member.id, createdAt: clock.now() }).returning();
  if (!article) throw new Error("an article that was begun is not there");
  await tx.insert(articlePlaces).values({ organizationId, articleId: id, workspaceId: feed.workspaceId, feedId });
  return article;
}

/**
 * Makes an article of what is given: published, scheduled, or kept as the member's draft. With `idempotencyKey`, a repeated request
 * answers the first one's article.
 * @throws Refused NOT_FOUND, INVALID, IDEMPOTENCY_MISMATCH.
 */
export function createArticle(member: Member, input: CreateArticleInput, options: { idempotencyKey?: string } = {}): Promise<{ articleId: string }> {
  return inTenant(member, async (tx) => {
    const id = newId("article");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "create-article", input }, id);
      if (!claim.fresh) return { articleId: claim.resultId };
    }
    const article = await begin(tx, member, id, input.feedId);
    const content = { title: input.title, document: input.document ?? emptyDocument, coverId: input.coverId };
    if (input.publish) await putOut(tx, member, article, content, input);
    if (!input.publish || input.publishAt) await putDraft(tx, member, article, content, "api");
    if (!input.publish) await setPlaces(tx, member, article, input.workspaceIds);
    return { articleId: id };
  });
}

/**
 * Publishes what the member has written: for the first time, as a further version, or, given an instant, then. Of two who publish over
 * one version, the second is told. Published again without a change, only its settings change; so it may be repeated.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, EDIT_CONFLICT (the draft or the article has moved on), INVALID.
 */
export function publishArticle(member: Member, articleId: string, input: PublishInput): Promise<Published> {
  return inTenant(member, async (tx) => {
    const article = await writableArticle(tx, member, articleId, "update");
    const draft = await draftRow(tx, member, articleId, "update");
    const content = draft ? readyContent(article, draft, input) : await nothingNew(tx, member, article, input);
    const published = await putOut(tx, member, article, content, input);
    if (published.state !== "scheduled") await endDraft(tx, member, articleId);
    return published;
  });
}

function readyContent(article: ArticleRow, draft: DraftRow, { revision, version }: Pick<PublishInput, "revision" | "version">): Content {
  if (draft.revision !== revision) throw conflictWith(article, draft);
  if ((version ?? draft.basedOn) !== article.version) throw overtaken(article);
  return draft;
}

/** Without a draft there is nothing new: it was published already, by another tab or by a request whose answer was lost. */
async function nothingNew(tx: Tx, member: Member, article: ArticleRow, { revision, version }: PublishInput): Promise<null> {
  if (isUnpublished(article)) throw conflictWith(article, undefined);
  if (revision === 0 && (version ?? article.version) === article.version) return null;
  const [newest] = await tx
    .select({ editorId: articleVersions.editorId })
    .from(articleVersions)
    .where(and(eq(articleVersions.articleId, article.id), eq(articleVersions.version, article.version)));
  if (newest?.editorId !== member.id) throw overtaken(article);
  return null;
}

/** Somebody else published meanwhile: what readers see now, to compare with. */
const overtaken = ({ version, title, document, editedAt, publishedAt }: ArticleRow) =>
  new Refused("EDIT_CONFLICT", { extra: { version, title, document, tab: null, updatedAt: (editedAt ?? publishedAt)?.toISOString() ?? null } });

interface Settings {
  workspaceIds?: string[];
  notify: boolean;
  commentsOpen: boolean;
  mustRead: { dueAt: string | null } | null;
  publishAt?: string;
}

/** Null content changes the settings alone. */
async function putOut(tx: Tx, member: Member, article: ArticleRow, content: Content | null, settings: Settings): Promise<Published> {
  const first = isUnpublished(article);
  if (settings.publishAt !== undefined && !first) throw refusedField("publishAt", "published-already", describeFault("published-already"));
  if (content) await refuseUnready(tx, member, content);
  if (first) refuseClosed(member, await feedHere(tx, member, article.feedId, "share"));
  if (settings.workspaceIds) await setPlaces(tx, member, article, settings.workspaceIds);
  await setMustRead(tx, member, article.id, settings.mustRead);
  if (content) await holdMedia(tx, member, { articleId: article.id, holder: "article", mediaIds: mediaOfContent(content) });
  const { notify, commentsOpen } = settings;
  if (first && content) {
    if (settings.publishAt !== undefined) return schedule(tx, member, article, content, { notify, commentsOpen, publishAt: settings.publishAt });
    await publishFirst(tx, member, article, content, { notify, commentsOpen });
    return { state: "published", version: 1, publishAt: null };
  }
  if (article.commentsOpen !== commentsOpen) await setComments(tx, article, commentsOpen);
  const changed = content !== null && !(await isSeenAlready(tx, article, content));
  return { state: article.state, version: changed ? await publishAgain(tx, member, article, content) : article.version, publishAt: null };
}

async function refuseUnready(tx: Tx, member: Member, content: Content): Promise<void> {
  const faults = contentFaults(content);
  if (content.coverId !== null) {
    const [cover] = await tx.select({ kind: media.kind }).from(media).where(and(eq(media.organizationId, member.organizationId), eq(media.id, content.coverId)));
    if (cover?.kind !== "image") faults.push({ path: ["coverId"], code: "cover-picture", detail: describeFault("cover-picture") });
  }
  if (faults.length > 0) throw new Refused("INVALID", { detail: "Some fields need another value.", fields: faults });
}

async function schedule(tx: Tx, member: Member, article: ArticleRow, content: Content, choice: { notify: boolean; commentsOpen: boolean; publishAt: string }): Promise<Published> {
  const publishAt = new Date(choice.publishAt);
  if (publishAt <= clock.now()) throw refusedField("publishAt", "in-the-past", describeFault("in-the-past"));
  if (publishAt.getTime() > clock.nowMs() + scheduleAheadMs) throw refusedField("publishAt", "too-far", describeFault("too-far"));
  const { title, document, coverId } = content;
  await tx.update(articles).set({ title, document, coverId, excerpt: excerptOf(document), ...choice, state: "scheduled", publishAt }).where(eq(articles.id, article.id));
  await append(tx, member, articleScheduled, { actor: { memberId: member.id, name: member.name }, articleId: article.id, publishAt: publishAt.toISOString() });
  return { state: "scheduled", version: 0, publishAt };
}

/** The API's publishing: the draft as it stands. @throws as `publishArticle`; PRECONDITION_FAILED. */
export function publishDraft(member: Member, articleId: string, input: PublishNowInput, options: { ifVersion?: number } = {}): Promise<Published> {
  return inTenant(member, async (tx) => {
    const article = await writableArticle(tx, member, articleId, "update");
    refuseOther(article, options.ifVersion);
    const draft = await draftRow(tx, member, articleId, "update");
    if (!draft && isUnpublished(article)) throw new Refused("CONFLICT", { detail: "There is no draft of yours to publish." });
    const published = await putOut(tx, member, article, draft ? readyContent(article, draft, draft) : null, input);
    if (published.state !== "scheduled") await endDraft(tx, member, articleId);
    return published;
  });
}

const refuseOther = (article: ArticleRow, ifVersion: number | undefined) => {
  if (ifVersion !== undefined && ifVersion !== article.version) throw new Refused("PRECONDITION_FAILED");
};

/**
 * The API's change: of what was published its words become a further version at once, of a draft they become the draft.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, PRECONDITION_FAILED, INVALID.
 */
export function changeArticle(member: Member, articleId: string, input: ChangeArticleInput, options: { ifVersion?: number } = {}): Promise<void> {
  return inTenant(member, async (tx) => {
    const before = await writableArticle(tx, member, articleId, "update");
    refuseOther(before, options.ifVersion);
    if (input.feedId !== undefined) await setFeed(tx, member, before, input.feedId);
    const article = { ...before, feedId: input.feedId ?? before.feedId };
    if (input.workspaceIds) await setPlaces(tx, member, article, input.workspaceIds);
    if (input.mustRead !== undefined) await setMustRead(tx, member, articleId, input.mustRead);
    if (input.commentsOpen !== undefined && input.commentsOpen !== article.commentsOpen) await setComments(tx, article, input.commentsOpen);
    if (input.title === undefined && !input.document && input.coverId === undefined) return;
    const draft = isUnpublished(article) ? await draftRow(tx, member, articleId, "update") : undefined;
    const from = draft ?? article;
    const content = { title: input.title ?? from.title, document: input.document ?? from.document ?? emptyDocument, coverId: input.coverId === undefined ? from.coverId : input.coverId };
    if (isUnpublished(article)) return void (await putDraft(tx, member, article, content, "api"));
    await refuseUnready(tx, member, content);
    if (await isSeenAlready(tx, article, content)) return;
    await holdMedia(tx, member, { articleId, holder: "article", mediaIds: mediaOfContent(content) });
    await publishAgain(tx, member, article, content);
  });
}

/** What was to be published at an instant, or could not be then, is a plain draft again. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT. */
export function unscheduleArticle(member: Member, articleId: string): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId, "update");
    if (!isUnpublished(article)) throw new Refused("CONFLICT", { detail: "It was published already." });
    if (article.publishAt === null) return;
    await tx.update(articles).set({ state: "draft", publishAt: null }).where(eq(articles.id, articleId));
    await tx.insert(drafts).values(asDraft(article)).onConflictDoNothing();
  });
}

const asDraft = ({ organizationId, id: articleId, authorId: memberId, title, document, coverId }: ArticleRow) => ({
  organizationId,
  articleId,
  memberId,
  title,
  document: document ?? emptyDocument,
  coverId,
  updatedAt: clock.now(),
  createdAt: clock.now(),
});

/** Takes it from its feeds; by its address it stays readable. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT (never published). */
export function archiveArticle(member: Member, articleId: string): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId, "update");
    if (article.state === "archived") return;
    if (article.state !== "published") throw new Refused("CONFLICT", { detail: "It was never published." });
    await tx.update(articles).set({ state: "archived", archivedAt: clock.now() }).where(eq(articles.id, articleId));
    const workspaceIds = await listPlaces(tx, articleId, null);
    await append(tx, member, articleArchived, { actor: { memberId: member.id, name: member.name }, article: await articleFactsOf(tx, member, articleId) });
    callWorkspaces(tx, workspaceIds, articleId, "removed");
    callReaders(tx, articleId, { what: "article" });
  });
}

/** Puts it back where it stood, among what was published then. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT. */
export function restoreArticle(member: Member, articleId: string): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId, "update");
    if (article.state === "published") return;
    if (article.state !== "archived") throw new Refused("CONFLICT", { detail: "It is not archived." });
    await tx.update(articles).set({ state: "published", archivedAt: null }).where(eq(articles.id, articleId));
    const workspaceIds = await listPlaces(tx, articleId, article.publishedAt);
    callWorkspaces(tx, workspaceIds, articleId, "updated");
    callReaders(tx, articleId, { what: "article" });
  });
}

/**
 * Deletes it for everybody at once; its row is purged a month later. Deleted again, it is deleted.
 * @throws Refused NOT_FOUND, FORBIDDEN, PRECONDITION_FAILED.
 */
export function deleteArticle(member: Member, articleId: string, options: { ifVersion?: number } = {}): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId, "update");
    refuseOther(article, options.ifVersion);
    const facts = await articleFactsOf(tx, member, articleId);
    await tx.update(articles).set({ deletedAt: clock.now(), ...(isUnpublished(article) && { state: "draft" as const, publishAt: null }) }).where(eq(articles.id, articleId));
    const workspaceIds = await listPlaces(tx, articleId, null);
    if (article.authorId !== member.id) {
      await audit(tx, member, [{ action: "article.deleted", subject: article.title, detail: { articleId, author: facts.authorName } }]);
    }
    if (isUnpublished(article)) return;
    await forgetIndexed(tx, member, { articleId });
    await append(tx, member, articleDeleted, { actor: { memberId: member.id, name: member.name }, article: facts });
    callWorkspaces(tx, workspaceIds, articleId, "removed");
    callReaders(tx, articleId, { what: "article" });
  });
}

/** Puts an earlier version into the member's draft; readers see it once it is published. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export function restoreVersion(member: Member, articleId: string, version: number): Promise<{ revision: number }> {
  return inTenant(member, async (tx) => {
    const article = await writableArticle(tx, member, articleId, "share");
    const { revision } = await putDraft(tx, member, article, await versionContent(tx, articleId, version), `version-${version}`);
    return { revision };
  });
}

/**
 * Pins it above the feed of one workspace, or no longer. Few may be pinned at a time: what is pinned must not bury what is new.
 * @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, CONFLICT (not in a feed), INVALID (too-many-pins).
 */
export function setPinned(member: Member, articleId: string, { workspaceId, pinned }: { workspaceId: string; pinned: boolean }): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await visibleArticle(tx, member, articleId, "share");
    if (!mayPin(member)) throw new Refused("FORBIDDEN");
    const place = (await placesOf(tx, member, article)).find((one) => one.workspaceId === workspaceId);
    if (!place) throw new Refused("NOT_FOUND");
    if (pinned && article.state !== "published") throw new Refused("CONFLICT", { detail: "Only what stands in the feed can be pinned." });
    const held = await lockPins(tx, workspaceId);
    if (held.includes(articleId) === pinned) return;
    if (pinned && held.length >= pinsMax) {
      throw new Refused("INVALID", { fields: [{ path: ["pinned"], code: "too-many-pins", detail: describeFault("too-many-pins"), values: { max: pinsMax } }] });
    }
    await tx
      .update(articlePlaces)
      .set({ pinnedAt: pinned ? clock.now() : null })
      .where(and(eq(articlePlaces.articleId, articleId), eq(articlePlaces.workspaceId, workspaceId)));
    callWorkspaces(tx, [workspaceId], articleId, "pinned");
  });
}

/** Opens or closes its comments. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export function setCommentsOpen(member: Member, articleId: string, open: boolean): Promise<void> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId, "update");
    if (article.commentsOpen !== open) await setComments(tx, article, open);
  });
}

async function setComments(tx: Tx, article: ArticleRow, commentsOpen: boolean): Promise<void> {
  await tx.update(articles).set({ commentsOpen }).where(eq(articles.id, article.id));
  callReaders(tx, article.id, { what: "article" });
}

/** Into another feed of the workspace that it was written in. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN, INVALID. */
export function moveFeed(member: Member, articleId: string, feedId: string): Promise<void> {
  return inTenant(member, async (tx) => setFeed(tx, member, await managedArticle(tx, member, articleId, "update"), feedId));
}
