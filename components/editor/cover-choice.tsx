"use client";

import { clsx } from "clsx";
import { ImageOff, ImagePlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { mediaAddress } from "@/components/media/media-address";
import { Picture } from "@/components/media/picture";
import { useUploads } from "@/components/media/use-uploads";
import { useUploadWords } from "@/components/media/use-upload-words";
import { Button } from "@/components/ui/button";
import type { MediaView } from "@/lib/feed/media/mappings";
import { MediaDeskContext, useMedia } from "./media-desk";

interface Props {
  organization: string;
  coverId: string | null;
  /** In the text. */
  pictures: string[];
  known: ReadonlyMap<string, MediaView>;
  onChoose: (mediaId: string | null) => void;
}

/** The picture above an article and in the feed: one of the text's own, another, or none. */
export function CoverChoice({ organization, coverId, pictures, known, onChoose }: Props) {
  const t = useTranslations("editor.cover");
  const words = useUploadWords();
  const file = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const { uploads: items, add } = useUploads({ organization, onDone: (media) => onChoose(media.id) });
  const last = items.at(-1);
  const choices = [...new Set([...(coverId ? [coverId] : []), ...pictures])];

  return (
    <MediaDeskContext value={{ organization, uploads: [], known }}>
      <input type="hidden" name="coverId" value={coverId ?? ""} />
      {coverId && <Cover mediaId={coverId} />}
      <div className="no-js:hidden mb-2 flex flex-wrap items-center gap-1">
        <Button variant="ghost" size="sm" className="-ml-3" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ImagePlus aria-hidden className="size-4" />
          {coverId ? t("change") : t("add")}
        </Button>
        {last && last.state !== "done" && last.state !== "cancelled" && (
          <span role="status" className="text-xs text-ink-muted">
            {last.error ? words(last.error) : t("uploading", { percent: Math.round(last.progress * 100) })}
          </span>
        )}
      </div>
      {open && (
        <div role="group" aria-label={t("group")} className="mb-4 flex flex-wrap gap-2">
          {choices.map((mediaId, index) => (
            <Choice key={mediaId} mediaId={mediaId} number={index + 1} chosen={mediaId === coverId} onChoose={() => onChoose(mediaId)} />
          ))}
          <button type="button" className={tile(false)} onClick={() => file.current?.click()}>
            <ImagePlus aria-hidden className="size-5" />
            {t("upload")}
          </button>
          <button type="button" aria-pressed={coverId === null} className={tile(coverId === null)} onClick={() => onChoose(null)}>
            <ImageOff aria-hidden className="size-5" />
            {t("none")}
          </button>
          <input
            ref={file}
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
            hidden
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])].slice(0, 1));
              event.currentTarget.value = "";
            }}
          />
        </div>
      )}
    </MediaDeskContext>
  );
}

const tile = (chosen: boolean) =>
  clsx(
    "flex h-20 w-28 flex-col items-center justify-center gap-1 overflow-hidden rounded-lg border bg-surface text-xs text-ink-muted hover:bg-hover",
    chosen ? "border-accent outline-2 -outline-offset-1 outline-accent" : "border-line-strong/60",
  );

function Choice({ mediaId, number, chosen, onChoose }: { mediaId: string; number: number; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations("editor.cover");
  const media = useMedia(mediaId);
  if (media?.kind !== "image" || media.state !== "ready") return null;
  return (
    <button type="button" aria-pressed={chosen} aria-label={t("choose", { name: media.alt || media.fileName, number })} onClick={onChoose} className={tile(chosen)}>
      <Picture src={mediaAddress(media, "thumb")} width={media.width} height={media.height} alt="" placeholder={media.placeholder} />
    </button>
  );
}

function Cover({ mediaId }: { mediaId: string }) {
  const media = useMedia(mediaId);
  if (!media || media.state !== "ready") return <div aria-hidden="true" className="mb-2 h-40 animate-pulse rounded-xl bg-hover" />;
  return (
    <div className="mb-2 max-h-72 overflow-hidden rounded-xl">
      <Picture src={mediaAddress(media, "medium")} width={media.width} height={media.height} alt={media.alt} placeholder={media.placeholder} eager />
    </div>
  );
}
