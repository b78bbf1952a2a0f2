"use client";

import { useEffect, useRef, useState } from "react";
import { useChannel } from "@/components/notifications/channels";
import { useSoon } from "@/components/notifications/soon";
import type { CommentPage, CommentView } from "@/lib/feed/comments/mappings";
import { NotTaken, readComments } from "./comment-calls";
import { oldestOf, talkOf, withChanged, withLatest, type Talk } from "./talk";

interface Wish {
  organization: string;
  articleId: string;
  memberId: string;
  /** As the server saw it when it made this page. */
  page: CommentPage;
  /** Whether a comment of the reader's own is on its way: it is not to appear a second time before that is known to have arrived. */
  isSending: () => boolean;
  onArrived: (comments: CommentView[]) => void;
}

/** One question names so many comments at most; the rest is asked in the next. */
const askedAtOnce = 50;
/** What was read a moment ago is not read again because a tab is looked at. */
const freshForMs = 3_000;

/** A conversation as it is now: what is called out is asked for, and only that; what may have been missed is read anew. */
export function useLiveTalk({ organization, articleId, memberId, page, isSending, onArrived }: Wish) {
  const [talk, setTalk] = useState(() => talkOf(page));
  const [made, setMade] = useState(page);
  const [gone, setGone] = useState(false);
  const changed = useRef(new Set<string>());
  const missed = useRef(false);
  const readAt = useRef(-freshForMs);
  const shown = useRef(talk);
  useEffect(() => {
    shown.current = talk;
  });
  if (made !== page) {
    setMade(page);
    setTalk((before) => withLatest(before, page));
  }

  const known = (id: string) => shown.current.comments.has(id);
  const take = (answer: CommentPage, next: (before: Talk, page: CommentPage) => Talk) => {
    const held = isSending() ? answer.comments.filter(({ id, author }) => author?.id === memberId && !known(id)) : [];
    for (const { id } of held) changed.current.add(id);
    const page = { ...answer, comments: answer.comments.filter((comment) => !held.includes(comment)) };
    onArrived(page.comments.filter(({ id, author }) => author !== null && author.id !== memberId && !known(id)));
    setTalk((before) => next(before, page));
  };

  const read = async () => {
    if (missed.current) {
      missed.current = false;
      changed.current.clear();
      readAt.current = performance.now();
      const oldest = oldestOf(shown.current.comments);
      take(await readComments(organization, articleId, oldest === "" ? {} : { around: oldest }), withLatest);
      return;
    }
    const ids = [...changed.current].slice(0, askedAtOnce);
    if (ids.length === 0) return;
    for (const id of ids) changed.current.delete(id);
    take(await readComments(organization, articleId, { ids: ids.join(",") }), (before, answer) => withChanged(before, ids, answer));
  };

  const soon = useSoon(async () => {
    try {
      await read();
      return changed.current.size > 0 && !isSending();
    } catch (error) {
      if (error instanceof NotTaken && (error.code === "NOT_FOUND" || error.code === "ARTICLE_GONE")) {
        setGone(true);
        return false;
      }
      missed.current = true;
      // Said no to, it waits for the next call or look at the tab; not reachable just now, it is tried again.
      if (error instanceof NotTaken) return false;
      throw error;
    }
  });

  const ask = (ids: string[]) => {
    for (const id of ids) changed.current.add(id);
    soon();
  };
  const readAll = () => {
    if (!missed.current && performance.now() - readAt.current < freshForMs) return;
    missed.current = true;
    soon();
  };
  const hear = (data: unknown) => {
    const change = changeIn(data);
    if (change === "article") {
      missed.current = true;
      soon();
    } else if (change && (change.what === "comments" || known(change.commentId))) ask([change.commentId]);
  };
  useChannel(`private-article-${articleId}`, "article.changed", hear, readAll);

  return { talk, setTalk, gone, ask };
}

/** What `lib/feed/live` calls out, as far as it concerns comments. */
function changeIn(data: unknown): "article" | { what: "comments" | "likes"; commentId: string } | null {
  if (typeof data !== "object" || data === null || !("what" in data)) return null;
  if (data.what === "article") return "article";
  if ((data.what === "comments" || data.what === "likes") && "commentId" in data && typeof data.commentId === "string") return { what: data.what, commentId: data.commentId };
  return null;
}
