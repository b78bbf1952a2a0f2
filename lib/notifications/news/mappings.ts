import type { z } from "zod";
import { plainLine, plainText, shortened } from "@/lib/platform/plain-text";
import type { acknowledgementDue, articleLiked, articlePublished, ArticleFacts, commentAdded } from "@/lib/feed/events";

/** What is kept of an event of the news: enough for a line and a push. What a mail says is read when it is sent. */
const lengths = { name: 80, title: 200, excerpt: 280 } as const;

const line = (text: string, max: number) => shortened(plainLine(text), max);

type Actor = z.output<typeof articlePublished.schema>["actor"];

const actorOf = ({ memberId, name }: Actor) => ({ memberId, name: line(name, lengths.name) });

/** One row is told to readers of several workspaces: what only those of one of them know is not in it. */
const placeOf = ({ feed, workspace, workspaceIds }: Pick<ArticleFacts, "feed" | "workspace" | "workspaceIds">) =>
  workspaceIds.length > 1 ? { feed: null, workspace: null, elsewhere: true } : { feed, workspace: { id: workspace.id, name: line(workspace.name, lengths.name) }, elsewhere: false };

const articleOf = ({ id, title, excerpt, authorId, authorName, cover, ...facts }: ArticleFacts) => ({
  id,
  title: line(title, lengths.title),
  excerpt: shortened(plainText(excerpt), lengths.excerpt),
  authorId,
  authorName: line(authorName, lengths.name),
  ...placeOf(facts),
  cover,
});

const commentOf = ({ id, excerpt }: { id: string; excerpt: string }) => ({ id, excerpt: shortened(plainText(excerpt), lengths.excerpt) });

export const articleKept = ({ actor, article, mustRead = null }: { actor: Actor; article: ArticleFacts; mustRead?: z.output<typeof articlePublished.schema>["mustRead"] }) => ({
  actor: actorOf(actor),
  article: articleOf(article),
  mustRead: mustRead !== null,
});

export const commentKept = ({ actor, article, comment }: Pick<z.output<typeof commentAdded.schema>, "actor" | "article" | "comment">) => ({
  actor: actorOf(actor),
  article: articleOf(article),
  comment: commentOf(comment),
});

export const likeKept = ({ actor, article, comment }: z.output<typeof articleLiked.schema>) => ({
  actor: actorOf(actor),
  article: articleOf(article),
  comment: comment && commentOf(comment),
});

export const dueKept = ({ actor, article, dueAt, round }: z.output<typeof acknowledgementDue.schema>) => ({ actor: actorOf(actor), article: articleOf(article), dueAt, round });

/** Likes are a line of their own: they must not push what somebody wrote down the inbox. */
export const likesThread = (articleId: string) => `likes:${articleId}`;

/** Every thread in which something of an article is told. */
export const threadsOfArticle = (articleId: string) => [articleId, likesThread(articleId)];

/** What is read in several workspaces happened in no single one: nobody's choice for one of them holds for it. */
export const workspaceOf = ({ article: { workspaceIds } }: { article: ArticleFacts }): string | null => (workspaceIds.length === 1 ? (workspaceIds[0] ?? null) : null);
