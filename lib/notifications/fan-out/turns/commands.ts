import { sql } from "drizzle-orm";
import type { Tx } from "@/lib/platform/db/client";

/**
 * Whoever writes or takes back rows of a thread waits for whoever does so already: merging compares what waits for one subject, each
 * reader's thread has one head, and what is gone must not come back. In one order, so that two never wait for each other.
 */
export async function oneThreadAtATime(tx: Tx, threads: string[]): Promise<void> {
  for (const thread of [...new Set(threads)].sort()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`fan-out:${thread}`}, 0))`);
  }
}
