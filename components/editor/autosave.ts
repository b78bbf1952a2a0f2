import type { ArticleDocument } from "@/lib/feed/document/rules";

/** What is written. */
export interface Content {
  title: string;
  document: ArticleDocument;
  coverId: string | null;
}

/** What the server has of it. */
export interface Stored extends Content {
  revision: number;
  /** Which tab saved it, as the tab called itself. */
  tab: string | null;
  updatedAt: string;
}

/** Where saving stands. Edits are counted since the tab was opened, so that what is typed while a save is under way is not taken for saved. */
export interface SaveState {
  tab: string;
  /** Tabs that ended and whose text this one goes on with: what they saved last is part of it. */
  inherited: readonly string[];
  /** What the next save stands on. */
  revision: number;
  edits: number;
  /** As many of the edits the server has. */
  saved: number;
  /** As many of them are under way. */
  sending: number | null;
  savedAt: string | null;
  /** In a row, since the server last answered. */
  failures: number;
  refused: { code: string; detail: string } | null;
  /** What somebody stored meanwhile from elsewhere. Nothing is saved until a person has chosen. */
  conflict: Stored | null;
}

export type SaveEvent =
  | { type: "edited" }
  | { type: "sent" }
  | { type: "saved"; revision: number; savedAt: string }
  | { type: "unreachable" }
  | { type: "online" }
  | { type: "refused"; code: string; detail: string }
  /** The server has something newer than this save stands on. */
  | { type: "overtaken"; stored: Stored }
  /** Another tab of this browser says what it has just saved. */
  | { type: "heard"; stored: Stored }
  /** Mine shall stand; what the other stored is replaced. */
  | { type: "kept-mine" }
  /** The other's is on the screen now. */
  | { type: "took-other" };

export const opened = (tab: string, revision: number, savedAt: string | null): SaveState => ({
  tab,
  inherited: [],
  revision,
  edits: 0,
  saved: 0,
  sending: null,
  savedAt,
  failures: 0,
  refused: null,
  conflict: null,
});

export const isDirty = ({ edits, saved }: SaveState) => edits > saved;

/** Nothing would be lost if the page were closed now, even with this browser's memory of it. */
export const isSafe = (state: SaveState) => !isDirty(state) && state.conflict === null;

export function afterSave(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case "edited":
      // A refusal was about the text as it was.
      return { ...state, edits: state.edits + 1, refused: null };
    case "sent":
      return { ...state, sending: state.edits };
    case "saved":
      return { ...state, revision: event.revision, savedAt: event.savedAt, saved: state.sending ?? state.saved, sending: null, failures: 0, refused: null };
    case "unreachable":
      return { ...state, sending: null, failures: state.failures + 1 };
    case "online":
      return { ...state, failures: Math.min(state.failures, 1) };
    case "refused":
      return { ...state, sending: null, failures: 0, refused: { code: event.code, detail: event.detail } };
    case "overtaken":
      return overtaken({ ...state, sending: null, failures: 0 }, event.stored);
    case "heard":
      if (event.stored.revision <= state.revision) return state;
      // With nothing of its own to lose, a tab follows the other; its screen is the caller's to change (`follows`).
      return follows(state, event.stored) ? { ...state, revision: event.stored.revision, savedAt: event.stored.updatedAt } : { ...state, conflict: event.stored };
    case "kept-mine":
      return state.conflict ? { ...state, revision: state.conflict.revision, conflict: null, edits: state.edits + 1 } : state;
    case "took-other":
      return state.conflict
        ? { ...state, revision: state.conflict.revision, savedAt: state.conflict.updatedAt, conflict: null, refused: null, saved: state.edits }
        : state;
  }
}

/** An answer that was lost on its way looks like somebody else's save, but it is our own. */
function overtaken(state: SaveState, stored: Stored): SaveState {
  const ours = stored.tab !== null && (stored.tab === state.tab || state.inherited.includes(stored.tab));
  return ours ? { ...state, revision: stored.revision, savedAt: stored.updatedAt } : { ...state, conflict: stored };
}

/** Whether what another tab saved may simply be shown here. */
export const follows = (state: SaveState, stored: Stored) => stored.revision > state.revision && !isDirty(state) && state.sending === null && state.conflict === null;

const quietMs = 800;
const longestMs = 5_000;
const backoffMaxMs = 30_000;

/**
 * In how many milliseconds to save; null while there is nothing to save, or nothing that helps. A person who never pauses is saved
 * every few seconds all the same.
 * @param dirtyForMs since when there is something unsaved
 */
export function saveIn(state: SaveState, dirtyForMs: number): number | null {
  if (!isDirty(state) || state.sending !== null || state.conflict || state.refused) return null;
  if (state.failures > 0) return Math.min(backoffMaxMs, 1_000 * 2 ** (state.failures - 1));
  return Math.max(0, Math.min(quietMs, longestMs - dirtyForMs));
}

export type SaveStatus = "new" | "saved" | "saving" | "offline" | "refused" | "conflict";

export function statusOf(state: SaveState): SaveStatus {
  if (state.conflict) return "conflict";
  if (state.refused) return "refused";
  if (isDirty(state)) return state.failures > 0 ? "offline" : "saving";
  return state.savedAt ? "saved" : "new";
}
