"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useChannel } from "@/components/notifications/channels";
import { useSoon } from "@/components/notifications/soon";
import type { LikeState } from "@/lib/feed/likes/mappings";
import { readLikes } from "./like-calls";
import { LikeToggle } from "./like-toggle";

interface Props {
  organization: string;
  articleId: string;
  /** As the server saw it when it made this page. */
  initial: LikeState;
  open: boolean;
}

/** The likes of an article, as they are now for whoever has it open. */
export function LiveLike({ organization, articleId, initial, open }: Props) {
  const t = useTranslations("comments");
  const [known, setKnown] = useState(initial);
  const [from, setFrom] = useState(initial);
  if (from.likes !== initial.likes || from.liked !== initial.liked) {
    setFrom(initial);
    setKnown(initial);
  }

  const ask = useSoon(async () => {
    try {
      setKnown(await readLikes(organization, articleId));
    } catch {
      // Not reachable just now: the next call, reconnection or look at the tab asks again.
    }
  });
  useChannel(`private-article-${articleId}`, "article.changed", (data) => isLikeOf(data) && ask(), ask);

  return <LikeToggle organization={organization} id={articleId} known={known} accept={setKnown} label={t("likeArticle")} open={open} size="md" />;
}

const isLikeOf = (data: unknown) => typeof data === "object" && data !== null && "what" in data && data.what === "likes" && "commentId" in data && data.commentId === null;
