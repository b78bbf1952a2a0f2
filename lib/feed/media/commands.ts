import { and, eq, gt, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { copyStored, isStorageSetUp, ObjectGone, signedUpload, storedObject } from "@/lib/platform/storage";
import { describeFault } from "@/lib/platform/validation";
import words from "@/lib/platform/i18n/messages/en/media.json";
import type { Member } from "@/lib/organizations/actor";
import { isReadableBy } from "../access/queries";
import { articles } from "../articles/tables";
import { mediaDiscarded, mediaUploaded } from "../events";
import { imageLimits, kindOfType, plainType, uploadUrlSeconds, type MediaRefusal } from "./inputs";
import { lookAt, type Look } from "./looking/queries";
import { mediaViewOf, type MediaView, type Upload } from "./mappings";
import { isDescribedBy } from "./queries";
import { reserve, settle } from "./quota/commands";
import { cleanFileName, completableMs, incomingKey, servedType, sourceKey } from "./rules";
import { articleMedia, media } from "./tables";
import type { BeginUploadInput, DescribeMediaInput } from "./requests/inputs";

type MediaRow = typeof media.$inferSelect;

const refusalWords: Partial<Record<string, string>> = words.refusals;
const megabyte = 1024 * 1024;
const uploadsPerTenMinutes = 300;
/** Each copies all of it and looks inside; nobody needs as many. */
const completionsPerMinute = 20;

/**
 * Promises room to an upload and says where the browser may put its bytes, for 15 minutes.
 * @throws Refused INVALID, QUOTA_FULL, TOO_MANY_REQUESTS, STORAGE_UNAVAILABLE.
 */
export async function beginUpload(member: Member, input: BeginUploadInput, options: { idempotencyKey?: string } = {}): Promise<Upload> {
  if (!isStorageSetUp()) throw new Refused("STORAGE_UNAVAILABLE");
  const declaredType = plainType(input.type);
  const kind = kindOfType(declaredType);
  const bytesMax = Math.min(env().MEDIA_FILE_MB * megabyte, kind === "image" ? imageLimits.bytes : Infinity);
  if (input.bytes > bytesMax) throw refusedField("bytes", "file-too-large", describeFault("file-too-large"), { bytesMax });
  await limitRate(`media:${member.id}`, uploadsPerTenMinutes, 600);

  const id = newId("media");
  const row = await inTenant(member, async (tx) => {
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "begin-upload", input }, id);
      if (!claim.fresh) return ownRow(tx, member, claim.resultId);
    }
    await reserve(tx, member, input.bytes);
    const now = clock.now();
    const [made] = await tx
      .insert(media)
      .values({
        id,
        organizationId: member.organizationId,
        uploaderId: member.id,
        fileName: cleanFileName(input.fileName),
        declaredType,
        declaredBytes: input.bytes,
        kind,
        expiresAt: new Date(now.getTime() + completableMs(input.bytes)),
        unheldSince: now,
        createdAt: now,
      })
      .returning();
    return made;
  });
  if (!row) throw new Refused("UPLOAD_EXPIRED");
  return { id: row.id, upload: await uploadOf(row) };
}

async function uploadOf(row: MediaRow): Promise<Upload["upload"]> {
  const expiresAt = new Date(row.createdAt.getTime() + uploadUrlSeconds * 1000);
  const expiresInSeconds = Math.floor((expiresAt.getTime() - clock.nowMs()) / 1000);
  if (row.state !== "pending" || expiresInSeconds < 1) throw new Refused("UPLOAD_EXPIRED");
  const signed = await signedUpload({ key: incomingKey(row), type: servedType(row.declaredType), bytes: row.declaredBytes, expiresInSeconds });
  return { ...signed, expiresAt: expiresAt.toISOString() };
}

async function ownRow(tx: Tx, member: Member, id: string): Promise<MediaRow | undefined> {
  const [row] = await tx
    .select()
    .from(media)
    .where(and(eq(media.organizationId, member.organizationId), eq(media.id, id), eq(media.uploaderId, member.id)));
  return row;
}

/**
 * Takes what was uploaded, once it is what was announced. May be repeated; the answer is then the same.
 * @throws Refused NOT_FOUND (also for everybody but who began it), UPLOAD_INCOMPLETE, UPLOAD_EXPIRED, TOO_MANY_REQUESTS, MEDIA_REFUSED with `refusal`.
 */
export async function completeUpload(member: Member, id: string): Promise<MediaView> {
  if (!isId("media", id)) throw new Refused("NOT_FOUND");
  const begun = await inTenant(member, (tx) => ownRow(tx, member, id));
  if (!begun) throw new Refused("NOT_FOUND");
  if (begun.state !== "pending") return settledView(begun, member);
  if (begun.expiresAt <= clock.now()) throw new Refused("UPLOAD_EXPIRED");
  await limitRate(`media-complete:${id}`, completionsPerMinute, 60);

  const settled = await settleArrived(member, begun).catch((error: unknown) => {
    if (error instanceof ObjectGone) return null;
    throw error;
  });
  if (settled) return settledView(settled, member);
  // Its bytes are not there: they never were, or somebody else took it, gave it up or deleted it while we looked.
  const now = await inTenant(member, (tx) => ownRow(tx, member, id));
  if (!now) throw new Refused("NOT_FOUND");
  if (now.state === "pending") throw new Refused("UPLOAD_INCOMPLETE");
  return settledView(now, member);
}

/** Null when nothing has arrived. @throws ObjectGone when it went while it was looked at. */
async function settleArrived(member: Member, begun: MediaRow): Promise<MediaRow | null> {
  const arrived = await storedObject(incomingKey(begun));
  if (!arrived) return null;
  if (arrived.bytes !== begun.declaredBytes) return refuseUpload(member, begun, "wrong-size");

  // Looked at where no signed URL leads: what is put there later, while its URL still works, is not what will be served.
  const key = sourceKey(begun, arrived.etag);
  await copyStored(incomingKey(begun), key, { ifMatch: arrived.etag, type: servedType(begun.declaredType) });
  const look = await lookAt(key, { type: begun.declaredType, bytes: begun.declaredBytes });
  return "refusal" in look ? refuseUpload(member, begun, look.refusal) : takeUpload(member, begun, key, look);
}

function settledView(row: MediaRow, member: Member): MediaView {
  if (row.refusal === "expired") throw new Refused("UPLOAD_EXPIRED");
  if (row.state === "refused") throw new Refused("MEDIA_REFUSED", { detail: refusalWords[row.refusal ?? "unreadable"], extra: { refusal: row.refusal } });
  return mediaViewOf(row, member.organizationSlug);
}

/** Of several who complete it at once, one takes it; the others answer what it came to. */
async function takeUpload(member: Member, begun: MediaRow, key: string, look: Look): Promise<MediaRow> {
  const now = clock.now();
  const isFile = begun.kind === "file";
  return inTenant(member, async (tx) => {
    const [taken] = await tx
      .update(media)
      .set({
        ...look,
        state: isFile ? "ready" : "processing",
        sourceKey: key,
        storedBytes: begun.declaredBytes,
        variants: [{ name: "original", type: servedType(look.type), bytes: begun.declaredBytes, width: look.width, height: look.height }],
        completedAt: now,
        unheldSince: sql`case when ${media.unheldSince} is not null then ${now.toISOString()}::timestamptz end`,
      })
      .where(stillPending(begun, now))
      .returning();
    if (!taken) return whatItCameTo(tx, member, begun.id);
    await settle(tx, begun.organizationId, { reserved: -begun.declaredBytes, used: begun.declaredBytes });
    await append(tx, member, mediaUploaded, { actor: { memberId: member.id, name: member.name }, mediaId: begun.id });
    return taken;
  });
}

async function refuseUpload(member: Member, begun: MediaRow, refusal: MediaRefusal): Promise<MediaRow> {
  const now = clock.now();
  return inTenant(member, async (tx) => {
    const [refused] = await tx.update(media).set({ state: "refused", refusal, completedAt: now }).where(stillPending(begun, now)).returning();
    if (!refused) return whatItCameTo(tx, member, begun.id);
    await settle(tx, begun.organizationId, { reserved: -begun.declaredBytes });
    await append(tx, member, mediaDiscarded, { mediaIds: [begun.id] });
    return refused;
  });
}

const stillPending = ({ organizationId, id }: MediaRow, now: Date) =>
  and(eq(media.organizationId, organizationId), eq(media.id, id), eq(media.state, "pending"), gt(media.expiresAt, now));

async function whatItCameTo(tx: Tx, member: Member, id: string): Promise<MediaRow> {
  const row = await ownRow(tx, member, id);
  // Swept between two looks at it, or about to be.
  if (!row || row.state === "pending") throw new Refused("UPLOAD_EXPIRED");
  return row;
}

/** Says what it shows, for those who cannot see it. @throws Refused NOT_FOUND for everybody but who uploaded it or may change an article that shows it. */
export async function describeMedia(member: Member, id: string, { alt }: DescribeMediaInput): Promise<MediaView> {
  if (!isId("media", id)) throw new Refused("NOT_FOUND");
  const [row] = await inTenant(member, (tx) =>
    tx
      .update(media)
      .set({ alt })
      .where(and(eq(media.organizationId, member.organizationId), eq(media.id, id), isDescribedBy(member)))
      .returning(),
  );
  if (!row) throw new Refused("NOT_FOUND");
  return mediaViewOf(row, member.organizationSlug);
}

/**
 * Deletes one's own upload with its bytes; drafts and older versions show a gap in its place.
 * @throws Refused NOT_FOUND; CONFLICT with `articles` while others can read an article that shows it, or will by themselves.
 */
export async function deleteMedia(member: Member, id: string): Promise<void> {
  if (!isId("media", id)) throw new Refused("NOT_FOUND");
  await inTenant(member, async (tx) => {
    // Whoever shows it in an article locks it, too: either they come first and are found below, or they find it gone.
    const [row] = await tx
      .select()
      .from(media)
      .where(and(eq(media.organizationId, member.organizationId), eq(media.id, id), eq(media.uploaderId, member.id)))
      .for("update");
    if (!row) throw new Refused("NOT_FOUND");
    await refuseWhileShown(tx, member, id);
    await tx.delete(media).where(and(eq(media.organizationId, member.organizationId), eq(media.id, id)));
    await settle(tx, row.organizationId, { reserved: row.state === "pending" ? -row.declaredBytes : 0, used: -row.storedBytes });
    await append(tx, member, mediaDiscarded, { mediaIds: [id] });
  });
}

async function refuseWhileShown(tx: Tx, member: Member, id: string): Promise<void> {
  const showing = await tx
    .selectDistinct({ id: articles.id, title: articles.title, readable: sql<boolean>`${isReadableBy(member)}` })
    .from(articleMedia)
    .innerJoin(articles, eq(articles.id, articleMedia.articleId))
    .where(
      sql`${articleMedia.mediaId} = ${id} and ${articles.deletedAt} is null and (
        (${articleMedia.holder} = 'article' and ${articles.state} <> 'draft')
        or (${articleMedia.holder} = ${articles.authorId} and ${articles.state} = 'scheduled'))`,
    );
  if (showing.length === 0) return;
  const named = showing.filter(({ readable }) => readable).map(({ id: articleId, title }) => ({ id: articleId, title }));
  throw new Refused("CONFLICT", { detail: "An article shows it. Take it out there first.", extra: { articles: named } });
}

export interface Hold {
  articleId: string;
  /** `article` is what its readers see; otherwise whose draft of it: a member id. */
  holder: string;
  mediaIds: string[];
}

/**
 * Says what a draft, or what readers see of an article, shows now: it replaces what it showed. What an article no longer shows stays
 * with its history. To be called in the transaction that stores the document; covers count as shown.
 * @throws Refused INVALID at the document when something is gone, was refused, has not arrived, or is neither the member's own nor in that article.
 */
export async function holdMedia(tx: Tx, member: Member, { articleId, holder, mediaIds }: Hold): Promise<void> {
  const wanted = [...new Set(mediaIds)];
  const here = and(eq(articleMedia.organizationId, member.organizationId), eq(articleMedia.articleId, articleId));
  const held = await tx.select({ mediaId: articleMedia.mediaId, holder: articleMedia.holder }).from(articleMedia).where(here);
  const before = held.filter(({ holder: by }) => by === holder).map(({ mediaId }) => mediaId);
  const known = new Set(held.flatMap(({ mediaId, holder: by }) => (["article", "history", member.id, holder].includes(by) ? [mediaId] : [])));
  const found = await lockMedia(tx, member, [...wanted, ...before]);
  for (const id of wanted) {
    const row = found.get(id);
    const theirs = row && (row.uploaderId === member.id || known.has(id));
    const code = !theirs ? "unknown-media" : row.state === "refused" ? "refused-media" : holder === "article" && row.state === "pending" ? "media-not-there" : null;
    if (code) throw refusedField("document", code, describeFault(code), { mediaId: id });
  }
  const dropped = before.filter((id) => !wanted.includes(id));
  const added = wanted.filter((id) => !before.includes(id));
  const rows = (ids: string[], by: string) => ids.map((mediaId) => ({ organizationId: member.organizationId, articleId, mediaId, holder: by }));
  if (added.length > 0) {
    await tx.insert(articleMedia).values(rows(added, holder)).onConflictDoNothing();
    await tx.update(media).set({ unheldSince: null }).where(and(eq(media.organizationId, member.organizationId), inArray(media.id, added)));
  }
  if (dropped.length === 0) return;
  if (holder === "article") await tx.insert(articleMedia).values(rows(dropped, "history")).onConflictDoNothing();
  await tx.delete(articleMedia).where(and(here, eq(articleMedia.holder, holder), inArray(articleMedia.mediaId, dropped)));
  await noteUnheld(tx, member.organizationId, dropped);
}

/** In the order of their ids: whoever shows, deletes or sweeps them meanwhile waits, and nobody waits in a circle. */
async function lockMedia(tx: Tx, member: Member, ids: string[]): Promise<Map<string, Pick<MediaRow, "state" | "uploaderId">>> {
  const proper = ids.filter((id) => isId("media", id));
  if (proper.length === 0) return new Map();
  const rows = await tx
    .select({ id: media.id, state: media.state, uploaderId: media.uploaderId })
    .from(media)
    .where(and(eq(media.organizationId, member.organizationId), inArray(media.id, proper)))
    .orderBy(media.id)
    .for("no key update");
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** Before an article is purged: nothing of it shows anything any more. */
export async function releaseMedia(tx: Tx, articleId: string): Promise<void> {
  const released = await tx.delete(articleMedia).where(eq(articleMedia.articleId, articleId)).returning({ mediaId: articleMedia.mediaId, organizationId: articleMedia.organizationId });
  const [first] = released;
  if (first) await noteUnheld(tx, first.organizationId, released.map(({ mediaId }) => mediaId));
}

/** From here on they have a day to be shown again. */
async function noteUnheld(tx: Tx, organizationId: string, ids: string[]): Promise<void> {
  await tx
    .update(media)
    .set({ unheldSince: clock.now() })
    .where(
      and(
        eq(media.organizationId, organizationId),
        inArray(media.id, ids),
        sql`not exists (select 1 from ${articleMedia} where ${articleMedia.mediaId} = ${media.id})`,
      ),
    );
}
