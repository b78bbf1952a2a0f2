"use client";

import { createContext, use } from "react";

/** What scripts know of a list beyond what the server's HTML says. */
export interface ListState {
  /** Rows that came since the list was shown: not put in before their reader wants it, so that nothing jumps. */
  held: ReadonlySet<string>;
  /** Articles deleted, archived or taken elsewhere since. */
  gone: ReadonlySet<string>;
}

export const ListContext = createContext<ListState>({ held: new Set(), gone: new Set() });

export function useRowState(row: string, article: string): { hidden: boolean } {
  const { held, gone } = use(ListContext);
  return { hidden: held.has(row) || gone.has(article) };
}
