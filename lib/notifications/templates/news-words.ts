import { isCommentType, namedAndOthers, newsFactsOf, peopleIn, type NewsFacts, type NewsType } from "../news/rules";
import type { Matter } from "./matter";
import type { Reader } from "./reader";

/** The words that inbox lines, mails, pushes and digests share for what happens in the news. */
type Words = Pick<Reader, "lines">;

const nameOf = ({ actor }: NewsFacts, { lines }: Words) => actor?.name || lines("news.somebody");
export const titleOf = ({ article }: NewsFacts, { lines }: Words) => article?.title || lines("news.untitled");

/** One event: who did what to what. */
export function newsLine(type: NewsType, facts: NewsFacts, words: Words): string {
  const { lines } = words;
  const [actor, title] = [nameOf(facts, words), titleOf(facts, words)];
  switch (type) {
    case "article.published":
      return lines("article.published.line", { actor, title, asks: facts.mustRead ? "yes" : "no" });
    case "article.mentioned":
      return lines("article.mentioned.line", { actor, title });
    case "comment.added":
      return lines("comment.added.line", { actor, title });
    case "comment.replied":
      return lines("comment.replied.line", { actor, title });
    case "comment.mentioned":
      return lines("comment.mentioned.line", { actor, title });
    case "article.liked":
      return lines("article.liked.line", { actor, title, what: facts.comment ? "comment" : "article" });
    case "article.acknowledgement-due":
      return lines("article.acknowledgement-due.line", { title });
  }
}

/**
 * Several of one thread in one sentence: "Ada, Bora and 3 others liked Plans".
 * @param total how many people did it, where more did than there are rows at hand.
 */
export function newsLineOfMany(newestFirst: Matter[], type: NewsType, words: Pick<Reader, "lines" | "list">, total?: number): string {
  const { lines, list } = words;
  const [newest] = newestFirst;
  const facts = newsFactsOf(newest?.payload ?? {});
  const title = titleOf(facts, words);
  const names = peopleIn(newestFirst);
  const { named, others } = namedAndOthers(names, Math.max(total ?? 0, names.length));
  const count = newestFirst.length;
  const people = list([...named, ...(others > 0 ? [lines("others", { count: others })] : [])]);
  const mentioned = newestFirst.some((row) => row.type === "comment.mentioned") ? "yes" : "no";
  if (isCommentType(type)) {
    if (named.length === 1 && others === 0) return lines("news.commentsOfOne", { actor: named[0] ?? "", title, count, mentioned });
    return lines("news.comments", { people, title, mentioned });
  }
  if (named.length === 1 && others === 0) return lines("news.likesOfOne", { actor: named[0] ?? "", title });
  return lines("news.likes", { people, title, what: likedIn(newestFirst) });
}

function likedIn(rows: Matter[]): "article" | "comments" | "both" {
  const comments = rows.filter(({ payload }) => newsFactsOf(payload).comment).length;
  return comments === 0 ? "article" : comments === rows.length ? "comments" : "both";
}

/** Why the reader hears of it. */
export function newsWhy(type: NewsType, { article }: NewsFacts, { lines }: Words, memberId: string | null): string {
  switch (type) {
    case "article.published":
      return article?.elsewhere || !article?.workspace ? lines("why.workspaces") : lines("why.workspace", { workspace: article.workspace.name });
    case "article.mentioned":
    case "comment.mentioned":
      return lines("why.mentioned");
    case "comment.replied":
      return lines("why.replied");
    case "comment.added":
      return lines(article?.authorId && article.authorId === memberId ? "why.wrote" : "why.follow");
    case "article.liked":
      return lines("why.wrote");
    case "article.acknowledgement-due":
      return lines("why.asked");
  }
}

/** What was written, where that is the news. */
export function newsQuote(type: NewsType, { article, comment }: NewsFacts): string | null {
  if (isCommentType(type)) return comment?.excerpt || null;
  return type === "article.published" || type === "article.mentioned" ? article?.excerpt || null : null;
}
