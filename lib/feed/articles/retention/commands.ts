import { and, asc, eq, lt } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { releaseMedia } from "../../media/commands";
import { keptDeletedMs } from "../rules";
import { articles } from "../tables";

const purgedMax = 2_000;

/** Removes for good what was deleted a month ago, each in a transaction of its own; what is too much for one run is left to the next. */
export async function purgeArticles(): Promise<{ purged: number }> {
  const before = new Date(clock.nowMs() - keptDeletedMs);
  const found = await asSystem("articles", (tx) =>
    tx
      .select({ id: articles.id, organizationId: articles.organizationId })
      .from(articles)
      .where(lt(articles.deletedAt, before))
      .orderBy(asc(articles.deletedAt))
      .limit(purgedMax),
  );
  for (const { id, organizationId } of found) {
    await inTenant(systemTenant(organizationId), async (tx) => {
      await releaseMedia(tx, id);
      await tx.delete(articles).where(and(eq(articles.id, id), lt(articles.deletedAt, before)));
    });
  }
  return { purged: found.length };
}
