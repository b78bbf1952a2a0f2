import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, it, onTestFinished } from "vitest";

/** Two starts of a process on a machine that is busy with other tests. */
const startsMs = 60_000;
const own = { S3_BUCKET: "media", S3_ACCESS_KEY_ID: "AKIA", S3_SECRET_ACCESS_KEY: "a-secret-of-tests" };
const Bucket = own.S3_BUCKET;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "storage-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The engine as `npm start` runs it: a process of its own that says when it is ready. */
async function start(dataDir: string): Promise<{ child: ChildProcess; url: string; client: S3Client }> {
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("./main.ts", import.meta.url))], {
    env: { ...process.env, ...own, PORT: "0", STORAGE_DATA: dataDir, MOIM_PARENT_PID: String(process.pid) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), once(child, "exit").then(() => Promise.reject(new Error("it ended")))])) as [string];
  const { ready, url } = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready).toBe(true);
  const credentials = { accessKeyId: own.S3_ACCESS_KEY_ID, secretAccessKey: own.S3_SECRET_ACCESS_KEY };
  return { child, url, client: new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1, requestChecksumCalculation: "WHEN_REQUIRED" }) };
}

it("keeps through kill -9 every object that it took, whole, and nothing of one that was on its way", async () => {
  const dataDir = await folder();
  const first = await start(dataDir);
  const bodies = Array.from({ length: 20 }, () => randomBytes(50_000));
  const before = randomBytes(300_000);
  await first.client.send(new PutObjectCommand({ Bucket, Key: "replaced", Body: before }));
  await Promise.all(bodies.map((Body, index) => first.client.send(new PutObjectCommand({ Bucket, Key: `kept/${index}`, Body }))));

  const bytes = 40_000_000;
  const underWay = await Promise.all(["replaced", "new"].map(async (Key) => {
    const url = await getSignedUrl(first.client, new PutObjectCommand({ Bucket, Key }));
    const request = ask(new URL(url), { method: "PUT", headers: { "content-length": bytes } });
    request.on("error", () => undefined);
    await new Promise<void>((sent) => request.write(Buffer.alloc(20_000_000, 1), () => sent()));
    return request;
  }));
  await expect.poll(async () => (await readdir(join(dataDir, "incoming"))).length, { timeout: 10_000 }).toBe(2);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  for (const request of underWay) request.destroy();

  const second = await start(dataDir);
  const read = async (Key: string) => Buffer.from((await (await second.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray()) ?? []);
  for (const [index, body] of bodies.entries()) expect((await read(`kept/${index}`)).equals(body)).toBe(true);
  expect((await read("replaced")).equals(before)).toBe(true);
  await expect(second.client.send(new HeadObjectCommand({ Bucket, Key: "new" }))).rejects.toMatchObject({ name: "NotFound" });
  expect((await second.client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(21);
  expect(await readdir(join(dataDir, "incoming"))).toEqual([]);
}, startsMs);

it("keeps a second engine off the same folder", async () => {
  const dataDir = await folder();
  await start(dataDir);
  await expect(start(dataDir).then(() => "started", () => "refused")).resolves.toBe("refused");
}, startsMs);

it("serves no object that its disk has damaged, and all the others", async () => {
  const dataDir = await folder();
  const { client } = await start(dataDir);
  await client.send(new PutObjectCommand({ Bucket, Key: "damaged", Body: randomBytes(10_000) }));
  const [shard = ""] = await readdir(join(dataDir, "objects"));
  const [name = ""] = await readdir(join(dataDir, "objects", shard));
  await truncate(join(dataDir, "objects", shard, name), 9_000);
  await client.send(new PutObjectCommand({ Bucket, Key: "well", Body: "well" }));
  await expect(client.send(new GetObjectCommand({ Bucket, Key: "damaged" }))).rejects.toMatchObject({ name: "InternalError" });
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual(["well"]);
  await client.send(new PutObjectCommand({ Bucket, Key: "damaged", Body: "mended" }));
  expect(await (await client.send(new GetObjectCommand({ Bucket, Key: "damaged" }))).Body?.transformToString()).toBe("mended");
}, startsMs);
