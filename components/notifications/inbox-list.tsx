"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState, type FormEvent, type MouseEvent, type ReactNode } from "react";
import { useLetterShortcuts } from "@/components/ui/letter-shortcuts";
import { useToast } from "@/components/ui/toast";
import type { InboxCount } from "@/lib/notifications/inbox/queries";
import { muteThreadAction } from "@/lib/notifications/preferences/actions";
import { idleForm } from "@/lib/platform/form-state";
import type { InboxTab, ReadNotificationsInput, SnoozeNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { callInbox, type InboxAnswer, type InboxCall } from "./inbox-calls";
import { useLiveInbox } from "./inbox-count";
import { useRowFocus } from "./row-focus";
import { OptimismContext, type Guess } from "./optimism";
import { useRowKeys } from "./row-keys";

interface Props {
  organization: string;
  tab: InboxTab;
  /** The count that the rows below belong to. */
  count: InboxCount;
  ids: string[];
  /** What "all read" means on this page. */
  everything: ReadNotificationsInput;
  children: ReactNode;
}

/** Several changes in quick succession are one look at the server. */
const settleMs = 150;

/**
 * What scripts add to the rows: they renew themselves when something arrives or is read elsewhere, a change shows at once and is taken
 * back if the server refuses it, and letters move through them. Without scripts the rows are links and the buttons are forms.
 */
export function InboxList({ organization, tab, count, ids, everything, children }: Props) {
  const t = useTranslations("inbox");
  const router = useRouter();
  const toast = useToast();
  const list = useRef<HTMLDivElement>(null);
  const [letters] = useLetterShortcuts();
  const [guesses, setGuesses] = useState<ReadonlyMap<string, Guess>>(new Map());
  const { version, accept, connected } = useLiveInbox();
  const focus = useRowFocus(list, ids);
  useRowKeys(list, letters);

  useEffect(() => accept(count), [accept, count]);

  useEffect(() => {
    if (version <= count.version) return;
    const timer = setTimeout(() => router.refresh(), settleMs);
    return () => clearTimeout(timer);
  }, [version, count.version, router]);

  const change = async (rows: string[], guess: Omit<Guess, "since">, call: InboxCall): Promise<InboxAnswer | null> => {
    const guessed = (since: number) => setGuesses((all) => new Map([...all, ...rows.map((id): [string, Guess] => [id, { ...guess, since }])]));
    guessed(Infinity);
    try {
      const answer = await callInbox(organization, call);
      guessed(answer.version);
      accept(answer);
      return answer;
    } catch {
      setGuesses((all) => new Map([...all].filter(([id]) => !rows.includes(id))));
      toast({ text: t("failed") });
      return null;
    }
  };

  const read = (id: string) => change([id], { read: true }, { path: "read", body: { ids: [id] } });

  const readAll = async () => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-id]:not([data-read])") ?? [])].map(({ id }) => id);
    const answer = await change(rows, { read: true }, { path: "read", body: everything });
    const { readAt } = answer ?? {};
    if (!readAt) return;
    const undo = () => void change(rows, { read: false }, { path: "unread", body: { readAt } });
    toast({ text: t("allRead"), action: { label: t("undo"), run: undo } });
  };

  const snooze = async (id: string, until: SnoozeNotificationsInput["until"], words: string) => {
    focus.leave(id);
    const answer = await change([id], { gone: true }, { path: "snooze", body: { ids: [id], until } });
    if (!answer) return;
    const undo = () => void change([id], { gone: false }, { path: "snooze", body: { ids: [id], until: null } });
    toast(until === null ? { text: words } : { text: words, action: { label: t("undo"), run: undo } });
  };

  const mute = async (thread: string, muted: boolean) => {
    const form = new FormData();
    form.set("thread", thread);
    form.set("muted", String(muted));
    const { status } = await muteThreadAction(organization, idleForm, form).catch(() => ({ status: "refused" as const }));
    if (status !== "done") return toast({ text: t("failed") });
    toast({ text: t(!muted ? "threadUnmuted" : thread.startsWith("art_") ? "articleMuted" : "threadMuted"), action: { label: t("undo"), run: () => void mute(thread, !muted) } });
  };

  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-row]") : null;
    const row = link?.closest<HTMLElement>("[data-row-id]:not([data-read])");
    if (row && tab !== "snoozed") void read(row.id);
  };

  const onSubmit = (event: FormEvent) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const { act, until, thread, words = "" } = form?.dataset ?? {};
    if (act) event.preventDefault();
    if (act === "all") return void readAll();
    const id = form?.closest("[data-row-id]")?.id;
    if (!id) return;
    // Answering in place is reading, too.
    if (act === undefined) return void read(id);
    if (act === "snooze" && until) return void snooze(id, until, words);
    if (thread) {
      focus.stay(id);
      return void mute(thread, act === "mute");
    }
    if (act === "wake") return void snooze(id, null, words);
    focus.stay(id);
    void (act === "unread" ? change([id], { read: false }, { path: "unread", body: { ids: [id] } }) : read(id));
  };

  const optimism = useMemo(() => ({ guesses, version: count.version }), [guesses, count.version]);
  return (
    <OptimismContext value={optimism}>
      <div ref={list} tabIndex={-1} className="outline-none" onClick={onClick} onSubmit={onSubmit} {...focus.listeners}>
        {!connected && (
          <p role="status" className="mb-3 text-sm text-caution">
            {t("offline")}
          </p>
        )}
        {children}
      </div>
    </OptimismContext>
  );
}
