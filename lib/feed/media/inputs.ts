/** What a file is to its readers: shown, played or downloaded. Usable in the browser. */
export const mediaKinds = ["image", "video", "audio", "file"] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** `pending` waits for its bytes, `processing` for its sizes; `refused` was not what it said. */
export const mediaStates = ["pending", "processing", "ready", "refused"] as const;
export type MediaState = (typeof mediaStates)[number];

/** Sizes of a picture, by their width at most in CSS pixels; `original` is the picture itself without what it knew about its place. */
export const imageVariants = { thumb: 320, medium: 960, large: 1920 } as const;
export type VariantName = keyof typeof imageVariants | "original" | "poster";
