import { notFound } from "next/navigation";
import { cache } from "react";
import { Refused } from "@/lib/platform/errors";
import { openArticle, type ArticleView } from "@/lib/feed/articles/queries";
import type { Member } from "@/lib/organizations/actor";

/** The article of this page, asked for once for its title and its content; null when it was deleted. */
export const openedArticle = cache(async (member: Member, id: string): Promise<ArticleView | null> => {
  try {
    return await openArticle(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "ARTICLE_GONE") return null;
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
});
