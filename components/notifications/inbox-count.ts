"use client";

import { createContext, use } from "react";
import type { InboxCount } from "@/lib/notifications/inbox/queries";

export interface LiveInbox extends InboxCount {
  /** Takes a count in if it is newer than what is shown. */
  accept(count: InboxCount): void;
  connected: boolean;
}

export const LiveInboxContext = createContext<LiveInbox>({ unread: 0, version: 0, accept: () => undefined, connected: true });

/** The unread count of this tab; the same in every other tab within a second. */
export const useLiveInbox = () => use(LiveInboxContext);
