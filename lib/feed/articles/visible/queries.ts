import type { Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { sharedArticle, type ArticleRow } from "../../access/queries";
import { mayEditArticle, maySeeUnpublished } from "../../policy";

type Lock = "share" | "update";

/** Never published. A published one that is changed has a draft beside it, but is one of these no more. */
export const isUnpublished = (article: Pick<ArticleRow, "version">) => article.version === 0;

/** An article that the member may look at, whatever its state. @throws Refused NOT_FOUND, ARTICLE_GONE. */
export async function visibleArticle(tx: Tx, member: Member, articleId: string, lock?: Lock): Promise<ArticleRow> {
  const article = await sharedArticle(tx, member, articleId, lock);
  if (isUnpublished(article) && !maySeeUnpublished(member, article)) throw new Refused("NOT_FOUND");
  return article;
}

/** An article that the member may write in: what is not published is its author's alone. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export async function writableArticle(tx: Tx, member: Member, articleId: string, lock?: Lock): Promise<ArticleRow> {
  const article = await visibleArticle(tx, member, articleId, lock);
  if (isUnpublished(article) ? article.authorId !== member.id : !mayEditArticle(member, article)) throw new Refused("FORBIDDEN");
  return article;
}

/** An article that the member may archive, delete, stop or move: an admin also one that is scheduled. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export async function managedArticle(tx: Tx, member: Member, articleId: string, lock?: Lock): Promise<ArticleRow> {
  const article = await visibleArticle(tx, member, articleId, lock);
  if (!mayEditArticle(member, article)) throw new Refused("FORBIDDEN");
  return article;
}
