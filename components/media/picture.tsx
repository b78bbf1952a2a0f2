"use client";

import { useState } from "react";
import { clsx } from "clsx";

interface Props {
  src: string;
  srcSet?: string;
  sizes?: string;
  /** What stands still, for those who want nothing to move. */
  still?: string;
  width: number | null;
  height: number | null;
  alt: string;
  placeholder: string | null;
  eager?: boolean;
}

/** A picture in a place that is kept free for it from the first byte. What stands there until it comes goes when it is there, since it may be see-through. */
export function Picture({ src, srcSet, sizes, still, width, height, alt, placeholder, eager = false }: Props) {
  const [shown, setShown] = useState(false);
  const seen = (image: HTMLImageElement | null) => {
    // It may have come before this script did.
    if (image?.complete && image.naturalWidth > 0) setShown(true);
  };
  return (
    <span className="relative block w-fit max-w-full overflow-hidden rounded-lg bg-sunken">
      {placeholder && !shown && <img src={placeholder} alt="" aria-hidden className="absolute inset-0 size-full scale-110 object-cover blur-lg" />}
      <picture>
        {still && <source media="(prefers-reduced-motion: reduce)" srcSet={still} />}
        <img
          ref={seen}
          src={src}
          srcSet={srcSet}
          sizes={sizes}
          width={width ?? undefined}
          height={height ?? undefined}
          alt={alt}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          onLoad={() => setShown(true)}
          className={clsx("relative h-auto max-w-full", !shown && placeholder && "text-transparent")}
        />
      </picture>
    </span>
  );
}
