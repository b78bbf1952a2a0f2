import type { ArticleState } from "../articles/inputs";

/** Archived articles take no comments, nor do those whose comments are closed: none is added, and none is changed. */
export const takesComments = (article: { state: ArticleState; commentsOpen: boolean }) => article.state === "published" && article.commentsOpen;

/** What is archived stays as it was. */
export const takesLikes = (article: { state: ArticleState }) => article.state === "published";
