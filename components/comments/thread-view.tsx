"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { addCommentAction } from "@/lib/feed/comments/actions";
import type { CommentView } from "@/lib/feed/comments/mappings";
import type { Words } from "./comment-calls";
import { CommentForm } from "./comment-form";
import { CommentItem } from "./comment-item";
import { useConversation } from "./conversation-context";
import { focusOn } from "./focus-on";
import { keepDraft, type Place } from "./kept-words";
import type { Thread } from "./talk";

export interface Answering {
  comment: CommentView;
  draft: Words | null;
}

interface Props {
  thread: Thread;
  place: Place;
  rendered: Readonly<Record<string, ReactNode>>;
  /** The reader's replies that the server does not have yet. */
  unsent: ReactNode;
  /** The reader's answer while it is written. */
  answering: Answering | null;
  onAnswer: (comment: CommentView | null) => void;
  onReply: (parentId: string, words: Words) => void;
  /** Asks for the replies before these. */
  onEarlier: (parentId: string) => Promise<void>;
}

/** A comment and what was answered to it. An answer to an answer stands beside it: conversations do not run off to the right. */
export function ThreadView({ thread: { comment, replies, earlier }, place, rendered, unsent, answering, onAnswer, onReply, onEarlier }: Props) {
  const t = useTranslations("comments");
  const { organization, articleId, open } = useConversation();
  const [asking, setAsking] = useState(false);
  const close = () => {
    onAnswer(null);
    focusOn(comment.id);
  };
  const more = async () => {
    setAsking(true);
    await onEarlier(comment.id);
    setAsking(false);
  };

  return (
    <CommentItem comment={comment} rendered={rendered[`${comment.id} ${comment.version}`]} onReply={() => onAnswer(comment)}>
      {(replies.length > 0 || earlier > 0 || unsent) && (
        <div className="mt-2 border-l border-line pl-3 sm:pl-4">
          {earlier > 0 && (
            <Button size="sm" variant="ghost" aria-disabled={asking || undefined} onClick={() => !asking && void more()} className="no-js:hidden">
              {asking ? t("loading") : t("earlierReplies", { count: earlier })}
            </Button>
          )}
          <ol className="flex flex-col gap-3">
            {replies.map((reply) => (
              <CommentItem key={reply.id} comment={reply} rendered={rendered[`${reply.id} ${reply.version}`]} onReply={() => onAnswer(reply)} />
            ))}
            {unsent}
          </ol>
        </div>
      )}
      {answering && (
        <div className="mt-2 border-l border-line pl-3 sm:pl-4">
          <CommentForm
            key={answering.comment.id}
            organization={organization}
            articleId={articleId}
            label={answering.comment.author ? t("replyTo", { name: answering.comment.author.name }) : t("reply")}
            sendLabel={t("reply")}
            initial={answering.draft ?? undefined}
            autoFocus
            onSend={(words) => {
              close();
              onReply(answering.comment.id, words);
            }}
            onWritten={(words) => keepDraft(place, comment.id, words)}
            onCancel={close}
          />
        </div>
      )}
      {open && (
        <noscript>
          <details className="mt-1">
            <summary className="link w-fit cursor-pointer text-sm">{comment.author ? t("replyTo", { name: comment.author.name }) : t("reply")}</summary>
            <div className="mt-2">
              <CommentForm
                organization={organization}
                articleId={articleId}
                label={comment.author ? t("replyTo", { name: comment.author.name }) : t("reply")}
                sendLabel={t("reply")}
                action={addCommentAction.bind(null, organization, articleId, comment.id)}
                onSend={() => undefined}
              />
            </div>
          </details>
        </noscript>
      )}
    </CommentItem>
  );
}
