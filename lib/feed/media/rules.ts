import { createHash } from "node:crypto";
import { inlineTypes, kindOfType, plainType, unknownType, uploadUrlSeconds, type MediaRefusal, type VariantName } from "./inputs";

interface Place {
  organizationId: string;
  id: string;
}

/** Where the browser puts the bytes. Its URL may be used again until it expires, so nothing is ever served from here. */
export const incomingKey = ({ organizationId, id }: Place) => `${incomingPrefix}${organizationId}/${id}`;
export const incomingPrefix = "incoming/";

export const mediaPrefix = ({ organizationId, id }: Place) => `${organizationId}/${id}/`;

/** Where exactly these bytes are kept: two attempts to complete one upload with different bytes never meet. */
export const sourceKey = (place: Place, etag: string) => `${mediaPrefix(place)}source-${createHash("sha256").update(etag).digest("hex").slice(0, 16)}`;

export const variantKey = (place: Place, name: string) => `${mediaPrefix(place)}${name}`;

/** Where a variant is served from: what needed no change is served as it came. */
export const servedKey = (row: Place & { sourceKey: string | null }, name: string) => (name === "original" && row.sourceKey ? row.sourceKey : variantKey(row, name));

/** Whose bytes a key holds; null for what is none of ours. */
export function mediaOfKey(key: string): { mediaId: string; incoming: boolean } | null {
  const [, incoming, mediaId] = /^(incoming\/)?org_[0-9a-z]{26}\/(med_[0-9a-z]{26})(?:\/|$)/.exec(key) ?? [];
  return mediaId ? { mediaId, incoming: incoming !== undefined } : null;
}

const fileNameMax = 200;

/**
 * A name that is only a name: without folders, without control characters and without marks that turn the direction of writing, which
 * make `exe.gnp` of `png.exe`.
 */
export function cleanFileName(given: string): string {
  const name = (given.normalize("NFC").split(/[\\/]/).at(-1) ?? "")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  const letters = [...name];
  if (letters.length <= fileNameMax) return name || "file";
  const extension = [.../\.[^. ]{1,16}$/u.exec(name)?.[0] ?? ""];
  return [...letters.slice(0, fileNameMax - extension.length), ...extension].join("");
}

/** Types that a browser may be told of a download. Whatever could run or load something is only bytes. */
const harmlessTypes = /^(application\/(pdf|zip|gzip|json|msword|rtf|vnd\.[\w.+-]+)|text\/(plain|csv|markdown|calendar)|image\/(heic|heif|tiff|bmp)|video\/[\w.+-]+|audio\/[\w.+-]+|font\/[\w.+-]+)$/;
const activeTypes = /xml|html|script/;

/** What bytes of this type are stored and served as. */
export function servedType(type: string): string {
  if (type in inlineTypes) return type;
  return harmlessTypes.test(type) && !activeTypes.test(type) ? type : unknownType;
}

export type Verdict = { type: string } | { refusal: MediaRefusal };

/**
 * Whether the bytes are what was announced. A picture may be another kind of picture; sound and video share their containers, so which
 * of the two it is shows when it is opened. What was announced as a file may be anything: it is only ever downloaded.
 * @param found the type that the first bytes show, null when they show none.
 */
export function verdictOf(declaredType: string, found: string | null): Verdict {
  const kind = kindOfType(declaredType);
  if (kind === "file") return { type: declaredType };
  const type = plainType(found ?? "");
  const foundKind = inlineTypes[type];
  if (kind === "image") return foundKind === "image" ? { type } : { refusal: "not-a-picture" };
  return foundKind === "video" || foundKind === "audio" ? { type } : { refusal: "not-what-it-says" };
}

/** A picture has only the sizes below its own; whoever asks for a larger one gets the next there is. */
export function nearestVariant<V extends { name: VariantName }>(variants: V[], wanted: VariantName): V | undefined {
  const order: VariantName[] = ["thumb", "medium", "large", "original"];
  const from = order.indexOf(wanted);
  const candidates = from === -1 ? [wanted] : order.slice(from);
  return candidates.flatMap((name) => variants.filter((variant) => variant.name === name))[0];
}

const extensions: Partial<Record<string, string>> = { "image/webp": "webp", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif" };

/** Made anew in another format, it gets that format's ending. */
export function downloadName(fileName: string, type: string): string {
  const extension = extensions[type];
  if (!extension || new RegExp(`\\.${extension === "jpg" ? "jpe?g" : extension}$`, "i").test(fileName)) return fileName;
  return `${fileName.replace(/\.[^.]{1,8}$/, "")}.${extension}`;
}

/** Whoever has begun may finish: the URL is only good for beginning, and a large file takes its time on a slow line. */
export const completableMs = (bytes: number) => (uploadUrlSeconds + Math.ceil(bytes / slowestBytesPerSecond)) * 1000;
const slowestBytesPerSecond = 64 * 1024;

/** How long nothing may show something before it goes: an editor can still bring it back by undoing. */
export const unheldMs = 24 * 3600 * 1000;
