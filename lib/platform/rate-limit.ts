import { sql } from "drizzle-orm";
import { rateLimits } from "./auth/tables";
import { clock } from "./clock";
import { asSystem } from "./db/client";
import { Refused } from "./errors";

/**
 * Counts a hit on `key` in a fixed window, in the database so that the limit holds across processes. Work that weighs more, such as
 * a list of addresses, counts by its `weight`.
 * @throws Refused TOO_MANY_REQUESTS with `retryAfterSeconds` once `limit` is passed.
 */
export async function limitRate(key: string, limit: number, windowSeconds: number, weight = 1): Promise<void> {
  const nowMs = clock.nowMs();
  const windowMs = windowSeconds * 1000;
  const windowStart = new Date(Math.floor(nowMs / windowMs) * windowMs);
  const hits = await asSystem("authentication", async (tx) => {
    const [row] = await tx
      .insert(rateLimits)
      .values({ key, windowStart, hits: weight })
      .onConflictDoUpdate({ target: [rateLimits.key, rateLimits.windowStart], set: { hits: sql`${rateLimits.hits} + ${weight}` } })
      // A count need not survive a crash, and everyone who shares the key waits for this commit: it need not wait for the disk.
      .returning({ hits: rateLimits.hits, durability: sql`set_config('synchronous_commit', 'off', true)` });
    return row?.hits ?? 0;
  });
  if (hits > limit) {
    const retryAfterSeconds = Math.max(1, Math.ceil((windowStart.getTime() + windowMs - nowMs) / 1000));
    throw new Refused("TOO_MANY_REQUESTS", { extra: { retryAfterSeconds } });
  }
}
