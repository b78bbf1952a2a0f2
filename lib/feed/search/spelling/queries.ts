import { sql } from "drizzle-orm";
import type { Tx } from "@/lib/platform/db/client";
import type { Corrections, Question } from "../rules";
import { searchVocabulary } from "../tables";
import { correctionsOf, lettersOf } from "./rules";

const guessedWords = 6;
const candidatesMax = 30;

/**
 * Words that the organization has used and that are spelled nearly like those asked for. They may come from what the member cannot read:
 * they are only ever looked for among what they can, and never shown for themselves.
 */
export async function correctionsFor(tx: Tx, { words }: Question): Promise<Corrections> {
  const corrections = new Map<string, string[]>();
  for (const { word } of words.slice(0, guessedWords)) {
    const letters = lettersOf(word);
    if (letters === null || letters.length < 4 || /^\d+$/.test(letters)) continue;
    // The policy looks for `app.search_word` itself (`tables.ts`).
    await tx.execute(sql`select set_config('app.search_word', ${letters}, true)`);
    const candidates = await tx
      .select({ word: searchVocabulary.word, letters: searchVocabulary.letters })
      .from(searchVocabulary)
      .orderBy(sql`similarity(${searchVocabulary.letters}, ${letters}) desc`, searchVocabulary.word)
      .limit(candidatesMax);
    const found = correctionsOf(word, candidates);
    if (found.length > 0) corrections.set(word, found);
  }
  return corrections;
}
