import { Clock, FileText, FileX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { MediaView } from "@/lib/feed/media/mappings";
import { mediaAddress } from "./media-address";
import { Picture } from "./picture";
import { Player } from "./player";
import { RefreshSoon } from "./refresh-soon";
import { useSizeText } from "./use-size-text";

interface Props {
  /** Absent when it was deleted, or is not the reader's to see. */
  media: MediaView | undefined;
  caption?: ReactNode;
  /** How wide it is shown, as `sizes` of an image. */
  sizes?: string;
  /** For what stands at the top of a page. */
  eager?: boolean;
  /** False in an editor, where a click chooses it. */
  linked?: boolean;
}

/** What was uploaded, as a reader meets it: shown, played or offered for download. For server and client components alike. */
export function MediaFigure({ media, caption, sizes = "(min-width: 48rem) 44rem, 100vw", eager, linked = true }: Props) {
  return (
    <figure className="my-4 min-w-0">
      <Shown media={media} sizes={sizes} eager={eager} linked={linked} />
      {caption ? <figcaption className="mt-2 text-sm text-ink-muted">{caption}</figcaption> : null}
    </figure>
  );
}

function Shown({ media, sizes, eager, linked }: Pick<Props, "media" | "sizes" | "eager" | "linked">) {
  const t = useTranslations("media.figure");
  if (!media) return <Missing icon={<FileX aria-hidden className="size-5 shrink-0" />}>{t("gone")}</Missing>;
  if (media.state === "refused") return <Missing icon={<FileX aria-hidden className="size-5 shrink-0" />}>{t("refused")}</Missing>;
  if (media.state !== "ready") return <Preparing media={media} />;
  if (media.kind === "image") return <Shot media={media} sizes={sizes} eager={eager} linked={linked} />;
  if (media.kind === "file") return <FileCard media={media} />;
  return (
    <Player
      kind={media.kind}
      src={mediaAddress(media, "original")}
      width={media.width}
      height={media.height}
      label={media.alt || t(media.kind === "video" ? "playVideo" : "playAudio", { name: media.fileName })}
    />
  );
}

function Shot({ media, sizes, eager, linked }: { media: MediaView } & Pick<Props, "sizes" | "eager" | "linked">) {
  const t = useTranslations("media.figure");
  const scaled = media.variants.filter(({ name }) => name === "medium" || name === "large");
  const original = media.variants.find(({ name }) => name === "original");
  // An animation has no sizes between its still and itself.
  const moves = scaled.length === 0 && (original?.width ?? 0) > 320;
  const picture = (
    <Picture
      src={mediaAddress(media, moves ? "original" : "medium")}
      srcSet={scaled.length > 0 ? scaled.map(({ name, width }) => `${mediaAddress(media, name)} ${width}w`).join(", ") : undefined}
      sizes={scaled.length > 0 ? sizes : undefined}
      still={moves ? mediaAddress(media, "thumb") : undefined}
      width={media.width}
      height={media.height}
      alt={media.alt}
      placeholder={media.placeholder}
      eager={eager}
    />
  );
  if (!linked) return picture;
  return (
    <a href={mediaAddress(media, "original")} target="_blank" rel="noopener" aria-label={t("open", { name: media.alt || media.fileName })} className="block w-fit max-w-full rounded-lg">
      {picture}
    </a>
  );
}

function FileCard({ media }: { media: MediaView }) {
  const t = useTranslations("media.figure");
  const sizeText = useSizeText();
  const extension = /\.([^.\s]{1,8})$/.exec(media.fileName)?.[1]?.toUpperCase() ?? t("file");
  return (
    <a
      href={mediaAddress(media, "original", { download: true })}
      aria-label={t("download", { name: media.fileName })}
      className="flex max-w-md items-center gap-3 rounded-lg border border-line bg-surface px-4 py-3 hover:bg-hover"
    >
      <FileText aria-hidden className="size-6 shrink-0 text-ink-muted" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{media.fileName}</span>
        <span className="block text-sm text-ink-muted">{t("details", { type: extension, size: sizeText(media.bytes) })}</span>
      </span>
    </a>
  );
}

/** In the place that it will take. */
function Preparing({ media }: { media: MediaView }) {
  const t = useTranslations("media.figure");
  return (
    <>
      <div className="relative w-fit max-w-full">
        {/* As large as the picture will be, without a style of its own. */}
        {media.width && media.height && (
          <svg aria-hidden width={media.width} height={media.height} viewBox={`0 0 ${media.width} ${media.height}`} className="block h-auto max-w-full rounded-lg bg-sunken" />
        )}
        <div className={media.width ? "absolute inset-0 grid place-items-center p-2" : undefined}>
          <Missing icon={<Clock aria-hidden className="size-5 shrink-0" />} title={media.fileName}>
            {t("preparing")}
          </Missing>
        </div>
      </div>
      <RefreshSoon />
    </>
  );
}

function Missing({ icon, title, children }: { icon: ReactNode; title?: string; children: ReactNode }) {
  return (
    <div className="flex max-w-md items-center gap-3 rounded-lg border border-dashed border-line-strong/60 bg-sunken px-4 py-3 text-sm text-ink-muted">
      {icon}
      <div className="min-w-0">
        {title && <p className="truncate font-medium text-ink">{title}</p>}
        <p>{children}</p>
      </div>
    </div>
  );
}
