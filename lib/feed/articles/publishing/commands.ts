import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db/client";
import { append } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import type { ArticleRow } from "../../access/queries";
import { excerptOf, mentionsIn, plainTextOf } from "../../document/rules";
import { mentionable } from "../../document/people/queries";
import { articlePublished, articleUpdated } from "../../events";
import { callReaders, callWorkspaces } from "../../live/commands";
import { mustReads } from "../../must-reads/tables";
import { articleReads } from "../../reading/tables";
import { indexArticle } from "../../search/commands";
import { articleFactsOf } from "../facts/queries";
import { mentionedBefore } from "../history/queries";
import { listPlaces } from "../places/commands";
import type { Content } from "../rules";
import { articles, articleTallies, articleVersions } from "../tables";

/** Makes an article readable for the first time, and tells of it. Its places and its must-read stand already; the caller holds its lock. */
export async function publishFirst(tx: Tx, author: Member, article: ArticleRow, content: Content, choice: { notify: boolean; commentsOpen: boolean }): Promise<void> {
  const now = clock.now();
  await tx
    .update(articles)
    .set({ ...seen(content), ...choice, state: "published", version: 1, publishAt: null, publishedAt: now })
    .where(eq(articles.id, article.id));
  await keepVersion(tx, author, article, content, 1);
  await tx.insert(articleTallies).values({ articleId: article.id, organizationId: article.organizationId }).onConflictDoNothing();
  // What somebody wrote is not unread to them.
  await tx
    .insert(articleReads)
    .values({ organizationId: article.organizationId, articleId: article.id, memberId: author.id, readAt: now })
    .onConflictDoNothing();
  const workspaceIds = await listPlaces(tx, article.id, now);
  const [asked] = await tx.select({ dueAt: mustReads.dueAt }).from(mustReads).where(eq(mustReads.articleId, article.id));
  await append(tx, author, articlePublished, {
    actor: { memberId: author.id, name: author.name },
    article: await articleFactsOf(tx, author, article.id),
    notify: choice.notify,
    mentioned: await mentionable(tx, author, mentionsIn(content.document), workspaceIds),
    mustRead: asked ? { dueAt: asked.dueAt?.toISOString() ?? null } : null,
  });
  callWorkspaces(tx, workspaceIds, article.id, "published");
  callReaders(tx, article.id, { what: "article" });
}

/** A further version. @returns its number. */
export async function publishAgain(tx: Tx, editor: Member, article: ArticleRow, content: Content): Promise<number> {
  const version = article.version + 1;
  const earlier = await mentionedBefore(tx, article.id);
  await tx
    .update(articles)
    .set({ ...seen(content), version, editedAt: clock.now() })
    .where(eq(articles.id, article.id));
  await keepVersion(tx, editor, article, content, version);
  const facts = await articleFactsOf(tx, editor, article.id);
  const mentioned = mentionsIn(content.document).filter((id) => !earlier.has(id));
  await append(tx, editor, articleUpdated, {
    actor: { memberId: editor.id, name: editor.name },
    article: facts,
    mentioned: await mentionable(tx, editor, mentioned, facts.workspaceIds),
  });
  if (article.state === "published") callWorkspaces(tx, facts.workspaceIds, article.id, "updated");
  callReaders(tx, article.id, { what: "article" });
  return version;
}

const seen = ({ title, document, coverId }: Content) => ({ title, document, coverId, excerpt: excerptOf(document) });

async function keepVersion(tx: Tx, editor: Member, article: ArticleRow, { title, document, coverId }: Content, version: number): Promise<void> {
  const { id: articleId, organizationId } = article;
  await tx.insert(articleVersions).values({ organizationId, articleId, version, title, document, coverId, editorId: editor.id, createdAt: clock.now() });
  await indexArticle(tx, editor, { articleId, title, text: plainTextOf(document) });
}

/** Whether readers see exactly this already. Compared by the database, which keeps documents in an order of its own. */
export async function isSeenAlready(tx: Tx, article: ArticleRow, { title, document, coverId }: Content): Promise<boolean> {
  const [found] = await tx
    .select({ id: articles.id })
    .from(articles)
    .where(and(
      eq(articles.id, article.id),
      sql`${articles.version} > 0 and ${articles.title} = ${title} and ${articles.document} = ${JSON.stringify(document)}::jsonb and ${articles.coverId} is not distinct from ${coverId}`,
    ));
  return found !== undefined;
}
