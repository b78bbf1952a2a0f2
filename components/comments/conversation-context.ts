"use client";

import { createContext, use } from "react";
import type { CommentView } from "@/lib/feed/comments/mappings";
import type { LikeState } from "@/lib/feed/likes/mappings";
import type { Words } from "./comment-calls";

export interface ConversationHere {
  organization: string;
  articleId: string;
  people: Readonly<Record<string, string>>;
  /** Whether comments are taken, and likes. */
  open: boolean;
  likes: boolean;
  isNew: (id: string) => boolean;
  highlighted: string | null;
  acceptLike: (id: string, state: LikeState) => void;
  /** Gives the code of a refusal; null when it was taken. */
  edit: (comment: CommentView, words: Words) => Promise<string | null>;
  remove: (comment: CommentView) => void;
}

export const ConversationContext = createContext<ConversationHere | null>(null);

export function useConversation(): ConversationHere {
  const here = use(ConversationContext);
  if (!here) throw new Error("a comment stands in a conversation");
  return here;
}
