"use client";

import { useTranslations } from "next-intl";
import { useLiveInbox } from "./inbox-count";

const shownMax = 99;

/** How many notifications are unread, beside the word Inbox; nothing when none are. */
export function InboxBadge() {
  const t = useTranslations("inbox");
  const { unread } = useLiveInbox();
  if (unread === 0) return null;
  return (
    <span className="inline-flex min-w-5 justify-center rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-on-accent tabular-nums">
      <span aria-hidden data-unread={unread}>
        {unread > shownMax ? `${shownMax}+` : unread}
      </span>
      <span className="sr-only">{t("badge", { count: unread })}</span>
    </span>
  );
}
