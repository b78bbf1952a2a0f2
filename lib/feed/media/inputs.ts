/**
 * What a file is to its readers: shown, played or downloaded. Usable in the browser, so without schemas: zod compiles them with `eval`,
 * which our policy reports.
 */
export const mediaKinds = ["image", "video", "audio", "file"] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** `pending` waits for its bytes, `processing` for its sizes; `refused` was not what it said. */
export const mediaStates = ["pending", "processing", "ready", "refused"] as const;

/** Sizes of a picture, by their width at most in CSS pixels; `original` is the picture itself without what it knew about its place. */
export const imageVariants = { thumb: 320, medium: 960, large: 1920 } as const;
export const variantNames = ["thumb", "medium", "large", "original", "poster"] as const;
export type VariantName = (typeof variantNames)[number];

/** What a browser may show or play in a page, by the type it declares. All else, SVG and HTML too, is a file that can only be downloaded. */
export const inlineTypes: Record<string, MediaKind> = {
  "image/png": "image",
  "image/jpeg": "image",
  "image/webp": "image",
  "image/gif": "image",
  "image/avif": "image",
  "video/mp4": "video",
  "video/webm": "video",
  "video/quicktime": "video",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/ogg": "audio",
  "audio/wav": "audio",
  "audio/flac": "audio",
};

/** Other names that browsers and systems have for these. */
const synonyms: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/apng": "image/png",
  "video/x-m4v": "video/mp4",
  "audio/mp3": "audio/mpeg",
  "audio/x-m4a": "audio/mp4",
  "audio/m4a": "audio/mp4",
  "application/ogg": "audio/ogg",
  "audio/opus": "audio/ogg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-flac": "audio/flac",
};

export const unknownType = "application/octet-stream";

/** A media type without parameters, under one name; what is none is unknown. */
export function plainType(declared: string): string {
  const bare = declared.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,80}$/.test(bare)) return unknownType;
  return synonyms[bare] ?? bare;
}

export const kindOfType = (type: string): MediaKind => inlineTypes[plainType(type)] ?? "file";

/** Pictures are decoded whole, so they are held to less than what is only stored. */
export const imageLimits = { bytes: 50 * 1024 * 1024, pixels: 100_000_000, frames: 500 } as const;

/** How long the URL of an upload may be begun with. */
export const uploadUrlSeconds = 15 * 60;

export const altMax = 1_000;

/** Why something was refused once its bytes were there; worded in `messages/<locale>/media.json`. */
export const mediaRefusals = [
  "wrong-size",
  "not-what-it-says",
  "not-a-picture",
  "too-many-pixels",
  "too-many-frames",
  "unreadable",
  "too-slow",
  "expired",
] as const;
export type MediaRefusal = (typeof mediaRefusals)[number];
