import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type PutObjectCommandInput,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { afterAll, describe, expect, test } from "vitest";
import { startStorage } from "./testing";

const storage = await startStorage({ mostBytes: 8 * 1024 * 1024 });
const clientWith = (config: S3ClientConfig = {}) =>
  new S3Client({ endpoint: storage.url, region: storage.region, forcePathStyle: true, credentials: storage.credentials, maxAttempts: 1, ...config });
/** As it comes: with checksums of its own and bodies in parts. */
const usual = clientWith();
const plain = clientWith({ requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" });
const Bucket = storage.bucket;

afterAll(() => storage.stop());

const put = (Key: string, Body: PutObjectCommandInput["Body"], more: Partial<PutObjectCommandInput> = {}, client = plain) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const md5 = (bytes: Buffer) => `"${createHash("md5").update(bytes).digest("hex")}"`;

async function get(Key: string, more: Partial<ConstructorParameters<typeof GetObjectCommand>[0]> = {}): Promise<Buffer> {
  const { Body } = await plain.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** The code and status it is refused with. */
async function refusal(work: Promise<unknown>): Promise<[string, number | undefined]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof S3ServiceException) return [error.name, error.$metadata.httpStatusCode];
    throw error;
  }
  throw new Error("it was not refused");
}

describe("the unmodified client", () => {
  const bytes = randomBytes(3_000_000);

  test.each([
    ["with its own checksums", usual],
    ["without", plain],
  ])("puts, looks at, reads and deletes, %s", async (_, client) => {
    const Key = `an object/${Math.random()}.bin`;
    const { ETag } = await put(Key, bytes, { ContentType: "image/png", CacheControl: "no-store", Metadata: { from: "a test" } }, client);
    expect(ETag).toBe(md5(bytes));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: bytes.length, ContentType: "image/png", CacheControl: "no-store", ETag, Metadata: { from: "a test" } });
    expect(Math.abs((head.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await get(Key)).equals(bytes)).toBe(true);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await refusal(get(Key))).toEqual(["NoSuchKey", 404]);
    expect(await refusal(client.send(new HeadObjectCommand({ Bucket, Key })))).toEqual(["NotFound", 404]);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  });

  test.each([
    ["in unsigned parts with a trailing checksum", usual],
    ["in one piece", plain],
  ])("streams a body of a known length, %s", async (_, client) => {
    const parts = Array.from({ length: 46 }, (_part, index) => bytes.subarray(index * 65_536, (index + 1) * 65_536));
    const { ETag } = await put("streamed", Readable.from(parts, { objectMode: false }), { ContentLength: bytes.length }, client);
    expect(ETag).toBe(md5(bytes));
    expect((await get("streamed")).equals(bytes)).toBe(true);
    expect((await plain.send(new HeadObjectCommand({ Bucket, Key: "streamed" }))).ContentEncoding).toBeUndefined();
  });

  test("an empty object is one as well", async () => {
    await put("empty", Buffer.alloc(0));
    expect(await get("empty")).toHaveLength(0);
    expect(await refusal(get("empty", { Range: "bytes=0-1" }))).toEqual(["InvalidRange", 416]);
    await plain.send(new CopyObjectCommand({ Bucket, Key: "empty too", CopySource: `${Bucket}/empty` }));
    expect(await get("empty too")).toHaveLength(0);
  });

  test("reads parts", async () => {
    await put("parts", bytes);
    expect((await get("parts", { Range: "bytes=10-19" })).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await get("parts", { Range: "bytes=-5" })).equals(bytes.subarray(-5))).toBe(true);
    expect((await get("parts", { Range: `bytes=${bytes.length - 3}-` })).equals(bytes.subarray(-3))).toBe(true);
    expect((await get("parts", { Range: "bytes=0-999999999" })).equals(bytes)).toBe(true);
    const part = await plain.send(new GetObjectCommand({ Bucket, Key: "parts", Range: "bytes=100-199" }));
    expect(part).toMatchObject({ ContentRange: `bytes 100-199/${bytes.length}`, ContentLength: 100, $metadata: { httpStatusCode: 206 } });
    part.Body?.transformToByteArray().catch(() => undefined);
    expect(await refusal(get("parts", { Range: `bytes=${bytes.length}-` }))).toEqual(["InvalidRange", 416]);
  });

  test("conditions hold for reading, and for writing with another writer at work", async () => {
    const { ETag } = await put("conditional", "first");
    expect((await get("conditional", { IfMatch: ETag })).toString()).toBe("first");
    expect(await refusal(get("conditional", { IfMatch: '"other"' }))).toEqual(["PreconditionFailed", 412]);
    expect((await refusal(get("conditional", { IfNoneMatch: ETag })))[1]).toBe(304);
    expect(await refusal(get("conditional", { IfUnmodifiedSince: new Date("2000-01-01") }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("conditional", "x", { IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("conditional", "x", { IfMatch: '"other"' }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("never", "x", { IfMatch: ETag }))).toEqual(["NoSuchKey", 404]);
    const race = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => put("raced", `by ${index}`, { IfNoneMatch: "*" })));
    expect(race.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("copies without a change between looking and copying", async () => {
    const { ETag } = await put("seen", bytes, { ContentType: "text/html" });
    await plain.send(new CopyObjectCommand({ Bucket, Key: "kept ü/한국", CopySource: `${Bucket}/seen`, CopySourceIfMatch: ETag, MetadataDirective: "REPLACE", ContentType: "image/png" }));
    expect(await plain.send(new HeadObjectCommand({ Bucket, Key: "kept ü/한국" }))).toMatchObject({ ContentType: "image/png", ETag, ContentLength: bytes.length });
    await plain.send(new CopyObjectCommand({ Bucket, Key: "again", CopySource: `${Bucket}/${encodeURIComponent("kept ü")}/${encodeURIComponent("한국")}` }));
    expect((await get("again")).equals(bytes)).toBe(true);
    await put("seen", "something else");
    const late = { Bucket, Key: "kept 2", CopySource: `${Bucket}/seen`, CopySourceIfMatch: ETag };
    expect(await refusal(plain.send(new CopyObjectCommand(late)))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(plain.send(new CopyObjectCommand({ ...late, CopySource: `${Bucket}/nowhere` })))).toEqual(["NoSuchKey", 404]);
    expect(await refusal(plain.send(new CopyObjectCommand({ ...late, CopySource: "other/seen" })))).toEqual(["NoSuchBucket", 404]);
    expect((await refusal(plain.send(new CopyObjectCommand({ Bucket, Key: "seen", CopySource: `${Bucket}/seen` }))))[0]).toBe("InvalidRequest");
  });

  test("a reader keeps the version it began with", async () => {
    await put("replaced", bytes);
    const { Body } = await plain.send(new GetObjectCommand({ Bucket, Key: "replaced" }));
    await put("replaced", "new");
    await plain.send(new DeleteObjectCommand({ Bucket, Key: "replaced" }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  test("lists by prefix, page by page, in the order of bytes, and sees what comes and goes", async () => {
    const keys = ["list/b", "list/a", "list/a-b", "list/a/c", "list/ä", "list/한국", "list/&<>\"'", "list/\u0001", "lisu"];
    await Promise.all(keys.map((key) => put(key, key)));
    const order = [...keys.slice(0, -1)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await plain.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", MaxKeys: 3, ContinuationToken }));
      expect(page.KeyCount).toBeLessThanOrEqual(3);
      found.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(found).toEqual(order);
    const [first] = (await plain.send(new ListObjectsV2Command({ Bucket, Prefix: "list/b" }))).Contents ?? [];
    expect(first).toMatchObject({ Key: "list/b", Size: 6, ETag: md5(Buffer.from("list/b")) });
    const behind = await plain.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", StartAfter: "list/b" }));
    expect((behind.Contents ?? []).map(({ Key }) => Key)).toEqual(["list/ä", "list/한국"]);
    const folders = await plain.send(new ListObjectsV2Command({ Bucket, Prefix: "list/a", Delimiter: "/" }));
    expect(folders.CommonPrefixes).toEqual([{ Prefix: "list/a/" }]);
    await plain.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }));
    expect((await plain.send(new ListObjectsV2Command({ Bucket, Prefix: "lis" }))).KeyCount).toBe(0);
  });

  test("deletes several, those that are not there as well", async () => {
    await put("gone/1 & <2>", "x");
    const { Deleted } = await usual.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "gone/1 & <2>" }, { Key: "gone/never" }] } }));
    expect(Deleted).toEqual([{ Key: "gone/1 & <2>" }, { Key: "gone/never" }]);
    expect(await refusal(get("gone/1 & <2>"))).toEqual(["NoSuchKey", 404]);
  });

  test("what is too large, or not what it was said to be, is refused and leaves nothing", async () => {
    expect((await refusal(put("large", Buffer.alloc(8 * 1024 * 1024 + 1))))[0]).toBe("EntityTooLarge");
    expect((await refusal(put("digest", "x", { ContentMD5: createHash("md5").update("y").digest("base64") })))[0]).toBe("BadDigest");
    expect((await refusal(put("digest", "x", { ChecksumSHA256: createHash("sha256").update("y").digest("base64") })))[0]).toBe("BadDigest");
    for (const key of ["large", "digest"]) expect(await refusal(get(key))).toEqual(["NoSuchKey", 404]);
  });

  test("what it lacks it refuses by name", async () => {
    expect((await refusal(plain.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }))))[0]).toBe("NotImplemented");
    expect((await refusal(plain.send(new PutObjectAclCommand({ Bucket, Key: "a", ACL: "public-read" }))))[0]).toBe("NotImplemented");
    expect((await refusal(put("a", "x", { ServerSideEncryption: "AES256" })))[0]).toBe("NotImplemented");
    expect((await refusal(get("a", { VersionId: "1" })))[0]).toBe("NotImplemented");
    expect(await refusal(plain.send(new HeadBucketCommand({ Bucket: "another" })))).toEqual(["NotFound", 404]);
    await plain.send(new HeadBucketCommand({ Bucket }));
  });

  test("other keys, secrets, regions and clocks get nowhere", async () => {
    const [ping, { accessKeyId, secretAccessKey }] = [new ListObjectsV2Command({ Bucket }), storage.credentials];
    const asked = (config: S3ClientConfig) => refusal(clientWith(config).send(ping));
    expect((await asked({ credentials: { accessKeyId: "OTHER", secretAccessKey } }))[0]).toBe("InvalidAccessKeyId");
    expect((await asked({ credentials: { accessKeyId, secretAccessKey: "other" } }))[0]).toBe("SignatureDoesNotMatch");
    expect((await asked({ region: "eu-west-3" }))[0]).toBe("AuthorizationHeaderMalformed");
    expect((await asked({ systemClockOffset: -16 * 60_000 }))[0]).toBe("RequestTimeTooSkewed");
  });
});
