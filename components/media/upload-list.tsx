"use client";

import { RotateCcw, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import type { UploadItem } from "./uploader";
import { useSizeText } from "./use-size-text";
import { useUploadWords } from "./use-upload-words";

/** What is being uploaded and what became of it; says politely when one has ended. */
export function UploadList({ uploads }: { uploads: UploadItem[] }) {
  const t = useTranslations("media");
  if (uploads.length === 0) return null;
  return (
    <section aria-label={t("uploads")}>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {uploads.map((item) => (
          <UploadRow key={item.localId} item={item} />
        ))}
      </ul>
      <Announcer uploads={uploads} />
    </section>
  );
}

function UploadRow({ item }: { item: UploadItem }) {
  const t = useTranslations("media");
  const words = useUploadWords();
  const sizeText = useSizeText();
  const { name, state, progress, error } = item;
  const percent = `${Math.round(progress * 100)} %`;
  const ended = state === "done" || state === "failed" || state === "cancelled";
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex justify-between gap-3 text-sm">
          <span className="truncate font-medium">{name}</span>
          <span className="shrink-0 text-ink-muted">{state === "uploading" ? t("states.uploading", { percent }) : t(`states.${state}`)}</span>
        </p>
        {error ? (
          <p className="text-sm text-danger">{words(error)}</p>
        ) : state === "offline" ? (
          <p className="text-sm text-ink-muted">{t("failures.offline")}</p>
        ) : null}
        {ended ? (
          <p className="text-sm text-ink-muted">{sizeText(item.file.size)}</p>
        ) : (
          <progress aria-label={t("progressOf", { name })} value={state === "waiting" ? 0 : progress} max={1} className="mt-1 block h-1.5 w-full accent-accent" />
        )}
      </div>
      {(state === "failed" || state === "cancelled") && (
        <Button variant="ghost" size="icon" onClick={item.retry} aria-label={t("retryNamed", { name })} title={t("retry")}>
          <RotateCcw aria-hidden className="size-4" />
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon"
        onClick={ended ? item.dismiss : item.cancel}
        aria-label={t(ended ? "dismissNamed" : "cancelNamed", { name })}
        title={t(ended ? "dismiss" : "cancel")}
      >
        <X aria-hidden className="size-4" />
      </Button>
    </li>
  );
}

/** One sentence when one ends, none for each step of its progress. */
function Announcer({ uploads }: { uploads: UploadItem[] }) {
  const t = useTranslations("media");
  const told = useRef(new Set<string>());
  const [words, setWords] = useState("");
  useEffect(() => {
    for (const { localId, state, name } of uploads) {
      if (state !== "done" && state !== "failed") {
        told.current.delete(localId);
        continue;
      }
      if (told.current.has(localId)) continue;
      told.current.add(localId);
      setWords(t(state === "done" ? "announceDone" : "announceFailed", { name }));
    }
  }, [uploads, t]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
