import { and, asc, eq, inArray, isNull, lt } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { isUnwritten } from "../../drafts/queries";
import { drafts } from "../../drafts/tables";
import { releaseMedia } from "../../media/commands";
import { keptDeletedMs, keptUnwrittenMs } from "../rules";
import { articles } from "../tables";

const purgedMax = 2_000;

/** Removes for good what was deleted a month ago, each in a transaction of its own; what is too much for one run is left to the next. */
export async function purgeArticles(): Promise<{ purged: number; unwritten: number }> {
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
  return { purged: found.length, unwritten: await forgetUnwritten() };
}

/** Articles that somebody began and never wrote a word of. Deleted where they are found unwritten, so that no first word is lost. */
async function forgetUnwritten(): Promise<number> {
  const before = new Date(clock.nowMs() - keptUnwrittenMs);
  return asSystem("articles", async (tx) => {
    const begun = tx
      .select({ id: articles.id })
      .from(drafts)
      .innerJoin(articles, and(eq(articles.id, drafts.articleId), eq(articles.authorId, drafts.memberId)))
      .where(and(isUnwritten, isNull(articles.deletedAt), lt(drafts.updatedAt, before)))
      .limit(purgedMax)
      .for("update", { of: [drafts, articles], skipLocked: true });
    return (await tx.delete(articles).where(inArray(articles.id, begun))).count;
  });
}
