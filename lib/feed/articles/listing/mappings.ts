import type { MediaView } from "../../media/mappings";
import type { ArticleState } from "../inputs";

/** An article in a feed: what is seen of it before it is opened. */
export interface ArticleGlance {
  id: string;
  title: string;
  excerpt: string;
  cover: MediaView | null;
  author: { id: string; name: string };
  publishedAt: Date;
  editedAt: Date | null;
  /** Where it stands in this workspace. */
  feed: { id: string; name: string | null; slug: string };
  /** The reader's workspaces that it may be read in. */
  workspaceSlugs: string[];
  likes: number;
  liked: boolean;
  comments: number;
  commentsOpen: boolean;
  unread: boolean;
  pinned: boolean;
  mustRead: { dueAt: Date | null; acknowledged: boolean } | null;
  state: ArticleState;
  version: number;
}

export interface ArticlePage {
  /** Newest first, without those that are pinned. */
  articles: ArticleGlance[];
  /** Those that are pinned in the feed asked for, the one pinned last first; on the first page only. */
  pinned: ArticleGlance[];
  nextCursor: string | null;
  /** Goes back to ask what is newer than this page (`newerThan`). */
  newest: string;
  /** Up to when whoever sees this page has seen everything. */
  seenUpTo: Date;
}
