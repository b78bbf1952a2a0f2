/** A body as a page shows it: what is longer is to be downloaded. */
export interface ShownBody {
  text: string;
  /** Whether it is JSON, and therefore indented. */
  isJson: boolean;
  bytes: number;
  /** Whether this is only its beginning. */
  isCut: boolean;
}

const shownBytesMax = 256 * 1024;

export function shownBody(body: Buffer): ShownBody {
  if (body.length > shownBytesMax) return { text: legible(body.subarray(0, shownBytesMax).toString("utf8")), isJson: false, bytes: body.length, isCut: true };
  const words = body.toString("utf8");
  try {
    const pretty = JSON.stringify(JSON.parse(words), null, 2);
    return { text: legible(pretty), isJson: true, bytes: body.length, isCut: false };
  } catch {
    return { text: legible(words), isJson: false, bytes: body.length, isCut: false };
  }
}

/**
 * Control characters stand for themselves only as far as they are white space; marks that turn the direction of what follows are named,
 * so that nothing looks like something else.
 */
const legible = (words: string) =>
  words
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
