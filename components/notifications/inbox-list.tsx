"use client";

import { CheckCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, type FormEvent, type MouseEvent, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { belongsElsewhere, useLetterShortcuts } from "@/components/ui/letter-shortcuts";
import { useToast } from "@/components/ui/toast";
import type { InboxCount } from "@/lib/notifications/inbox/queries";
import type { ReadNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { useLiveInbox } from "./inbox-count";

interface Props {
  organization: string;
  /** The count that the rows below belong to. */
  count: InboxCount;
  /** The newest row on the page: "all read" reaches as far as this and no further. */
  newest: string | null;
  markAllRead: () => Promise<void>;
  children: ReactNode;
}

/** Several changes in quick succession are one look at the server. */
const settleMs = 150;

/**
 * What scripts add to the rows: they renew themselves when something arrives or is read elsewhere, opening one marks it read, and
 * letters move through them. Without scripts the rows are links and the buttons are forms.
 */
export function InboxList({ organization, count, newest, markAllRead, children }: Props) {
  const t = useTranslations("inbox");
  const router = useRouter();
  const toast = useToast();
  const list = useRef<HTMLDivElement>(null);
  const [letters] = useLetterShortcuts();
  const { unread, version, accept, connected } = useLiveInbox();

  useEffect(() => accept(count), [accept, count]);

  useEffect(() => {
    if (version <= count.version) return;
    const timer = setTimeout(() => router.refresh(), settleMs);
    return () => clearTimeout(timer);
  }, [version, count.version, router]);

  const mark = async (what: ReadNotificationsInput) => {
    const rows = "ids" in what ? what.ids : [];
    for (const id of rows) rowOf(list.current, id)?.setAttribute("data-read", "");
    try {
      // `keepalive`, because opening a row leaves this page while the request is on its way.
      const response = await fetch(`/api/notifications/read?organization=${encodeURIComponent(organization)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(what),
        keepalive: true,
      });
      if (!response.ok) throw new Error(`answered ${response.status}`);
      accept((await response.json()) as InboxCount);
    } catch {
      for (const id of rows) rowOf(list.current, id)?.removeAttribute("data-read");
      toast({ text: t("failed") });
    }
  };

  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-row]") : null;
    const row = link?.closest<HTMLElement>("[data-unread-row]");
    if (row?.id) void mark({ ids: [row.id] });
  };

  const onSubmit = (event: FormEvent) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const row = form?.closest<HTMLElement>("[data-unread-row]");
    if (!form || !row) return;
    if (form.dataset.marks) {
      event.preventDefault();
      // The button that was pressed goes away; focus stays with its row.
      row.querySelector<HTMLElement>("a[data-row]")?.focus();
    }
    // Answering in place is reading, too.
    void mark({ ids: [row.id] });
  };

  useEffect(() => {
    if (!letters) return;
    const onKey = (event: KeyboardEvent) => {
      if (belongsElsewhere(event) || event.shiftKey) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>("a[data-row]") ?? [])];
      const at = links.findIndex((link) => link.closest("li")?.contains(document.activeElement));
      const target = event.key === "j" ? links[at + 1] : event.key === "k" ? links[Math.max(0, at - 1)] : undefined;
      if (target) {
        event.preventDefault();
        target.focus();
      } else if (event.key === "e" && at >= 0) {
        links[at]?.closest("li")?.querySelector<HTMLFormElement>("form[data-marks]")?.requestSubmit();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [letters]);

  return (
    <div ref={list} onClick={onClick} onSubmit={onSubmit}>
      {!connected && (
        <p role="status" className="mb-3 text-sm text-caution">
          {t("offline")}
        </p>
      )}
      {newest && unread > 0 && (
        <form
          action={markAllRead}
          className="mb-3 flex justify-end"
          onSubmit={(event) => {
            event.preventDefault();
            void mark({ upTo: newest });
          }}
        >
          <Button type="submit" size="sm">
            <CheckCheck aria-hidden className="size-4" />
            {t("markAllRead")}
          </Button>
        </form>
      )}
      {children}
    </div>
  );
}

const rowOf = (list: HTMLElement | null, id: string) => list?.querySelector(`[id="${CSS.escape(id)}"]`) ?? null;
