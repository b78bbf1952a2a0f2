"use client";

import { ChevronDown, Pin } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, type ReactNode } from "react";
import { useReadHere } from "./read-here";

interface Props {
  /** This page; the cookie that keeps the choice is of this path, so that each workspace has its own. */
  path: string;
  cookie: string;
  open: boolean;
  articles: { id: string; unread: boolean }[];
  children: ReactNode;
}

const aYearSeconds = 365 * 24 * 60 * 60;

/** What is pinned, in a few lines that can be folded away; whether they are is kept in a cookie, so that it is right from the first byte. */
export function PinnedStrip({ path, cookie, open, articles, children }: Props) {
  const t = useTranslations("news");
  const details = useRef<HTMLDetailsElement>(null);
  const keep = () => {
    document.cookie = `${cookie}=${details.current?.open ? "open" : "closed"}; Path=${path}; Max-Age=${aYearSeconds}; SameSite=Lax`;
  };
  return (
    <details ref={details} open={open} onToggle={keep} className="group/pins mb-4 rounded-xl border border-line bg-sunken">
      <summary className="flex min-h-10 items-center gap-2 rounded-xl px-4 text-sm sm:px-5">
        <Pin aria-hidden className="size-4 text-ink-muted" />
        <h2 className="font-medium">{t("pinnedTitle")}</h2>
        <span className="text-ink-muted">{t("pinnedCount", { count: articles.length })}</span>
        <UnreadOf articles={articles} />
        <ChevronDown aria-hidden className="ml-auto size-4 text-ink-muted transition-transform group-open/pins:rotate-180" />
      </summary>
      {children}
    </details>
  );
}

function UnreadOf({ articles }: { articles: { id: string; unread: boolean }[] }) {
  const t = useTranslations("news");
  const readHere = useReadHere();
  const count = articles.filter(({ id, unread }) => unread && !readHere.has(id)).length;
  if (count === 0) return null;
  return <span className="rounded-full bg-accent-soft px-2 text-xs leading-5 font-semibold text-accent-ink">{t("pinnedUnread", { count })}</span>;
}
