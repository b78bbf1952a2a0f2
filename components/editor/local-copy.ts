import { opened, type Content, type SaveState, type Stored } from "./autosave";

/** What a tab keeps in the browser until the server has it. Each tab has its own, so that two never overwrite each other. */
export interface LocalCopy {
  tab: string;
  /** What it stands on. */
  revision: number;
  keptAt: string;
  content: Content;
}

const prefixOf = (memberId: string, articleId: string) => `moim-draft:${memberId}:${articleId}:`;

/** False when the browser keeps nothing: storage is full, or switched off. */
export function keepCopy(storage: Storage, memberId: string, articleId: string, copy: LocalCopy): boolean {
  try {
    storage.setItem(prefixOf(memberId, articleId) + copy.tab, JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

export function dropCopy(storage: Storage, memberId: string, articleId: string, tab: string): void {
  try {
    storage.removeItem(prefixOf(memberId, articleId) + tab);
  } catch {
    // A browser that lets nobody in has nothing to drop.
  }
}

export function dropCopies(storage: Storage, memberId: string, articleId: string): void {
  for (const { tab } of copiesOf(storage, memberId, articleId)) dropCopy(storage, memberId, articleId, tab);
}

/** Newest first. */
export function copiesOf(storage: Storage, memberId: string, articleId: string): LocalCopy[] {
  const prefix = prefixOf(memberId, articleId);
  try {
    return Object.keys(storage)
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => readCopy(storage.getItem(key)) ?? [])
      .sort((one, other) => other.keptAt.localeCompare(one.keptAt));
  } catch {
    return [];
  }
}

function readCopy(text: string | null): LocalCopy | null {
  try {
    const copy = JSON.parse(text ?? "null") as LocalCopy | null;
    const whole = copy && typeof copy.tab === "string" && typeof copy.revision === "number" && typeof copy.keptAt === "string";
    return whole && typeof copy.content?.title === "string" && copy.content.document?.type === "doc" ? copy : null;
  } catch {
    return null;
  }
}

export const sameContent = (one: Content, other: Content) =>
  one.title === other.title && one.coverId === other.coverId && ordered(one.document) === ordered(other.document);

/** The database keeps what is in a node in an order of its own. */
const ordered = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part,
  );

export interface Resumed {
  content: Content;
  state: SaveState;
  /** Something was found in this browser that the server did not have. */
  found: boolean;
  /** Tabs whose copies are no longer needed: the server has what they hold. */
  needless: string[];
}

/**
 * What to show when a draft is opened: what the server has, or what a tab that ended kept here because the server did not get it.
 * @param open tabs that are still open and keep their own
 */
export function resume(tab: string, stored: Stored, copies: LocalCopy[], open: ReadonlySet<string>): Resumed {
  const left = copies.filter((copy) => !open.has(copy.tab));
  const needless = left.filter(({ content }) => sameContent(content, stored)).map((copy) => copy.tab);
  const newest = left.find((copy) => !needless.includes(copy.tab));
  const fresh = opened(tab, stored.revision, stored.revision > 0 ? stored.updatedAt : null);
  if (!newest) return { content: stored, state: fresh, found: false, needless };
  // Its own last save may have arrived after all; then the copy is what came after it.
  const goesOn = newest.revision === stored.revision || newest.tab === stored.tab;
  return {
    content: newest.content,
    state: { ...fresh, inherited: [newest.tab], edits: 1, conflict: goesOn ? null : stored },
    found: true,
    needless,
  };
}
