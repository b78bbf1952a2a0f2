"use client";

import { useRef, useState } from "react";
import type { LikeState } from "@/lib/feed/likes/mappings";
import { sendLike } from "./like-calls";

interface Wish {
  organization: string;
  /** Of an article or a comment. */
  id: string;
  /** What the server said last. */
  known: LikeState;
  /** Takes in what the server says of it now. */
  accept: (state: LikeState) => void;
  onFailed: () => void;
}

/**
 * A like that shows at once. One request is under way at a time, and after it only what the reader wants by then: clicked ten times in a
 * row, it ends where they left it. What is refused is taken back.
 */
export function useLike({ organization, id, known, accept, onFailed }: Wish): { state: LikeState; toggle: () => void } {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const under = useRef<{ wanted: boolean } | null>(null);

  const send = async (first: boolean) => {
    const held = { wanted: first };
    under.current = held;
    try {
      let state: LikeState;
      do state = await sendLike(organization, id, held.wanted);
      while (state.liked !== held.wanted);
      accept(state);
    } catch {
      onFailed();
    } finally {
      under.current = null;
      setWanted(null);
    }
  };

  const liked = wanted ?? known.liked;
  const likes = known.likes + Number(liked) - Number(known.liked);
  const toggle = () => {
    const next = !(under.current?.wanted ?? liked);
    setWanted(next);
    if (under.current) under.current.wanted = next;
    else void send(next);
  };
  return { state: { liked, likes }, toggle };
}
