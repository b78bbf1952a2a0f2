"use client";

import { ArrowUp, LoaderCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState, useTransition, type ReactNode } from "react";
import { useChannel } from "@/components/notifications/channels";
import { useRowKeys } from "@/components/notifications/row-keys";
import { useSoon } from "@/components/notifications/soon";
import { useLetterShortcuts } from "@/components/ui/letter-shortcuts";
import { ListContext } from "./feed-context";
import { heldBack } from "./held-back";

interface Props {
  /** The realtime channel of the workspace. */
  channel: string;
  /** The articles below in their order, and those pinned above them. */
  ids: string[];
  pinnedIds: string[];
  /** Where to ask how many came since; null on a page of earlier articles, which nothing new belongs on. */
  newerHref: string | null;
  /** What stands above the articles. */
  above: ReactNode;
  children: ReactNode;
}

/** Likes and comments are no calls to a whole workspace: their counts follow at the pace of somebody who looks. */
const renewEveryMs = 60_000;

/** An answer counts no further. */
const countedMax = 20;

/**
 * What scripts add to a feed: new articles are counted in a pill and put in when it is pressed, what was deleted goes at once, what was
 * changed is shown anew, and letters move through the cards. Without scripts the cards are links.
 */
export function LiveFeed({ channel, ids, pinnedIds, newerHref, above, children }: Props) {
  const router = useRouter();
  const list = useRef<HTMLDivElement>(null);
  const [letters] = useLetterShortcuts();
  // What is pinned was seen above, and is no news when it goes back to its place.
  const [seen, setSeen] = useState(() => [...ids, ...pinnedIds]);
  const [waiting, setWaiting] = useState(0);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [taking, startTaking] = useTransition();
  const wantsNew = useRef(false);
  useRowKeys(list, letters);

  const held = useMemo(() => heldBack(ids, seen), [ids, seen]);
  const shown = ids.join(" ");

  useEffect(() => {
    if (!wantsNew.current || taking) return;
    wantsNew.current = false;
    setSeen((before) => [...shown.split(" "), ...before]);
    setWaiting(0);
  }, [shown, taking]);

  // Once they stand there: the newest gets the keyboard, since it is what was asked for.
  const asked = useRef(false);
  useEffect(() => {
    if (!asked.current || held.length > 0) return;
    asked.current = false;
    const first = list.current?.querySelector<HTMLElement>("[data-feed] [data-row-id]:not([hidden]) a[data-row]");
    first?.focus({ preventScroll: true });
    list.current?.scrollIntoView({ block: "start" });
  }, [held, seen]);

  const take = () => {
    wantsNew.current = true;
    asked.current = true;
    startTaking(() => router.refresh());
  };

  const renew = useSoon(async () => router.refresh());
  const count = useSoon(async () => {
    if (newerHref === null) return;
    try {
      const response = await fetch(newerHref);
      const answer: unknown = response.ok ? await response.json() : null;
      if (typeof answer === "object" && answer !== null && "count" in answer && typeof answer.count === "number") setWaiting(answer.count);
    } catch {
      // Not reachable just now: the next reconnection or look at the tab asks again.
    }
  });

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") renew();
    }, renewEveryMs);
    return () => clearInterval(timer);
  }, [renew]);

  const hear = (call: unknown) => {
    const { articleId, change } = readCall(call);
    // What went may come back: an archived article is restored.
    setGone((all) => (change === "removed" ? new Set([...all, articleId]) : all.has(articleId) ? new Set([...all].filter((id) => id !== articleId)) : all));
    if (change === "published") count();
    if (change === "pinned" || (change !== "published" && (ids.includes(articleId) || pinnedIds.includes(articleId)))) renew();
  };
  useChannel(channel, "articles.changed", hear, count);

  const fresh = Math.max(held.length, waiting);
  const state = useMemo(() => ({ held: new Set(held), gone }), [held, gone]);
  return (
    <ListContext value={state}>
      <div ref={list} className="scroll-mt-20">
        {above}
        <Pill count={fresh} busy={taking} onPress={take} />
        {children}
      </div>
    </ListContext>
  );
}

/** Floats above the cards instead of pushing them down. */
function Pill({ count, busy, onPress }: { count: number; busy: boolean; onPress: () => void }) {
  const t = useTranslations("news");
  const Icon = busy ? LoaderCircle : ArrowUp;
  return (
    <div role="status" className="pointer-events-none sticky top-16 z-10 flex h-0 justify-center md:top-4">
      {count > 0 && (
        <button
          type="button"
          onClick={onPress}
          aria-disabled={busy || undefined}
          className="pointer-events-auto -mt-5 inline-flex h-10 animate-[rise_160ms_ease-out] items-center gap-2 rounded-full bg-accent px-4 text-sm font-semibold whitespace-nowrap text-on-accent shadow-high hover:bg-accent-hover focus-visible:rounded-full"
        >
          <Icon aria-hidden className={busy ? "size-4 animate-spin" : "size-4"} />
          {count > countedMax ? t("newMany", { count: countedMax }) : t("new", { count })}
        </button>
      )}
    </div>
  );
}

function readCall(call: unknown): { articleId: string; change: string } {
  if (typeof call !== "object" || call === null || !("articleId" in call) || !("change" in call)) return { articleId: "", change: "" };
  return { articleId: String(call.articleId), change: String(call.change) };
}
