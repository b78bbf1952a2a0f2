import { Refusal } from "./refusal";

/** What a request asks about, read from the bytes of its line: `new URL` would fold `..` and `%2e`, which may be part of a key. */
export interface Address {
  bucket: string;
  /** Empty: the bucket itself. */
  key: string;
  /** The path as decoded: it is what was signed. */
  path: string;
  /** In the order sent, decoded; a name may come several times. */
  query: [string, string][];
}

const longestKeyBytes = 1_024;

export function readAddress(target: string): Address {
  if (!target.startsWith("/")) throw invalid();
  const mark = target.indexOf("?");
  const path = decoded(mark < 0 ? target : target.slice(0, mark));
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > longestKeyBytes) throw new Refusal("KeyTooLongError", "Your key is too long", { MaxSizeAllowed: longestKeyBytes });
  return { bucket, key, path, query: mark < 0 ? [] : queryOf(target.slice(mark + 1)) };
}

function queryOf(text: string): [string, string][] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [decoded(part), ""] : [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid();
  }
}

const invalid = () => new Refusal("InvalidURI", "Couldn't parse the specified URI.");

/** RFC 3986's unreserved characters alone stay as they are: the encoding that signatures are made over. */
export const encodeStrictly = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
