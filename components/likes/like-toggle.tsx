"use client";

import { clsx } from "clsx";
import { Heart } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { useToast } from "@/components/ui/toast";
import { likeAction } from "@/lib/feed/likes/actions";
import type { LikeState } from "@/lib/feed/likes/mappings";
import { LikersDialog } from "./likers-dialog";
import { useLike } from "./use-like";

interface Props {
  organization: string;
  /** Of an article or a comment. */
  id: string;
  known: LikeState;
  accept: (state: LikeState) => void;
  /** What is liked, in words: "Like this article". */
  label: string;
  /** False where what is liked is archived: the count stays. */
  open: boolean;
  size?: "sm" | "md";
}

/** A heart to press, and how many pressed it: the number tells who. Needs the messages of `comments`. */
export function LikeToggle({ organization, id, known, accept, label, open, size = "sm" }: Props) {
  const t = useTranslations("comments");
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const { state, toggle } = useLike({ organization, id, known, accept, onFailed: () => toast({ text: t("likeFailed") }) });
  const { liked, likes } = state;

  const send = (event: FormEvent) => {
    event.preventDefault();
    toggle();
  };
  const look = clsx("inline-flex items-center justify-center gap-1.5 rounded-lg text-sm font-medium transition-colors", size === "sm" ? "min-h-8 px-2" : "min-h-10 px-3");
  const heart = <Heart aria-hidden className={clsx("size-4.5", liked && "fill-current")} />;

  return (
    <span className="inline-flex items-center">
      {open ? (
        <form action={likeAction.bind(null, organization, id, !known.liked)} onSubmit={send}>
          <button type="submit" aria-pressed={liked} aria-label={label} title={t("like")} className={clsx(look, liked ? "text-danger hover:bg-danger-soft" : "text-ink-muted hover:bg-hover hover:text-ink")}>
            {heart}
            {size === "md" && <span aria-hidden>{t("like")}</span>}
          </button>
        </form>
      ) : (
        likes > 0 && <span className={clsx(look, "text-ink-muted")}>{heart}</span>
      )}
      {likes > 0 && (
        <button
          type="button"
          data-likes={likes}
          onClick={() => setAsking(true)}
          aria-haspopup="dialog"
          className="-ml-1 min-h-8 min-w-8 rounded-lg px-1.5 text-sm text-ink-muted tabular-nums hover:bg-hover hover:text-ink"
        >
          <span aria-hidden>{likes}</span>
          <span className="sr-only">
            {t("likes", { count: likes })}. {t("whoLikes")}
          </span>
        </button>
      )}
      <LikersDialog organization={organization} id={id} open={asking} onClose={() => setAsking(false)} />
    </span>
  );
}
