"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

const countedEvent = "moim:comments-counted";

/** Says how many comments an article has to whatever else on the page shows it. */
export function announceCount(articleId: string, total: number): void {
  window.dispatchEvent(new CustomEvent(countedEvent, { detail: { articleId, total } }));
}

/** How many comments an article has, in words; as its conversation on this page knows it. Needs the messages of `comments`. */
export function CommentCount({ articleId, initial }: { articleId: string; initial: number }) {
  const t = useTranslations("comments");
  const [count, setCount] = useState(initial);
  useEffect(() => {
    const hear = (event: Event) => {
      if (event instanceof CustomEvent && event.detail.articleId === articleId) setCount(event.detail.total);
    };
    window.addEventListener(countedEvent, hear);
    return () => window.removeEventListener(countedEvent, hear);
  }, [articleId]);
  return t("count", { count });
}
