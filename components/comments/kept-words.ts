import type { Words } from "./comment-calls";

/** A comment on its way: kept on this device until the server has it, under the key that makes it arrive once however often it is sent. */
export interface Unsent {
  key: string;
  parentId: string | null;
  words: Words;
  at: string;
}

/** Of whom and of where: two people may share a browser. */
export interface Place {
  memberId: string;
  articleId: string;
}

const draftKey = ({ memberId, articleId }: Place, parentId: string | null) => `moim:comment-draft:${memberId}:${articleId}:${parentId ?? ""}`;
/** Each has an entry of its own, so that two tabs do not write over each other's. */
const unsentKey = ({ memberId, articleId }: Place, key: string) => `moim:comment-unsent:${memberId}:${articleId}:${key}`;

export const keptDraft = (place: Place, parentId: string | null): Words | null => {
  const found = read(draftKey(place, parentId));
  return isWords(found) ? found : null;
};
export const keepDraft = (place: Place, parentId: string | null, words: Words | null) => write(draftKey(place, parentId), words);

export function keptUnsent(place: Place): Unsent[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(unsentKey(place, "")));
    return keys.map(read).filter(isUnsent).sort((one, other) => (one.at < other.at ? -1 : 1));
  } catch {
    return [];
  }
}
export const keepUnsent = (place: Place, unsent: Unsent) => write(unsentKey(place, unsent.key), unsent);
export const forgetUnsent = (place: Place, key: string) => write(unsentKey(place, key), null);

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** A browser that keeps nothing, or is full: the words are still on the screen. */
function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isWords = (value: unknown): value is Words =>
  isRecord(value) && typeof value.text === "string" && (value.document === null || (isRecord(value.document) && value.document.type === "doc"));

const isUnsent = (value: unknown): value is Unsent =>
  isRecord(value) && typeof value.key === "string" && typeof value.at === "string" && (value.parentId === null || typeof value.parentId === "string") && isWords(value.words);
