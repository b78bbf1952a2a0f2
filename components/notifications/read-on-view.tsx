"use client";

import { useEffect } from "react";
import { callInbox } from "./inbox-calls";
import { useLiveInbox } from "./inbox-count";

interface Props {
  organization: string;
  subjectId: string;
  /** What this page could know, and whether anything of it is unread. */
  unread: number;
  seen: string;
}

/** Somebody who only passes by has not read. */
const lookMs = 250;

/**
 * Marks read what the inbox says about this page's subject once the page has really been looked at: it stands in a tab that is in
 * front. A page that was fetched ahead, or opened in the background, does nothing.
 */
export function ReadOnView({ organization, subjectId, unread, seen }: Props) {
  const { accept } = useLiveInbox();
  useEffect(() => {
    if (unread === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const mark = () => {
      document.removeEventListener("visibilitychange", look);
      callInbox(organization, { path: "read", body: { subject: subjectId, seen } }).then(accept, () => {
        // Nothing is lost: it stays unread until it is looked at again.
      });
    };
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(mark, lookMs);
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [organization, subjectId, unread, seen, accept]);
  return null;
}
