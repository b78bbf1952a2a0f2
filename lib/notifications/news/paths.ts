import { newsFactsOf } from "./rules";

/** The page of an article, at its comment when that is what it is about, below the organization's own address; null without one. */
export function newsPath(payload: Record<string, unknown>): string | null {
  const { article, comment } = newsFactsOf(payload);
  return article && /^art_\w+$/.test(article.id) ? `/articles/${article.id}${comment && /^cmt_\w+$/.test(comment.id) ? `#${comment.id}` : ""}` : null;
}
