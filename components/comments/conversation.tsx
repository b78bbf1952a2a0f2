"use client";

import { ArrowDown, ArrowUp, MessageCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import type { CommentPage, CommentView } from "@/lib/feed/comments/mappings";
import { NotTaken, readComments, sendDeletion, sendEdit, type Words } from "./comment-calls";
import { announceCount } from "./comment-count";
import { TimesContext, type Times } from "./comment-time";
import { Composer } from "./composer";
import { ConversationContext, type ConversationHere } from "./conversation-context";
import { focusOn } from "./focus-on";
import { keepDraft, keptDraft } from "./kept-words";
import { threadsOf, withChanged, withEarlier, withLatest, withOne, withoutRemoved, withReplies } from "./talk";
import { ThreadView, type Answering } from "./thread-view";
import { UnsentComment } from "./unsent-comment";
import { useLiveTalk } from "./use-live-talk";
import { useNow } from "./use-now";
import { useUnseen } from "./use-unseen";
import { useUnsent, type OnItsWay } from "./use-unsent";

interface Props {
  organization: string;
  articleId: string;
  me: { id: string; name: string };
  page: CommentPage;
  likes: boolean;
  /** Whether the page begins with what was said earlier, as without scripts. */
  isEarlier: boolean;
  idempotencyKey: string;
  times: Pick<Times, "viewer" | "said">;
  rendered: Readonly<Record<string, ReactNode>>;
}

/** Where the page puts the conversation; its links lead there. */
const anchor = "#comments";
const headingId = "conversation";
const highlightMs = 4_000;

/**
 * What people say about an article, oldest first. The server's HTML is whole by itself; scripts make it live, let what the reader does
 * show at once, and keep what they write until it has arrived.
 */
export function Conversation({ organization, articleId, me, page, likes, isEarlier, idempotencyKey, times, rendered }: Props) {
  const t = useTranslations("comments");
  const toast = useToast();
  const list = useRef<HTMLDivElement>(null);
  const now = useNow();
  const place = useMemo(() => ({ memberId: me.id, articleId }), [me.id, articleId]);
  const [said, setSaid] = useState("");
  const [answering, setAnswering] = useState<(Answering & { thread: string }) | null>(null);
  const [rewriting, setRewriting] = useState(0);
  const [removing, setRemoving] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const { fresh, unseen, arrive, forget } = useUnseen(list);
  const sending = useRef(false);

  const { talk, setTalk, gone, ask } = useLiveTalk({
    organization,
    articleId,
    memberId: me.id,
    page,
    isSending: () => sending.current,
    onArrived: (comments) => {
      if (comments.length === 0) return;
      arrive(comments.map(({ id }) => id));
      const [first] = comments;
      setSaid(comments.length === 1 && first?.author ? t("arrived", { name: first.author.name }) : t("new", { count: comments.length }));
    },
  });
  const { unsent, add, send, retry, drop } = useUnsent({ organization, memberId: me.id, articleId, onSent: (comment) => setTalk((before) => withOne(before, comment)) });
  useEffect(() => {
    const before = sending.current;
    sending.current = unsent.some(({ state }) => state === "sending");
    if (before && !sending.current) ask([]);
  });
  useEffect(() => announceCount(articleId, talk.total), [articleId, talk.total]);
  // The conversation is reachable again: so is what waits to join it.
  useEffect(() => retry(), [talk, retry]);

  useEffect(() => {
    let left = false;
    const look = async () => {
      const id = window.location.hash.slice(1);
      if (!/^cmt_[0-9a-z]{26}$/.test(id)) return;
      if (!document.getElementById(id)) {
        const found = await readComments(organization, articleId, { around: id }).catch(() => null);
        if (found) setTalk((before) => withLatest(before, found));
      }
      if (!left) setHighlighted(id);
    };
    const lookAgain = () => void look();
    lookAgain();
    window.addEventListener("hashchange", lookAgain);
    return () => {
      left = true;
      window.removeEventListener("hashchange", lookAgain);
    };
  }, [organization, articleId, setTalk]);
  useEffect(() => {
    if (highlighted === null) return;
    document.getElementById(highlighted)?.scrollIntoView({ block: "center" });
    focusOn(highlighted);
    const timer = setTimeout(() => setHighlighted(null), highlightMs);
    return () => clearTimeout(timer);
  }, [highlighted]);

  const edit = async (comment: CommentView, words: Words): Promise<string | null> => {
    try {
      const changed = await sendEdit(organization, comment, words);
      setTalk((before) => withOne(before, changed));
      return null;
    } catch (error) {
      if (!(error instanceof NotTaken)) return "UNEXPECTED";
      // What it was changed to meanwhile is shown, and written over only by who has seen it.
      ask([comment.id]);
      return error.code;
    }
  };

  const remove = async ({ id }: CommentView) => {
    const mark = (away: boolean) => setRemoving((before) => new Set(away ? [...before, id] : [...before].filter((one) => one !== id)));
    mark(true);
    focusOn(headingId);
    try {
      await sendDeletion(organization, id);
      const changed = await readComments(organization, articleId, { ids: id });
      setTalk((before) => withChanged(before, [id], changed));
      toast({ text: t("deleted") });
    } catch {
      toast({ text: t("failed") });
    } finally {
      mark(false);
    }
  };

  const load = async (query: Record<string, string>, join: typeof withEarlier): Promise<void> => {
    try {
      const earlier = await readComments(organization, articleId, query);
      setTalk((before) => join(before, earlier));
    } catch {
      toast({ text: t("loadFailed") });
    }
  };
  const earlierReplies = (parent: string) => {
    const first = threadsOf(talk).find(({ comment }) => comment.id === parent)?.replies[0];
    return load({ parent, ...(first && { cursor: first.id }) }, withReplies);
  };
  const earlier = async (event: MouseEvent) => {
    event.preventDefault();
    if (asking || talk.cursor === null) return;
    setAsking(true);
    await load({ cursor: talk.cursor }, withEarlier);
    setAsking(false);
  };

  const threadOf = (parentId: string) => talk.comments.get(parentId)?.parentId ?? parentId;
  const answer = (comment: CommentView | null) => {
    const thread = comment && threadOf(comment.id);
    setAnswering(comment && thread !== null ? { comment, thread, draft: keptDraft(place, thread) } : null);
  };
  const rewrite = (one: OnItsWay) => {
    drop(one);
    const thread = one.parentId === null ? null : threadOf(one.parentId);
    keepDraft(place, thread, one.words);
    const answered = one.parentId === null ? undefined : talk.comments.get(one.parentId);
    if (answered) answer(answered);
    else setRewriting((before) => before + 1);
  };
  const unsentAt = (thread: string | null) =>
    unsent
      .filter(({ parentId }) => (parentId === null ? null : threadOf(parentId)) === thread)
      .map((one) => <UnsentComment key={one.key} comment={one} me={me} onRetry={() => void send(one)} onChange={() => rewrite(one)} onDiscard={() => drop(one)} />);

  const here: ConversationHere = {
    organization,
    articleId,
    people: talk.people,
    open: talk.open,
    likes,
    isNew: (id) => fresh.has(id),
    highlighted,
    acceptLike: (id, state) =>
      setTalk((before) => {
        const comment = before.comments.get(id);
        return comment ? withOne(before, { ...comment, ...state }) : before;
      }),
    edit,
    remove: (comment) => void remove(comment),
  };
  const threads = threadsOf(talk).flatMap((thread) => withoutRemoved(thread, removing));
  const waiting = unsentAt(null);
  const showUnseen = () => {
    const first = [...unseen].sort()[0];
    forget();
    if (first) setHighlighted(first);
  };

  if (gone) return <Notice tone="caution">{t("gone")}</Notice>;
  return (
    <ConversationContext value={here}>
      <TimesContext value={{ ...times, now }}>
        <div className="relative flex flex-col gap-5">
          <h2 id={headingId} tabIndex={-1} className="scroll-mt-20 text-lg font-semibold outline-none">
            {talk.total > 0 ? t("count", { count: talk.total }) : t("title")}
          </h2>
          {talk.cursor !== null && (
            <a href={`?comments=${talk.cursor}${anchor}`} onClick={(event) => void earlier(event)} aria-busy={asking} className="link flex min-h-8 w-fit items-center gap-1.5 text-sm">
              <ArrowUp aria-hidden className="size-4" />
              {asking ? t("loading") : t("earlier")}
            </a>
          )}
          <div ref={list}>
            {threads.length === 0 && waiting.length === 0 ? (
              <div className="flex items-start gap-3 text-sm text-ink-muted">
                <MessageCircle aria-hidden className="mt-0.5 size-5 shrink-0" />
                <p>
                  {t("empty")} {talk.open && t("emptyHint")}
                </p>
              </div>
            ) : (
              <ol className="flex flex-col gap-5">
                {threads.map((thread) => {
                  const { id } = thread.comment;
                  const own = unsentAt(id);
                  return (
                    <ThreadView
                      key={id}
                      thread={thread}
                      place={place}
                      rendered={rendered}
                      unsent={own.length > 0 ? own : null}
                      answering={answering?.thread === id ? answering : null}
                      onAnswer={answer}
                      onReply={add}
                      onEarlier={earlierReplies}
                    />
                  );
                })}
                {waiting}
              </ol>
            )}
          </div>
          {isEarlier && (
            <a href={`?${anchor}`} className="link no-js:flex hidden min-h-8 w-fit items-center gap-1.5 text-sm">
              <ArrowDown aria-hidden className="size-4" />
              {t("latest")}
            </a>
          )}
          {talk.open ? (
            <Composer key={rewriting} organization={organization} place={place} idempotencyKey={idempotencyKey} onSend={(words) => add(null, words)} />
          ) : (
            <p className="text-sm text-ink-muted">{t("closed")}</p>
          )}
          <p role="status" className="sr-only">
            {said}
          </p>
          {unseen.size > 0 && (
            <button
              type="button"
              onClick={showUnseen}
              className="fixed bottom-4 left-1/2 z-30 inline-flex min-h-9 -translate-x-1/2 animate-[rise_160ms_ease-out] items-center gap-1.5 rounded-full bg-accent px-4 text-sm font-medium whitespace-nowrap text-on-accent shadow-high hover:bg-accent-hover max-md:bottom-18"
            >
              <ArrowDown aria-hidden className="size-4" />
              {t("new", { count: unseen.size })}
            </button>
          )}
        </div>
      </TimesContext>
    </ConversationContext>
  );
}
