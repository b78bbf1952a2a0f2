"use client";

import { createContext, use } from "react";

/** What a row is taken to be until the server's own list says so. */
export interface Guess {
  read?: boolean;
  /** It has left this list. */
  gone?: boolean;
  /** The version of the inbox that has it; infinite while the request is under way. */
  since: number;
}

export interface Optimism {
  guesses: ReadonlyMap<string, Guess>;
  /** The version that the rows on the page were read at: a guess that it has is no guess any more. */
  version: number;
}

export const OptimismContext = createContext<Optimism>({ guesses: new Map(), version: 0 });

export function useGuess(id: string): Guess | undefined {
  const { guesses, version } = use(OptimismContext);
  const guess = guesses.get(id);
  return guess && guess.since > version ? guess : undefined;
}
