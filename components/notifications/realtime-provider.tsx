"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { InboxCount } from "@/lib/notifications/inbox/queries";
import type { RealtimeSettings } from "@/lib/platform/realtime";
import { LiveInboxContext } from "./inbox-count";
import { connectInbox } from "./realtime-connection";

interface Props {
  member: { id: string; organizationId: string; organizationSlug: string };
  settings: RealtimeSettings;
  /** The count as the server saw it when it made this page. */
  initial: InboxCount;
  children: ReactNode;
}

/**
 * Keeps the unread count of everything below it live. Counts carry a version that only rises, so one that was delayed on its way
 * never overwrites a newer one; what was missed is asked for on reconnecting and when the tab is looked at again.
 */
export function RealtimeProvider({ member, settings, initial, children }: Props) {
  const [heard, setHeard] = useState(initial);
  const [connected, setConnected] = useState(true);
  const count = heard.version >= initial.version ? heard : initial;
  const accept = useCallback((next: InboxCount) => setHeard((shown) => (next.version > shown.version ? next : shown)), []);
  const { id, organizationId, organizationSlug } = member;
  const { key, cluster, host, port, tls } = settings;

  useEffect(
    () => connectInbox({ memberId: id, organizationId, organization: organizationSlug, settings: { key, cluster, host, port, tls }, accept, onConnection: setConnected }),
    [id, organizationId, organizationSlug, key, cluster, host, port, tls, accept],
  );

  const { unread, version } = count;
  const live = useMemo(() => ({ unread, version, accept, connected }), [unread, version, accept, connected]);
  return (
    <LiveInboxContext value={live}>
      <TitleCount unread={unread} />
      {children}
      <Announcer unread={unread} />
    </LiveInboxContext>
  );
}

/** `(3) Calendar`: pages name themselves, so the number is put back whenever the title changes. */
function TitleCount({ unread }: { unread: number }) {
  useEffect(() => {
    const apply = () => {
      const bare = document.title.replace(/^\(\d+\) /, "");
      const wanted = unread > 0 ? `(${unread}) ${bare}` : bare;
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  }, [unread]);
  return null;
}

/** Says politely that something arrived; what it is stands in the inbox. */
function Announcer({ unread }: { unread: number }) {
  const t = useTranslations("inbox");
  const before = useRef(unread);
  const [words, setWords] = useState("");
  useEffect(() => {
    const arrived = unread - before.current;
    before.current = unread;
    if (arrived > 0) setWords(t("arrived", { count: arrived }));
  }, [unread, t]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
