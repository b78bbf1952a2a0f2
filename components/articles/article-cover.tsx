import { clsx } from "clsx";
import { mediaAddress } from "@/components/media/media-address";
import type { MediaView } from "@/lib/feed/media/mappings";

interface Props {
  media: MediaView;
  /** How wide it is shown, as `sizes` of an image. */
  sizes: string;
  alt: string;
  className?: string;
  eager?: boolean;
}

/** A picture that fills a place of a fixed shape, kept free from the first byte, so that nothing moves when it comes. */
export function ArticleCover({ media, sizes, alt, className, eager = false }: Props) {
  const shown = media.variants.filter(({ name, width }) => name !== "original" && name !== "poster" && width !== null);
  const poster = media.variants.find(({ name }) => name === "poster");
  const smallest = poster ?? shown[0];
  if (!smallest) return <span aria-hidden="true" className={clsx("block bg-hover", className)} />;
  return (
    <span className={clsx("block overflow-hidden bg-hover", className)}>
      <img
        src={mediaAddress(media, smallest.name)}
        srcSet={poster ? undefined : shown.map(({ name, width }) => `${mediaAddress(media, name)} ${width}w`).join(", ")}
        sizes={sizes}
        alt={alt}
        loading={eager ? "eager" : "lazy"}
        decoding="async"
        className="size-full object-cover"
      />
    </span>
  );
}
