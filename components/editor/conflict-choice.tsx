"use client";

import { useTranslations } from "next-intl";
import { useEffect, useId, useRef } from "react";
import { Button } from "@/components/ui/button";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { Content, Stored } from "./autosave";
import { wordsOf } from "./stored-document";

interface Props {
  mine: Content;
  other: Stored;
  viewer: Viewer;
  onKeepMine: () => void;
  onTakeOther: () => void;
  onKeepBoth: () => void;
}

/** The same draft was saved from elsewhere meanwhile. Both stand side by side; whatever is chosen, nothing goes before it was seen. */
export function ConflictChoice({ mine, other, viewer, onKeepMine, onTakeOther, onKeepBoth }: Props) {
  const t = useTranslations("editor.conflict");
  const id = useId();
  const place = useRef<HTMLElement>(null);
  const since = other.updatedAt ? formatsFor(viewer).dayTime(other.updatedAt) : "";

  // It stands above what is being written and may be out of sight; the words that are being typed keep the focus.
  useEffect(() => {
    // Newer browsers answer with a promise, which is nothing to clean up.
    void place.current?.scrollIntoView({ block: "nearest" });
  }, []);

  return (
    <section ref={place} aria-labelledby={id} className="mb-5 scroll-mt-20 rounded-xl border border-caution-line bg-caution-soft p-4">
      <h2 id={id} className="text-sm font-semibold">
        {t("title")}
      </h2>
      <p className="mt-1 text-sm">{t("explain")}</p>
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <Side heading={t("mine")} content={mine}>
          <Button variant="primary" size="sm" onClick={onKeepMine}>
            {t("keepMine")}
          </Button>
        </Side>
        <Side heading={since ? t("otherAt", { time: since }) : t("other")} content={other}>
          <Button size="sm" onClick={onTakeOther}>
            {t("takeOther")}
          </Button>
        </Side>
      </div>
      <Button variant="ghost" size="sm" className="mt-2" onClick={onKeepBoth}>
        {t("keepBoth")}
      </Button>
    </section>
  );
}

function Side({ heading, content, children }: { heading: string; content: Content; children: React.ReactNode }) {
  const t = useTranslations("editor.conflict");
  return (
    <div className="flex min-w-0 flex-col rounded-lg border border-line bg-surface p-3">
      <h3 className="text-xs font-medium text-ink-muted">{heading}</h3>
      <div tabIndex={0} role="group" aria-label={heading} className="scroll-quiet my-2 max-h-56 flex-1 overflow-y-auto rounded-md text-sm whitespace-pre-wrap">
        <p className="font-semibold">{content.title || t("noTitle")}</p>
        {wordsOf(content.document)}
      </div>
      <div>{children}</div>
    </div>
  );
}
