import type { CommentPage, CommentView } from "@/lib/feed/comments/mappings";

/** What a tab knows of a conversation. Changed only by what the server said. */
export interface Talk {
  comments: ReadonlyMap<string, CommentView>;
  people: Readonly<Record<string, string>>;
  /** Leads to what was said before the first of them; null when nothing was. */
  cursor: string | null;
  total: number;
  open: boolean;
}

export interface Thread {
  comment: CommentView;
  replies: CommentView[];
  /** How many replies came before these. */
  earlier: number;
}

export const talkOf = ({ comments, ...page }: CommentPage): Talk => ({ comments: mapOf(comments), people: page.people, cursor: page.nextCursor, total: page.total, open: page.open });

const mapOf = (comments: CommentView[]) => new Map(comments.map((comment) => [comment.id, comment]));

const joined = (talk: Talk, page: CommentPage) => ({ people: { ...talk.people, ...page.people }, total: page.total, open: page.open });

/** What was said before, put before it. */
export const withEarlier = (talk: Talk, page: CommentPage): Talk => ({
  ...joined(talk, page),
  comments: new Map([...mapOf(page.comments), ...talk.comments]),
  cursor: page.nextCursor,
});

export const withReplies = (talk: Talk, page: CommentPage): Talk => ({ ...talk, ...joined(talk, page), comments: new Map([...talk.comments, ...mapOf(page.comments)]) });

/** The answer for `ids`: what does not come back is not there any more, nor the place of a deleted comment whose last reply it was. */
export function withChanged(talk: Talk, ids: string[], page: CommentPage): Talk {
  const comments = new Map(talk.comments);
  const there = mapOf(page.comments);
  for (const id of ids) {
    if (there.has(id)) continue;
    const parentId = comments.get(id)?.parentId;
    comments.delete(id);
    if (parentId && comments.get(parentId)?.deleted && !there.has(parentId)) comments.delete(parentId);
  }
  const oldest = oldestOf(talk.comments);
  for (const comment of there.values()) {
    // Something changed among what this tab has not gone back to: it will come as it is by then.
    if (!comments.has(comment.id) && talk.cursor !== null && (comment.parentId ?? comment.id) < oldest) continue;
    comments.set(comment.id, comment);
  }
  return { ...talk, ...joined(talk, page), comments };
}

/** The latest part as it is now, from its first comment until its last; what is known of before that stays. */
export function withLatest(talk: Talk, page: CommentPage): Talk {
  const there = mapOf(page.comments);
  const from = page.nextCursor === null ? "" : oldestOf(there);
  const kept = [...talk.comments.values()].filter(({ id, parentId }) => {
    if ((parentId ?? id) < from) return true;
    // Replies that were asked for in addition: those before the first one that came.
    const first = parentId === null ? undefined : page.comments.find((reply) => reply.parentId === parentId);
    return first !== undefined && id < first.id;
  });
  const goesBackFurther = kept.some(({ id, parentId }) => parentId === null && id < from);
  return { ...joined(talk, page), comments: new Map([...mapOf(kept), ...there]), cursor: goesBackFurther ? talk.cursor : page.nextCursor };
}

export const withOne = (talk: Talk, comment: CommentView): Talk => ({
  ...talk,
  comments: new Map([...talk.comments, [comment.id, comment]]),
  total: talk.comments.has(comment.id) ? talk.total : talk.total + 1,
});

/** The first of the comments that are no replies. */
export function oldestOf(comments: ReadonlyMap<string, CommentView>): string {
  let oldest = "";
  for (const { id, parentId } of comments.values()) if (parentId === null && (oldest === "" || id < oldest)) oldest = id;
  return oldest;
}

/** As it is read: oldest first, replies below what they answer. Identifiers sort by when they were made. */
export function threadsOf({ comments }: Talk): Thread[] {
  const sorted = [...comments.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const replies = new Map<string, CommentView[]>();
  for (const comment of sorted) if (comment.parentId !== null) replies.set(comment.parentId, [...(replies.get(comment.parentId) ?? []), comment]);
  return sorted
    .filter(({ parentId }) => parentId === null)
    .map((comment) => {
      const known = replies.get(comment.id) ?? [];
      return { comment, replies: known, earlier: Math.max(0, comment.replies - known.length) };
    });
}

/** Without what the reader is just deleting: its place stays where it was answered. */
export function withoutRemoved(thread: Thread, removing: ReadonlySet<string>): Thread[] {
  const replies = thread.replies.filter(({ id }) => !removing.has(id));
  const answered = replies.length > 0 || thread.earlier > 0;
  const away = removing.has(thread.comment.id);
  if (!answered && (away || thread.comment.deleted)) return [];
  return [{ ...thread, replies, comment: away ? { ...thread.comment, author: null, document: null, deleted: "by-author" } : thread.comment }];
}
