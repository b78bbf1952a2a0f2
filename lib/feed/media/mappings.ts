import { z } from "zod";
import { mediaKinds, mediaStates, variantNames } from "./inputs";
import type { media } from "./tables";

/** Something uploaded, as pages and the REST API show it. Its bytes are fetched from `/api/media/{id}/{variant}`, by whoever may. */
export const mediaResource = z.strictObject({
  id: z.string(),
  /** Slug: browsers send it along, since who is signed in may belong to several. */
  organization: z.string(),
  kind: z.enum(mediaKinds),
  state: z.enum(mediaStates),
  refusal: z.string().nullable().meta({ description: "Why it was refused" }),
  fileName: z.string(),
  type: z.string().meta({ description: "As found in the bytes; until then as declared" }),
  bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  durationMs: z.int().nullable(),
  alt: z.string(),
  placeholder: z.string().nullable().meta({ description: "A few pixels as a data: URI" }),
  variants: z.array(z.strictObject({ name: z.enum(variantNames), width: z.int().nullable(), height: z.int().nullable() })),
});
export type MediaView = z.output<typeof mediaResource>;

export const uploadResource = z.strictObject({
  id: z.string(),
  upload: z.strictObject({
    url: z.url().meta({ description: "Send the bytes here, with this method and exactly these headers" }),
    method: z.literal("PUT"),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime().meta({ description: "Until when the upload may begin" }),
  }),
});
export type Upload = z.output<typeof uploadResource>;

export const quotaResource = z.strictObject({
  usedBytes: z.int(),
  reservedBytes: z.int().meta({ description: "Promised to uploads under way" }),
  quotaBytes: z.int(),
  fileBytesMax: z.int().meta({ description: "The largest single file" }),
  available: z.boolean().meta({ description: "Whether there is a storage to upload to at all" }),
});
export type Quota = z.output<typeof quotaResource>;

type MediaRow = typeof media.$inferSelect;

export const mediaViewOf = (row: MediaRow, organization: string): MediaView => ({
  id: row.id,
  organization,
  kind: row.kind,
  state: row.state,
  refusal: row.refusal,
  fileName: row.fileName,
  type: row.type ?? row.declaredType,
  bytes: row.variants.find(({ name }) => name === "original")?.bytes ?? row.declaredBytes,
  width: row.width,
  height: row.height,
  durationMs: row.durationMs,
  alt: row.alt,
  placeholder: row.placeholder,
  variants: row.variants.map(({ name, width, height }) => ({ name, width, height })),
});
