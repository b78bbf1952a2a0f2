/** `scheduled` is a draft with an instant. What is deleted keeps its row until it is purged, so that late links can be told apart. */
export const articleStates = ["draft", "scheduled", "published", "archived"] as const;
export type ArticleState = (typeof articleStates)[number];
