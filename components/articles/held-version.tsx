"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState, type ReactNode } from "react";
import { useChannel } from "@/components/notifications/channels";
import { useSoon } from "@/components/notifications/soon";
import { Button } from "@/components/ui/button";

interface Props {
  /** The realtime channel of the article. */
  channel: string;
  version: number;
  children: ReactNode;
}

/** Going back and forth between tabs is no reason to read everything anew each time. */
const againMs = 60_000;

/**
 * Keeps the version that is being read on the screen. What else changes about the article is shown at once; a newer version is offered,
 * because text that is replaced under somebody's eyes loses their place.
 */
export function HeldVersion({ channel, version, children }: Props) {
  const t = useTranslations("news.article");
  const router = useRouter();
  const [held, setHeld] = useState({ version, children });
  if (held.version === version && held.children !== children) setHeld({ version, children });
  const isBehind = held.version !== version;

  const renewedAt = useRef<number | null>(null);
  const renew = useSoon(async () => router.refresh());
  const missed = () => {
    // The first time the page has only just been made.
    const due = renewedAt.current !== null && performance.now() - renewedAt.current > againMs;
    if (due || renewedAt.current === null) renewedAt.current = performance.now();
    if (due) renew();
  };
  useChannel(channel, "article.changed", (call) => isAboutArticle(call) && renew(), missed);

  return (
    <>
      <div role="status" className="sticky top-16 z-10 md:top-4">
        {isBehind && (
          <div className="mb-4 flex animate-[rise_160ms_ease-out] flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-xl border border-accent-line bg-accent-soft px-4 py-2.5 text-sm shadow-high">
            <p>
              <span className="font-medium">{t("newerTitle")}.</span> {t("newer")}
            </p>
            <Button size="sm" variant="primary" onClick={() => setHeld({ version, children })}>
              <RefreshCw aria-hidden className="size-4" />
              {t("show")}
            </Button>
          </div>
        )}
      </div>
      {isBehind ? held.children : children}
    </>
  );
}

const isAboutArticle = (call: unknown) => typeof call === "object" && call !== null && "what" in call && call.what === "article";
