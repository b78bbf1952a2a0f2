import { and, asc, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant, type Tx } from "@/lib/platform/db/client";
import { append } from "@/lib/platform/outbox/outbox";
import { deleteStored, isStorageSetUp, listStored, pingStorage } from "@/lib/platform/storage";
import { mediaDiscarded, mediaUploaded } from "../../events";
import type { MediaRefusal } from "../inputs";
import { settle } from "../quota/commands";
import { mediaOfKey, servedKey, unheldMs } from "../rules";
import { articleMedia, media } from "../tables";

type MediaRow = typeof media.$inferSelect;

const chunk = 500;
const stuckMs = 15 * 60_000;
/** What could not be prepared for a day never will be. */
const hopelessMs = 24 * 3600 * 1000;

const held = sql`exists (select 1 from ${articleMedia} where ${articleMedia.mediaId} = ${media.id})`;

/** Gives up uploads that were never completed, frees what was promised to them and lets go of what arrived of them. */
export async function giveUpUploads(): Promise<number> {
  return inChunks((tx) =>
    settleAll(tx, {
      which: and(eq(media.state, "pending"), lte(media.expiresAt, clock.now())),
      refusal: "expired",
    }),
  );
}

/** Once the storage is back there is at least so long to prepare what waited for it. */
const afterAwayMs = 3600 * 1000;

/** Refuses what could not be prepared for a day; days on which the storage was away do not count. */
export async function giveUpHopeless(): Promise<number> {
  if (!(await storageAnswers())) {
    const since = new Date(clock.nowMs() - hopelessMs + afterAwayMs);
    await asSystem("media", (tx) => tx.update(media).set({ completedAt: since }).where(and(eq(media.state, "processing"), lte(media.completedAt, since))));
    return 0;
  }
  return inChunks((tx) =>
    settleAll(tx, {
      which: and(eq(media.state, "processing"), lte(media.completedAt, new Date(clock.nowMs() - hopelessMs))),
      refusal: "unreadable",
    }),
  );
}

/** Deletes what nothing has shown for a day: what was uploaded and then left out, what was refused, what purged articles showed. */
export async function deleteUnheld(): Promise<number> {
  const since = new Date(clock.nowMs() - unheldMs);
  await asSystem("media", (tx) => tx.update(media).set({ unheldSince: null }).where(and(lte(media.unheldSince, since), held)));
  return inChunks((tx) => settleAll(tx, { which: and(inArray(media.state, ["ready", "refused"]), lte(media.unheldSince, since), sql`not ${held}`), refusal: null }));
}

async function inChunks(work: (tx: Tx) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await asSystem("media", work);
    total += done;
    if (done < chunk) return total;
  }
}

/** Refuses the next chunk of them, or deletes it; sums and events with it, so that a crash leaves either all of it or none. */
async function settleAll(tx: Tx, { which, refusal }: { which: ReturnType<typeof and>; refusal: MediaRefusal | null }): Promise<number> {
  const locked = await tx.select().from(media).where(which).orderBy(asc(media.organizationId), asc(media.id)).limit(chunk).for("update", { skipLocked: true });
  // Somebody may have shown one between the look and the lock; from here on they wait.
  const due = refusal ? locked : await stillUnheld(tx, locked);
  if (due.length === 0) return 0;
  const ids = due.map(({ id }) => id);
  if (refusal) {
    await tx.update(media).set({ state: "refused", refusal, storedBytes: 0, sourceKey: null, variants: [], completedAt: clock.now() }).where(inArray(media.id, ids));
  } else {
    await tx.delete(media).where(inArray(media.id, ids));
  }
  for (const [organizationId, rows] of byOrganization(due)) {
    const reserved = rows.reduce((sum, { state, declaredBytes }) => sum + (state === "pending" ? declaredBytes : 0), 0);
    const used = rows.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    await settle(tx, organizationId, { reserved: -reserved, used: -used });
    await append(tx, systemTenant(organizationId), mediaDiscarded, { mediaIds: rows.map(({ id }) => id) });
  }
  return due.length;
}

async function stillUnheld(tx: Tx, rows: MediaRow[]): Promise<MediaRow[]> {
  if (rows.length === 0) return [];
  const shown = await tx.selectDistinct({ id: articleMedia.mediaId }).from(articleMedia).where(inArray(articleMedia.mediaId, rows.map(({ id }) => id)));
  const ids = new Set(shown.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}

function byOrganization(rows: MediaRow[]): Map<string, MediaRow[]> {
  const grouped = new Map<string, MediaRow[]>();
  for (const row of rows) grouped.set(row.organizationId, [...(grouped.get(row.organizationId) ?? []), row]);
  return grouped;
}

const storageAnswers = () => pingStorage(AbortSignal.timeout(5_000)).then(
  () => true,
  () => false,
);

/** Asks once more for what should have been prepared long ago, unless that cannot be now. */
export async function askAgain(): Promise<number> {
  if (!(await storageAnswers())) return 0;
  return asSystem("media", async (tx) => {
    const stuck = await tx
      .select({ id: media.id, organizationId: media.organizationId, uploaderId: media.uploaderId })
      .from(media)
      .where(and(eq(media.state, "processing"), lte(media.completedAt, new Date(clock.nowMs() - stuckMs))))
      .orderBy(asc(media.completedAt))
      .limit(chunk);
    for (const { id, organizationId, uploaderId } of stuck) {
      await append(tx, systemTenant(organizationId), mediaUploaded, { actor: { memberId: uploaderId, name: "" }, mediaId: id });
    }
    return stuck.length;
  });
}

/** Finds what nothing shows although nobody said so: a cascade of the database may have taken what held it. */
export async function noteForgotten(): Promise<number> {
  let noted = 0;
  let after = "";
  for (;;) {
    const page = await asSystem("media", (tx) =>
      tx.select({ id: media.id, held: sql<boolean>`${held}` }).from(media).where(and(gt(media.id, after), isNull(media.unheldSince))).orderBy(asc(media.id)).limit(5_000),
    );
    const forgotten = page.filter((row) => !row.held).map(({ id }) => id);
    if (forgotten.length > 0) {
      await asSystem("media", (tx) => tx.update(media).set({ unheldSince: clock.now() }).where(and(inArray(media.id, forgotten), isNull(media.unheldSince), sql`not ${held}`)));
    }
    noted += forgotten.length;
    const last = page.at(-1);
    if (!last || page.length < 5_000) return noted;
    after = last.id;
  }
}

/**
 * Deletes stored bytes that no row speaks for, a thousand keys at a time: what was put again while its URL still worked, what a process
 * left behind that died between storing and saying so. Rows come first and say where bytes go, so whatever has none is nobody's.
 * @returns from where to go on; null at the end.
 */
export async function deleteOrphans(prefix: string, after?: string): Promise<{ deleted: number; next: string | null }> {
  if (!isStorageSetUp()) return { deleted: 0, next: null };
  const { objects, next } = await listStored(prefix, after);
  const found = objects.flatMap(({ key }) => {
    const place = mediaOfKey(key);
    return place ? [{ key, ...place }] : [];
  });
  const ids = [...new Set(found.map(({ mediaId }) => mediaId))];
  const rows = ids.length === 0 ? [] : await asSystem("media", (tx) => tx.select().from(media).where(inArray(media.id, ids)));
  const known = new Map(rows.map((row) => [row.id, row]));
  const orphans = found.filter(({ key, mediaId, incoming }) => !speaksFor(known.get(mediaId), key, incoming)).map(({ key }) => key);
  await deleteStored(orphans);
  return { deleted: orphans.length, next };
}

function speaksFor(row: MediaRow | undefined, key: string, incoming: boolean): boolean {
  if (!row || row.state === "refused") return false;
  if (row.state === "pending") return true;
  if (incoming) return false;
  return row.state === "processing" || row.variants.some(({ name }) => servedKey(row, name) === key);
}
