import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { contentDisposition } from "./content-disposition";
import { Refused } from "./errors";
import { log } from "./log";
import { storageSettings, type StorageSettings } from "./storage-address";

/**
 * Where bytes are kept: one bucket of any S3-compatible storage. Browsers put and fetch them there by signed addresses; nothing of their
 * weight passes through the application unless it has to look inside.
 */
export interface StoredObject {
  bytes: number;
  type: string;
  /** Of exactly these bytes: what `ifMatch` asks for. */
  etag: string;
}

/** What was asked for is not there, or (with `ifMatch`) is no longer the same. Trying again changes nothing. */
export class ObjectGone extends Error {
  constructor(readonly key: string) {
    super(`${key} is not stored, or no longer as it was`);
    this.name = "ObjectGone";
  }
}

const connectsWithinMs = 3_000;
/** Until the head of an answer, and between two parts of it. */
const answersWithinMs = 15_000;
const mostDeletedAtOnce = 1_000;

interface Clients {
  bucket: string;
  ours: S3Client;
  /** Signs for the host that browsers see: the host is part of what is signed. */
  browsers: S3Client;
}

let clients: Clients | undefined;

function storage(): Clients {
  if (clients) return clients;
  const settings = storageSettings();
  if (!settings) throw new Refused("STORAGE_UNAVAILABLE", { detail: "No storage for media is set up here." });
  const ours = new S3Client(clientConfig(settings, settings.endpoint));
  const browsers = new S3Client(clientConfig(settings, settings.publicEndpoint));
  return (clients = { bucket: settings.bucket, ours, browsers });
}

const clientConfig = ({ region, accessKeyId, secretAccessKey, pathStyle }: StorageSettings, endpoint: string | undefined): S3ClientConfig => ({
  region,
  ...(endpoint !== undefined && { endpoint }),
  forcePathStyle: pathStyle,
  credentials: { accessKeyId, secretAccessKey },
  // A checksum of the SDK's own kind could not be sent by a browser, and not every storage knows it.
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
  maxAttempts: 3,
  requestHandler: { connectionTimeout: connectsWithinMs, requestTimeout: answersWithinMs, socketTimeout: answersWithinMs, throwOnRequestTimeout: true },
});

/** Whether uploads can be taken at all. */
export const isStorageSetUp = () => storageSettings() !== null;

export interface SignedUpload {
  url: string;
  method: "PUT";
  /** To be sent as they are; the browser adds the length itself, which is signed as well. */
  headers: Record<string, string>;
}

/** An address to which exactly one body may be put: this key, this type, this many bytes, until the time is over. */
export async function signedUpload({ key, type, bytes, expiresInSeconds }: { key: string; type: string; bytes: number; expiresInSeconds: number }): Promise<SignedUpload> {
  const { bucket, browsers } = storage();
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, ContentType: type, ContentLength: bytes });
  const signed = new Set(["content-type", "content-length", "host"]);
  const url = await getSignedUrl(browsers, command, { expiresIn: expiresInSeconds, signableHeaders: signed, unhoistableHeaders: signed });
  return { url, method: "PUT", headers: { "Content-Type": type } };
}

export interface SignedDownload {
  key: string;
  expiresInSeconds: number;
  /** What it is served as, whatever it was stored as. */
  type: string;
  disposition: "inline" | "attachment";
  fileName: string;
}

/** An address from which one object can be fetched until the time is over, in parts as well. */
export async function signedDownload({ key, expiresInSeconds, type, disposition, fileName }: SignedDownload): Promise<string> {
  const { bucket, browsers } = storage();
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentType: type,
    ResponseContentDisposition: contentDisposition(disposition, fileName, type),
    // Whoever may see it now may see it again while the address is good; nobody in between may keep it.
    ResponseCacheControl: `private, max-age=${expiresInSeconds}`,
  });
  return getSignedUrl(browsers, command, { expiresIn: expiresInSeconds });
}

/** What is stored under the key, or null. */
export async function storedObject(key: string): Promise<StoredObject | null> {
  return answered("look", key, async ({ bucket, ours }) => {
    const found = await ours.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { bytes: found.ContentLength ?? 0, type: found.ContentType ?? "application/octet-stream", etag: found.ETag ?? "" };
  }).catch((error: unknown) => {
    if (error instanceof ObjectGone) return null;
    throw error;
  });
}

/**
 * The bytes from `from` to `to`, both included, or those that there are of them. Held in memory: for beginnings of files, and small ones.
 * @throws ObjectGone
 */
export async function readStored(key: string, { from, to, ifMatch }: { from?: number; to?: number; ifMatch?: string } = {}): Promise<Buffer> {
  const range = from === undefined && to === undefined ? undefined : `bytes=${from ?? 0}-${to ?? ""}`;
  return answered("read", key, async ({ bucket, ours }) => {
    const { Body } = await ours.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, IfMatch: ifMatch })).catch((error: unknown) => {
      if (statusOf(error) === 416) return { Body: undefined };
      throw error;
    });
    return Body ? Buffer.from(await Body.transformToByteArray()) : Buffer.alloc(0);
  });
}

/** The bytes as they come. @throws ObjectGone */
export async function openStored(key: string, { ifMatch }: { ifMatch?: string } = {}): Promise<Readable> {
  return answered("open", key, async ({ bucket, ours }) => {
    const { Body } = await ours.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: ifMatch }));
    if (!(Body instanceof Readable)) throw new Error("the storage answered without a body");
    return Readable.from(refusing(key, Body), { objectMode: false });
  });
}

/** A storage that falls silent half way is as unavailable as one that does not answer. */
async function* refusing(key: string, body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (error) {
    throw unavailable("open", key, error);
  }
}

export async function putStored(key: string, body: Buffer | Readable, { type, bytes }: { type: string; bytes: number }): Promise<StoredObject> {
  return answered("put", key, async ({ bucket, ours }) => {
    const stored = await ours.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type, ContentLength: bytes }));
    return { bytes, type, etag: stored.ETag ?? "" };
  });
}

/** Within the storage, without the bytes coming here. @throws ObjectGone when there is nothing to copy, or not what `ifMatch` says. */
export async function copyStored(from: string, to: string, { ifMatch, type }: { ifMatch?: string; type: string }): Promise<void> {
  await answered("copy", from, ({ bucket, ours }) => {
    const source = [bucket, ...from.split("/")].map(encodeURIComponent).join("/");
    const copy = { CopySource: source, CopySourceIfMatch: ifMatch, MetadataDirective: "REPLACE", ContentType: type } as const;
    return ours.send(new CopyObjectCommand({ Bucket: bucket, Key: to, ...copy }));
  });
}

/** What is not there counts as deleted. */
export async function deleteStored(keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += mostDeletedAtOnce) {
    const part = keys.slice(start, start + mostDeletedAtOnce);
    await answered("delete", part[0] ?? "", async ({ bucket, ours }) => {
      const { Errors = [] } = await ours.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: part.map((Key) => ({ Key })), Quiet: true } }));
      const [first] = Errors.filter(({ Code }) => Code !== "NoSuchKey");
      if (first) throw new Error(`${first.Code ?? "error"}: ${first.Message ?? "not deleted"} (${Errors.length} of ${part.length})`);
    });
  }
}

export interface ListedObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/** Up to a thousand keys under the prefix in their order, from behind `after`; `next` is null when these were the last. */
export async function listStored(prefix: string, after?: string): Promise<{ objects: ListedObject[]; next: string | null }> {
  return answered("list", prefix, async ({ bucket, ours }) => {
    const { Contents = [], IsTruncated } = await ours.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: after }));
    const objects = Contents.flatMap(({ Key, Size, LastModified }) => (Key && LastModified ? [{ key: Key, bytes: Size ?? 0, modifiedAt: LastModified }] : []));
    return { objects, next: IsTruncated ? (objects.at(-1)?.key ?? null) : null };
  });
}

/** Whether the bucket is there for our credentials. @throws when it is not. */
export async function pingStorage(signal?: AbortSignal): Promise<void> {
  const { bucket, ours } = storage();
  await ours.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
}

async function answered<T>(work: string, key: string, ask: (clients: Clients) => Promise<T>): Promise<T> {
  const reached = storage();
  try {
    return await ask(reached);
  } catch (error) {
    const status = statusOf(error);
    // An answer to HEAD has no body, hence no code: its status has to do.
    if (status === 404 && !isNoBucket(error)) throw new ObjectGone(key);
    if (status === 412) throw new ObjectGone(key);
    throw unavailable(work, key, error);
  }
}

function unavailable(work: string, key: string, error: unknown): Refused {
  if (error instanceof Refused) return error;
  // The SDK's errors carry the whole answer, which repeats what was signed: only their words are written down.
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  log.error("the storage failed", { work, key, status: statusOf(error), name, reason: message });
  return new Refused("STORAGE_UNAVAILABLE");
}

const isNoBucket = (error: unknown) => error instanceof Error && error.name === "NoSuchBucket";

function statusOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return null;
  const { $metadata } = error;
  return typeof $metadata === "object" && $metadata !== null && "httpStatusCode" in $metadata && typeof $metadata.httpStatusCode === "number" ? $metadata.httpStatusCode : null;
}
