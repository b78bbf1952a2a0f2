import { readdir } from "node:fs/promises";
import { request as ask } from "node:http";
import { join, relative } from "node:path";
import { S3Client, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { startStorage } from "./testing";

const storage = await startStorage();
const { bucket: Bucket, region, credentials } = storage;
const client = new S3Client({ endpoint: storage.url, region, forcePathStyle: true, credentials, maxAttempts: 1 });

afterAll(() => storage.stop());

const read = async (Key: string) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
/** The client is not made for these: they go out as they are. */
const raw = (path: string) =>
  new Promise<number | undefined>((done, fail) => {
    const request = ask({ host: "127.0.0.1", port: storage.port, path, method: "GET" }, (answer) => done(answer.resume().statusCode));
    request.on("error", fail).end();
  });

async function filesOutside(): Promise<string[]> {
  const entries = await readdir(storage.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(storage.dataDir, join(entry.parentPath, entry.name)));
  return files.filter((file) => !/^objects[/\\][\da-f]{2}[/\\][\da-f]{64}$/.test(file));
}

const awkward = [
  "..", ".", "../../../../etc/passwd", "a/../../b", "a/./b", "/", "//", "/leading", "trailing/", "a//b", "..%2f..%2fetc", "%2e%2e/x", "%00", "%", "%zz", "CON", "nul.txt", "a\\..\\b", "C:\\x",
  "ünïcode/한국어/日本/🎉", "e\u0301", "\u00e9", "A", "a", "sp ace+plus&amp;=?#", "quote'\"<>", "*", "~", "line\nbreak", "tab\t", "\u0001\u001f", "\u202e", "x".repeat(255), "x".repeat(1_024), "한".repeat(341),
];

test("every key is its own object, whatever it looks like, and no file lies elsewhere", async () => {
  await Promise.all(awkward.map((key) => client.send(new PutObjectCommand({ Bucket, Key: key, Body: `of ${key}` }))));
  for (const key of awkward) expect(await read(key)).toBe(`of ${key}`);
  expect(await filesOutside()).toEqual([]);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(new Set(Contents.map(({ Key }) => Key)).size).toBe(awkward.length);
  for (const key of awkward) await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});

test("whatever the key, what was put is what is read, and nothing lies elsewhere", async () => {
  const segment = fc.oneof(fc.constantFrom("..", ".", "", "%2e%2e", "%2F", "\\", "a"), fc.string({ unit: "grapheme", maxLength: 12 }), fc.string({ unit: "binary", maxLength: 12 }));
  const keys = fc.array(segment, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("/")).filter((key) => key !== "");
  await fc.assert(
    fc.asyncProperty(keys, fc.uint8Array({ maxLength: 200 }), async (key, bytes) => {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: bytes }));
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
      expect(await Body?.transformToByteArray()).toEqual(bytes);
    }),
    { numRuns: 150 },
  );
  expect(await filesOutside()).toEqual([]);
});

test("a key that is too long is refused", async () => {
  const refused = await client.send(new PutObjectCommand({ Bucket, Key: "x".repeat(1_025), Body: "x" })).catch((error: unknown) => error);
  expect(refused instanceof S3ServiceException && refused.name).toBe("KeyTooLongError");
});

test.each(["/../../../../etc/passwd", `/${Bucket}/../../../etc/passwd`, `/${Bucket}/%2e%2e/%2e%2e/etc/passwd`, `/${Bucket}/..%2f..%2fetc%2fpasswd`, `/${Bucket}/%c0%ae%c0%ae/x`, `/${Bucket}/%`, `/${Bucket}/%ff`, `/${Bucket}/a%00b`, "http://127.0.0.1/x", "*", `/${Bucket}/a?%ff`])(
  "nothing is served to %s without a signature",
  async (path) => {
    expect([400, 403]).toContain(await raw(path));
  },
);
