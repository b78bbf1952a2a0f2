import { sql } from "drizzle-orm";
import type { Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { isStemmed, type Stems, type Token } from "../rules";

/**
 * The stems of these words by the dictionaries that every PostgreSQL has, English and French both, since nobody says in which language
 * they write. The words are a to z by now, which every locale reads alike.
 */
export async function stemsOf(tx: Tx, tokens: Token[]): Promise<Stems> {
  const words = [...new Set(tokens.filter(isStemmed).map(({ word }) => word))];
  if (words.length === 0) return new Map();
  const rows = await tx.execute<{ word: string; english: string[]; french: string[] }>(sql`
    select word, ts_lexize('english_stem', word) as english, ts_lexize('french_stem', word) as french
    from unnest(${textArray(words)}) as word`);
  return new Map(rows.map(({ word, english, french }) => [word, { stems: [...new Set([...english, ...french])], stop: english.length === 0 || french.length === 0 }]));
}
