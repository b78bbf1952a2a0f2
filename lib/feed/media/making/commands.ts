import { pipeline } from "node:stream";
import { and, eq } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { append } from "@/lib/platform/outbox/outbox";
import { memberChannel, publishRealtime } from "@/lib/platform/realtime";
import { deleteStored, listStored, ObjectGone, openStored, putStored, readStored } from "@/lib/platform/storage";
import { mediaDiscarded } from "../../events";
import type { MediaRefusal } from "../inputs";
import { settle } from "../quota/commands";
import { incomingKey, mediaPrefix, servedKey, servedType, variantKey } from "../rules";
import { media, type MediaVariant } from "../tables";
import { makePicture } from "./pictures";
import { readRecording } from "./recordings";
import { patched, whereaboutsIn } from "./whereabouts";

type MediaRow = typeof media.$inferSelect;
type Made = Partial<Pick<MediaRow, "kind" | "width" | "height" | "durationMs" | "placeholder" | "sourceKey">> & { variants: MediaVariant[] };

/**
 * Makes what readers are served of something that arrived: a picture's sizes, what a recording says of itself, both without where they
 * were made. May be repeated and may run twice at once: the same keys get the same bytes, and one of them moves the row.
 * @returns the state it came to; null when it is no longer there.
 */
export async function processMedia(tenant: Tenant, id: string): Promise<MediaRow["state"] | null> {
  const row = await rowOf(tenant, id);
  if (!row) return null;
  if (row.state === "processing" && row.sourceKey) {
    const made = await make(row, row.sourceKey);
    if (made === "gone") return await settleGone(tenant, id);
    await ("refusal" in made ? refuse(tenant, row, made.refusal) : finish(tenant, row, made));
  }
  const now = await rowOf(tenant, id);
  if (now) await tell(now);
  await clear(row, now);
  return now?.state ?? null;
}

async function rowOf(tenant: Tenant, id: string): Promise<MediaRow | null> {
  const [row] = await inTenant(tenant, (tx) => tx.select().from(media).where(and(eq(media.organizationId, tenant.organizationId), eq(media.id, id))));
  return row ?? null;
}

async function make(row: MediaRow, source: string): Promise<Made | { refusal: MediaRefusal } | "gone"> {
  try {
    return row.kind === "image" ? await makeSizes(row, source) : await makePlayable(row, source);
  } catch (error) {
    if (error instanceof ObjectGone) return "gone";
    throw error;
  }
}

/** Another run may have finished and cleared what this one was reading. */
async function settleGone(tenant: Tenant, id: string): Promise<MediaRow["state"] | null> {
  const row = await rowOf(tenant, id);
  if (row?.state === "processing") await refuse(tenant, row, "unreadable");
  const now = await rowOf(tenant, id);
  if (now) await tell(now);
  return now?.state ?? null;
}

async function makeSizes(row: MediaRow, source: string): Promise<Made | { refusal: MediaRefusal }> {
  const made = await makePicture(await readStored(source));
  if ("refusal" in made) return made;
  for (const { name, type, body } of made.variants) await putStored(variantKey(row, name), body, { type, bytes: body.byteLength });
  const { width, height, placeholder } = made;
  const variants = made.variants.map(({ body, ...variant }) => ({ ...variant, bytes: body.byteLength }));
  return { width, height, placeholder, variants, sourceKey: null };
}

const mp4Family = new Set(["video/mp4", "video/quicktime", "audio/mp4"]);

async function makePlayable(row: MediaRow, source: string): Promise<Made | { refusal: MediaRefusal }> {
  const type = servedType(row.type ?? row.declaredType);
  const recording = await readRecording(source, row.declaredBytes);
  if (!recording) return { refusal: "unreadable" };
  const { width, height } = recording;
  const variants: MediaVariant[] = [{ name: "original", type, bytes: row.declaredBytes, width, height }];
  const patches = mp4Family.has(type) ? await whereaboutsIn(source, row.declaredBytes) : [];
  if (!patches) return { refusal: "unreadable" };
  if (patches.length === 0) return { ...recording, variants };
  const clean = pipeline(await openStored(source), patched(patches), () => undefined);
  await putStored(variantKey(row, "original"), clean, { type, bytes: row.declaredBytes });
  return { ...recording, variants, sourceKey: null };
}

async function finish(tenant: Tenant, row: MediaRow, made: Made): Promise<void> {
  const storedBytes = made.variants.reduce((sum, { bytes }) => sum + bytes, 0);
  await inTenant(tenant, async (tx) => {
    const [finished] = await tx.update(media).set({ ...made, state: "ready", storedBytes }).where(stillProcessing(row)).returning({ id: media.id });
    if (finished) await settle(tx, row.organizationId, { used: storedBytes - row.storedBytes });
  });
}

async function refuse(tenant: Tenant, row: MediaRow, refusal: MediaRefusal): Promise<void> {
  await inTenant(tenant, async (tx) => {
    const [refused] = await tx.update(media).set({ state: "refused", refusal, storedBytes: 0, sourceKey: null, variants: [] }).where(stillProcessing(row)).returning({ id: media.id });
    if (!refused) return;
    await settle(tx, row.organizationId, { used: -row.storedBytes });
    await append(tx, tenant, mediaDiscarded, { mediaIds: [row.id] });
  });
}

const stillProcessing = ({ organizationId, id }: MediaRow) => and(eq(media.organizationId, organizationId), eq(media.id, id), eq(media.state, "processing"));

/** Whoever uploaded it sees it at once; everybody else when they look. */
async function tell({ id, uploaderId, state }: MediaRow): Promise<void> {
  await publishRealtime([{ channel: memberChannel(uploaderId), event: "media.changed", data: { mediaId: id, state } }]);
}

/** Takes away whatever is not served: what came in, what was looked at, and all of it when its row is gone or refused. */
async function clear(place: Pick<MediaRow, "organizationId" | "id">, now: MediaRow | null): Promise<void> {
  if (now?.state === "pending" || now?.state === "processing") return;
  const served = new Set(now?.state === "ready" ? now.variants.map(({ name }) => servedKey(now, name)) : []);
  const { objects } = await listStored(mediaPrefix(place));
  const spare = objects.map(({ key }) => key).filter((key) => !served.has(key));
  await deleteStored([...spare, incomingKey(place)]);
}

/** Takes away the bytes of what is gone or was refused. May be repeated. */
export async function discardBytes(tenant: Tenant, ids: string[]): Promise<void> {
  for (const id of ids) await clear({ organizationId: tenant.organizationId, id }, await rowOf(tenant, id));
}
