import { and, eq, sql } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { composed, tokensOf, vectorOf, type Token } from "./rules";
import { vocabularyOf } from "./spelling/rules";
import { stemsOf } from "./stems/queries";
import { searchEntries, searchVocabulary, searchWords } from "./tables";

/** Makes an article findable as it now is. In the transaction that publishes it. */
export async function indexArticle(tx: Tx, tenant: Tenant, { articleId, title, text }: { articleId: string; title: string; text: string }): Promise<void> {
  await replaceEntry(tx, tenant, { id: articleId, articleId, commentId: null, text }, tokensOf(composed(title)), tokensOf(composed(text)));
}

/** Makes a comment findable as it now is. In the transaction that writes it. */
export async function indexComment(tx: Tx, tenant: Tenant, { articleId, commentId, text }: { articleId: string; commentId: string; text: string }): Promise<void> {
  await replaceEntry(tx, tenant, { id: commentId, articleId, commentId, text: null }, [], tokensOf(composed(text)));
}

/** What was deleted is not kept in the index: an article with its comments, or one comment. */
export async function forgetIndexed(tx: Tx, tenant: Tenant, what: { articleId: string } | { commentId: string }): Promise<void> {
  const which = "articleId" in what ? eq(searchEntries.articleId, what.articleId) : eq(searchEntries.id, what.commentId);
  await tx.delete(searchEntries).where(and(eq(searchEntries.organizationId, tenant.organizationId), which));
}

/** Its words can be written but not changed (`tables.ts` says why); they go with the entry. */
async function replaceEntry(tx: Tx, tenant: Tenant, entry: Omit<typeof searchEntries.$inferInsert, "organizationId">, title: Token[], text: Token[]): Promise<void> {
  const { organizationId } = tenant;
  const stems = await stemsOf(tx, [...title, ...text]);
  await tx.delete(searchEntries).where(and(eq(searchEntries.organizationId, organizationId), eq(searchEntries.id, entry.id)));
  await tx.insert(searchEntries).values({ ...entry, organizationId });
  await tx.insert(searchWords).values({ entryId: entry.id, organizationId, title: vectorOf(title, [], stems), words: vectorOf(title, text, stems) });
  await learnWords(tx, organizationId, vocabularyOf([...title, ...text]));
}

/** In one order, so that two who write the same new words never wait for each other. */
async function learnWords(tx: Tx, organizationId: string, vocabulary: Map<string, string>): Promise<void> {
  if (vocabulary.size === 0) return;
  const words = [...vocabulary.keys()].sort();
  const letters = words.map((word) => vocabulary.get(word) ?? "");
  await tx.execute(sql`
    insert into ${searchVocabulary} (organization_id, word, letters)
    select ${organizationId}, word, letters from unnest(${textArray(words)}, ${textArray(letters)}) as known (word, letters)
    on conflict do nothing`);
}
