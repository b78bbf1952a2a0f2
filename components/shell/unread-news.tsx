"use client";

import { useTranslations } from "next-intl";
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";
import { useChannel } from "@/components/notifications/channels";
import { useSoon } from "@/components/notifications/soon";

/** How many articles of a workspace are unread, by its id; at most 99 are counted. */
type Unread = Readonly<Record<string, number>>;

interface UnreadNews {
  unread: Unread;
  /** What was read, or came: the counts are asked for again, soon. */
  recount: () => void;
  /** Takes counts in that an answer of the server brought along. */
  accept: (unread: Unread) => void;
}

const UnreadNewsContext = createContext<UnreadNews>({ unread: {}, recount: () => undefined, accept: () => undefined });

export const useUnreadNews = () => use(UnreadNewsContext);

/** Each channel is a question to the server whether it may be heard: the workspaces of who is in very many are counted when looked at. */
const heardMax = 10;

interface Props {
  organization: string;
  /** The channels of the member's workspaces, in the order of the sidebar. */
  channels: string[];
  initial: Unread;
  children: ReactNode;
}

/** Keeps the unread marks of the sidebar live, in every tab: pages of news call it when something was read, workspaces when something came. */
export function UnreadNewsProvider({ organization, channels, initial, children }: Props) {
  const [asked, setAsked] = useState<{ from: Unread; unread: Unread } | null>(null);
  // What a newer rendering of the layout says counts more than what was asked before it.
  const unread = asked?.from === initial ? asked.unread : initial;
  const accept = useCallback((next: Unread) => setAsked({ from: initial, unread: next }), [initial]);
  const recount = useSoon(async () => {
    try {
      const response = await fetch(`/api/articles/unread?organization=${encodeURIComponent(organization)}`);
      const answer: unknown = response.ok ? await response.json() : null;
      const counts = countsOf(answer);
      if (counts) accept(counts);
    } catch {
      // Not reachable just now: the next reconnection or look at the tab asks again.
    }
  });
  const live = useMemo(() => ({ unread, recount, accept }), [unread, recount, accept]);
  return (
    <UnreadNewsContext value={live}>
      {channels.slice(0, heardMax).map((channel) => (
        <Ear key={channel} channel={channel} heard={recount} />
      ))}
      {children}
    </UnreadNewsContext>
  );
}

function Ear({ channel, heard }: { channel: string; heard: () => void }) {
  useChannel(channel, "articles.changed", heard, heard);
  return null;
}

function countsOf(answer: unknown): Unread | null {
  if (typeof answer !== "object" || answer === null || !("workspaces" in answer) || !Array.isArray(answer.workspaces)) return null;
  const counts: Record<string, number> = {};
  for (const row of answer.workspaces as unknown[]) {
    if (typeof row !== "object" || row === null || !("workspaceId" in row) || !("unread" in row)) continue;
    if (typeof row.workspaceId === "string" && typeof row.unread === "number") counts[row.workspaceId] = row.unread;
  }
  return counts;
}

/** An answer counts no further. */
const countedMax = 99;

/** How many articles are unread, beside a workspace's name; nothing when none are. */
export function UnreadMark({ workspaceId }: { workspaceId: string }) {
  const t = useTranslations("shell");
  const count = useUnreadNews().unread[workspaceId] ?? 0;
  if (count === 0) return null;
  return (
    <span className="inline-flex min-w-5 justify-center rounded-full bg-accent-soft px-1.5 text-xs leading-5 font-semibold text-accent-ink tabular-nums">
      <span aria-hidden data-unread-news={count}>
        {count < countedMax ? count : `${countedMax}+`}
      </span>
      <span className="sr-only">{t("unreadNews", { count })}</span>
    </span>
  );
}

/** A dot: something is unread in one of the workspaces. */
export function AnyUnreadMark() {
  const t = useTranslations("shell");
  const { unread } = useUnreadNews();
  const count = Object.values(unread).reduce((sum, one) => sum + one, 0);
  if (count === 0) return null;
  return (
    <span className="inline-flex size-2 rounded-full bg-accent">
      <span className="sr-only">{t("unreadNews", { count })}</span>
    </span>
  );
}
