import type { Stored } from "./autosave";

const lockOf = (tab: string) => `moim-tab:${tab}`;

/**
 * Holds a lock for as long as this tab is open, so that others can tell its copy from one that was left behind. The browser lets go of
 * it however the tab ends.
 */
export function markOpen(tab: string): () => void {
  const end = new AbortController();
  void navigator.locks
    ?.request(lockOf(tab), { signal: end.signal }, () => new Promise<void>((resolve) => end.signal.addEventListener("abort", () => resolve())))
    .catch(() => undefined);
  return () => end.abort();
}

/** The tabs of this browser that are open; none where browsers cannot tell (pages without TLS). */
export async function openTabs(): Promise<Set<string>> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return new Set(held.flatMap(({ name }) => (name?.startsWith("moim-tab:") ? name.slice("moim-tab:".length) : [])));
}

/** Between the tabs of one person that write in one article. */
export function draftChannel(memberId: string, articleId: string, hear: (stored: Stored) => void) {
  const channel = new BroadcastChannel(`moim-draft:${memberId}:${articleId}`);
  channel.onmessage = ({ data }: MessageEvent<Stored>) => hear(data);
  return { say: (stored: Stored) => channel.postMessage(stored), close: () => channel.close() };
}
