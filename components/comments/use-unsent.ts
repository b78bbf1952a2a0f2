"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { CommentView } from "@/lib/feed/comments/mappings";
import { NotTaken, sendComment, type Words } from "./comment-calls";
import { forgetUnsent, keepUnsent, keptUnsent, type Unsent } from "./kept-words";

export interface OnItsWay extends Unsent {
  state: "sending" | "offline" | "refused";
  /** Why it was refused. */
  code: string | null;
}

interface Wish {
  organization: string;
  memberId: string;
  articleId: string;
  onSent: (comment: CommentView) => void;
}

/**
 * The member's own comments that the server does not have yet. They stand in the conversation at once, survive a reload, and go out again
 * by themselves when the network is back; what the server refuses waits for its author's decision.
 */
export function useUnsent({ organization, memberId, articleId, onSent }: Wish) {
  const [list, setList] = useState<OnItsWay[]>([]);
  const held = useRef<OnItsWay[]>([]);
  const latest = useRef(onSent);
  useEffect(() => {
    latest.current = onSent;
  });

  const show = useCallback((next: OnItsWay[]) => {
    held.current = next;
    setList(next);
  }, []);

  const send = useCallback(
    async (one: Unsent) => {
      const others = () => held.current.filter(({ key }) => key !== one.key);
      const mark = (state: OnItsWay["state"], code: string | null = null) =>
        show(held.current.some(({ key }) => key === one.key) ? held.current.map((kept) => (kept.key === one.key ? { ...kept, state, code } : kept)) : [...held.current, { ...one, state, code }]);
      mark("sending");
      try {
        const comment = await sendComment(organization, articleId, one.parentId, one.words, one.key);
        forgetUnsent({ memberId, articleId }, one.key);
        show(others());
        latest.current(comment);
      } catch (error) {
        if (error instanceof NotTaken) mark("refused", error.code);
        else mark("offline");
      }
    },
    [organization, memberId, articleId, show],
  );

  const retry = useCallback(() => {
    for (const one of held.current) if (one.state === "offline") void send(one);
  }, [send]);

  const add = (parentId: string | null, words: Words) => {
    const one: Unsent = { key: crypto.randomUUID(), parentId, words, at: new Date(performance.timeOrigin + performance.now()).toISOString() };
    keepUnsent({ memberId, articleId }, one);
    void send(one);
  };

  const drop = ({ key }: Unsent) => {
    forgetUnsent({ memberId, articleId }, key);
    show(held.current.filter((one) => one.key !== key));
  };

  useEffect(() => {
    // From before this page was loaded. Whether they arrived is not known: their keys make them arrive once.
    for (const one of keptUnsent({ memberId, articleId })) if (!held.current.some(({ key }) => key === one.key)) void send(one);
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [memberId, articleId, send, retry]);

  return { unsent: list, add, send, retry, drop };
}
