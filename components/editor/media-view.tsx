"use client";

import { NodeViewWrapper, type NodeViewProps } from "@tiptap/react";
import { clsx } from "clsx";
import { GripVertical, RotateCcw, Trash2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { use, useCallback, useId, useState, type KeyboardEvent } from "react";
import { MediaFigure } from "@/components/media/media-figure";
import { Button } from "@/components/ui/button";
import type { MediaView as Media } from "@/lib/feed/media/mappings";
import { describe, MediaDeskContext, useMedia, type ShownUpload } from "./media-desk";

/** A picture or file at its place in the text: on its way with its progress, then as it is, with what is said about it. */
export function MediaView({ node, selected, updateAttributes, deleteNode, editor, getPos }: NodeViewProps) {
  const t = useTranslations("editor");
  const { uploads } = use(MediaDeskContext);
  const mediaId = String(node.attrs.mediaId ?? "");
  const upload = mediaId === "" ? uploads.find(({ localId }) => localId === node.attrs.uploadId) : undefined;
  const media = useMedia(mediaId);

  const remove = () => {
    upload?.cancel();
    deleteNode();
    editor.commands.focus();
  };
  /** Escape and Enter lead from the fields back into the text, behind the picture. */
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key !== "Escape" && event.key !== "Enter") || event.nativeEvent.isComposing || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    const at = getPos();
    if (at !== undefined) editor.chain().focus().setTextSelection(at + node.nodeSize + 1).run();
  };

  return (
    <NodeViewWrapper
            className={clsx("rounded-xl border bg-surface p-2", selected ? "border-ring outline-2 -outline-offset-1 outline-ring" : "border-line")}
      aria-label={media?.fileName ?? upload?.file.name ?? t("mediaOne")}
    >
      <div onKeyDown={onKeyDown}>
        <div className="flex items-center gap-2 pb-2 text-xs text-ink-muted">
          <span data-drag-handle className="cursor-grab" title={t("mediaMove")}>
            <GripVertical aria-hidden className="size-4" />
          </span>
          <span className="min-w-0 flex-1 truncate">{media?.fileName ?? upload?.file.name}</span>
          <Button variant="ghost" size="sm" onClick={remove} aria-label={t("mediaRemove", { name: media?.fileName ?? upload?.file.name ?? "" })}>
            <Trash2 aria-hidden className="size-4" />
          </Button>
        </div>
        {mediaId === "" ? <UnderWay upload={upload} /> : <There media={media} />}
        {media && (
          <Words key={mediaId} media={media} mediaId={mediaId} caption={String(node.attrs.caption ?? "")} onCaption={(caption) => updateAttributes({ caption })} />
        )}
      </div>
    </NodeViewWrapper>
  );
}

function UnderWay({ upload }: { upload: ShownUpload | undefined }) {
  const t = useTranslations("editor");
  if (!upload) return <p className="px-1 text-sm text-ink-muted">{t("uploadLost")}</p>;
  if (upload.error) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-2 px-1 text-sm">
        <span className="flex-1 text-danger">{upload.error}</span>
        <Button size="sm" onClick={upload.retry}>
          <RotateCcw aria-hidden className="size-4" />
          {t("uploadRetry")}
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <LocalPicture file={upload.file} />
      <div className="flex items-center gap-3 px-1">
        <progress className="h-2 min-w-0 flex-1 accent-accent" max={1} value={upload.progress} aria-label={t("uploadProgress", { name: upload.file.name })} />
        <span className="tabular w-10 text-right text-xs text-ink-muted">{Math.round(upload.progress * 100)}%</span>
        <Button variant="ghost" size="sm" onClick={upload.cancel} aria-label={t("uploadCancel", { name: upload.file.name })}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
    </div>
  );
}

/** The picture itself at once, from this machine, while its bytes are on their way. */
function LocalPicture({ file }: { file: File }) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image) return;
      const address = URL.createObjectURL(file);
      image.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [file],
  );
  if (!/^image\/(png|jpeg|webp|gif|avif)$/.test(file.type)) return null;
  return <img ref={show} alt="" className="max-h-80 w-full rounded-lg object-contain opacity-60" />;
}

function There({ media }: { media: Media | null }) {
  const t = useTranslations("editor");
  if (!media || media.state === "pending" || media.state === "processing") return <p className="px-1 py-6 text-center text-sm text-ink-muted">{t("mediaMaking")}</p>;
  return <MediaFigure media={media} linked={false} />;
}

interface WordsProps {
  media: Media;
  mediaId: string;
  caption: string;
  onCaption: (caption: string) => void;
}

function Words({ media, mediaId, caption, onCaption }: WordsProps) {
  const t = useTranslations("editor");
  const { organization } = use(MediaDeskContext);
  const id = useId();
  const [alt, setAlt] = useState(media.alt);
  const [altKept, setAltKept] = useState(true);
  return (
    <div className="mt-2 grid gap-2 px-1 pb-1 sm:grid-cols-2">
      {media.kind === "image" && (
        <div>
          <label htmlFor={`${id}-alt`} className="mb-1 block text-xs font-medium">
            {t("mediaAlt")}
          </label>
          <input
            id={`${id}-alt`}
            className="control text-sm"
            value={alt}
            maxLength={1000}
            placeholder={t("mediaAltHint")}
            onChange={(event) => setAlt(event.target.value)}
            onBlur={() => alt !== media.alt && void describe(organization, mediaId, alt).then(setAltKept)}
          />
          {!altKept && <p className="mt-1 text-xs text-danger">{t("mediaAltLost")}</p>}
        </div>
      )}
      <div>
        <label htmlFor={`${id}-caption`} className="mb-1 block text-xs font-medium">
          {t("mediaCaption")}
        </label>
        <input id={`${id}-caption`} className="control text-sm" defaultValue={caption} maxLength={500} onChange={(event) => onCaption(event.target.value)} />
      </div>
    </div>
  );
}
