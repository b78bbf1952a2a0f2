"use client";

import { useEffect } from "react";
import { useUnreadNews } from "@/components/shell/unread-news";
import { noteReadHere } from "./read-here";

interface Props {
  organization: string;
  articleId: string;
}

/** Somebody who only passes by has not read. */
const lookMs = 1_000;

/**
 * Notes that the article was read once it has really been looked at: it stands in a tab that is in front. A page that was fetched ahead,
 * or opened in the background, does nothing.
 */
export function ReadArticle({ organization, articleId }: Props) {
  const { recount } = useUnreadNews();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = async () => {
      document.removeEventListener("visibilitychange", look);
      try {
        const response = await fetch(`/api/articles/${articleId}/read?organization=${encodeURIComponent(organization)}`, { method: "PUT", keepalive: true });
        if (!response.ok) return;
        noteReadHere([articleId]);
        recount();
      } catch {
        // Nothing is lost: it stays unread until it is looked at again.
      }
    };
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(() => void note(), lookMs);
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [organization, articleId, recount]);
  return null;
}
