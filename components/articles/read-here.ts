"use client";

import { useSyncExternalStore } from "react";

const nothing: ReadonlySet<string> = new Set();

/**
 * What was read in this tab since it was loaded. A list that the browser brings back, or that stands in the router's memory, was made
 * before its reader opened one of its articles: its marks are corrected from here.
 */
let read = nothing;
const listeners = new Set<() => void>();

export function noteReadHere(ids: readonly string[]): void {
  read = new Set([...read, ...ids]);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The ids of the articles. */
export const useReadHere = (): ReadonlySet<string> =>
  useSyncExternalStore(
    subscribe,
    () => read,
    () => nothing,
  );
