"use client";

import { clsx } from "clsx";
import { Reply } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { LikeToggle } from "@/components/likes/like-toggle";
import { Avatar } from "@/components/ui/avatar";
import { buttonStyle } from "@/components/ui/button-style";
import type { CommentView } from "@/lib/feed/comments/mappings";
import { CommentBody } from "./comment-body";
import type { Words } from "./comment-calls";
import { CommentForm } from "./comment-form";
import { CommentMenu } from "./comment-menu";
import { CommentTime } from "./comment-time";
import { useConversation } from "./conversation-context";
import { focusOn } from "./focus-on";

interface Props {
  comment: CommentView;
  /** As the server rendered it, when there is more in it than a browser can make by itself: cards of issues. */
  rendered?: ReactNode;
  onReply: () => void;
  children?: ReactNode;
}

/** One comment. What its reader changes shows at once and is taken back if the server refuses it. */
export function CommentItem({ comment, rendered, onReply, children }: Props) {
  const t = useTranslations("comments");
  const { organization, articleId, people, open, likes, isNew, highlighted, acceptLike, edit, remove } = useConversation();
  const [editing, setEditing] = useState<{ words: Words; refusal: string | null } | null>(null);
  const [saving, setSaving] = useState<Words | null>(null);
  const { id, author, deleted, document, text } = comment;
  const reply = comment.parentId !== null;

  const save = async (words: Words) => {
    setEditing(null);
    setSaving(words);
    const refusal = await edit(comment, words);
    setSaving(null);
    if (refusal !== null) setEditing({ words, refusal });
    else focusOn(id);
  };

  return (
    <li>
      <div
        id={id}
        tabIndex={-1}
        data-new={isNew(id) || undefined}
        className={clsx(
          "flex scroll-mt-24 gap-2.5 rounded-lg transition-colors duration-700 no-js:target:bg-accent-soft focus-visible:outline-offset-4 sm:gap-3",
          highlighted === id && "bg-accent-soft",
        )}
      >
        {author ? <Avatar name={author.name} id={author.id} size={reply ? "sm" : "md"} /> : <span aria-hidden className={clsx("shrink-0 rounded-full bg-sunken", reply ? "size-6" : "size-8")} />}
        <div className="min-w-0 flex-1">
          {deleted || !author ? (
            <p className="py-1 text-sm text-ink-muted">{t(deleted === "by-manager" ? "deletedByManager" : "deletedByAuthor")}</p>
          ) : (
            <>
              <div className="flex items-start gap-2">
                <p className="min-w-0 flex-1 py-1 text-sm leading-snug">
                  <span className="font-semibold wrap-anywhere">{author.name}</span>{" "}
                  <span className="text-xs text-ink-muted">
                    <CommentTime at={comment.createdAt} />
                    {(comment.editedAt ?? saving) && <> · {t("edited")}</>}
                  </span>
                </p>
                <CommentMenu
                  organization={organization}
                  comment={comment}
                  onEdit={() => setEditing({ words: { document, text }, refusal: null })}
                  onDelete={() => remove(comment)}
                />
              </div>
              {editing ? (
                <CommentForm
                  organization={organization}
                  articleId={articleId}
                  label={t("editing")}
                  sendLabel={t("save")}
                  initial={editing.words}
                  refusal={editing.refusal}
                  autoFocus
                  onSend={(words) => void save(words)}
                  onCancel={() => {
                    setEditing(null);
                    focusOn(id);
                  }}
                />
              ) : (
                <>
                  <div aria-busy={saving !== null} className={clsx("text-base", saving && "opacity-70")}>
                    {(!saving && rendered) || <CommentBody words={saving ?? { document, text }} people={people} organization={organization} />}
                  </div>
                  <div className="-ml-2 flex flex-wrap items-center">
                    <LikeToggle
                      organization={organization}
                      id={id}
                      known={comment}
                      accept={(state) => acceptLike(id, state)}
                      label={t("likeComment", { name: author.name })}
                      open={likes}
                    />
                    {open && (
                      <button type="button" onClick={onReply} className={buttonStyle("ghost", "sm", "no-js:hidden")}>
                        <Reply aria-hidden className="size-4" />
                        <span aria-hidden>{t("reply")}</span>
                        <span className="sr-only">{t("replyTo", { name: author.name })}</span>
                      </button>
                    )}
                  </div>
                </>
              )}
            </>
          )}
        </div>
      </div>
      {children && <div className="ml-10.5 sm:ml-11">{children}</div>}
    </li>
  );
}
