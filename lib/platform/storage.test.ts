import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { startStorage } from "@/local/storage/testing";

let aheadMs = 0;
const storage = await startStorage({ now: () => Date.now() + aheadMs });
const needed = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", NEXTAUTH_SECRET: "a-session-secret", LINK_SECRET: "a-link-secret-of-tests", RESEND_API_KEY: "re_test",
  ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", PUSHER_APP_ID: "1", PUSHER_KEY: "k", PUSHER_SECRET: "s", LOG_LEVEL: "silent",
};
Object.assign(process.env, needed);

/** The module as it is with these settings: both it and the settings are read once. */
async function withSettings(own: Record<string, string>) {
  vi.resetModules();
  for (const [name, value] of Object.entries(own)) vi.stubEnv(name, value);
  const [{ storageOrigin }, { Refused }, client] = await Promise.all([import("./storage-address"), import("./errors"), import("./storage")]);
  return { ...client, storageOrigin, Refused };
}
const stored = await withSettings({});

afterEach(() => {
  aheadMs = 0;
  vi.unstubAllEnvs();
});
afterAll(() => storage.stop());

const put = (upload: { url: string; method: string; headers: Record<string, string> }, body: Buffer) => fetch(upload.url, { method: upload.method, headers: upload.headers, body: new Uint8Array(body) });

describe("the storage", () => {
  const bytes = randomBytes(700_000);
  const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;

  test("takes from a browser what was signed, and gives it back under the name and type that are said", async () => {
    const upload = await stored.signedUpload({ key: "org/med/original", type: "image/png", bytes: bytes.length, expiresInSeconds: 900 });
    expect((await put(upload, bytes)).status).toBe(200);
    expect(await stored.storedObject("org/med/original")).toEqual({ bytes: bytes.length, type: "image/png", etag });
    const url = await stored.signedDownload({ key: "org/med/original", type: "image/webp", disposition: "inline", fileName: "사진.webp", expiresInSeconds: 60 });
    const answer = await fetch(url);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get("content-type")).toBe("image/webp");
    expect(answer.headers.get("content-disposition")).toBe("inline; filename=\"_.webp\"; filename*=UTF-8''%EC%82%AC%EC%A7%84.webp");
    expect(answer.headers.get("cache-control")).toBe("private, max-age=60");
    aheadMs = 61_000;
    expect((await fetch(url)).status).toBe(403);
    aheadMs = 901_000;
    expect((await put(upload, bytes)).status).toBe(403);
  });

  test("takes from a browser neither more nor less nor another type than was signed", async () => {
    const upload = await stored.signedUpload({ key: "exact", type: "image/png", bytes: 10, expiresInSeconds: 900 });
    expect((await put(upload, Buffer.alloc(11))).status).toBe(403);
    expect((await put(upload, Buffer.alloc(9))).status).toBe(403);
    expect((await put({ ...upload, headers: { "Content-Type": "text/html" } }, Buffer.alloc(10))).status).toBe(403);
    expect(await stored.storedObject("exact")).toBeNull();
  });

  test("hands a page that somebody uploaded over as a file", async () => {
    await stored.putStored("page", Buffer.from("<script>"), { type: "text/html", bytes: 8 });
    const answer = await fetch(await stored.signedDownload({ key: "page", type: "text/html", disposition: "inline", fileName: "a.html", expiresInSeconds: 60 }));
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="a.html"');
  });

  test("reads parts, and no further than there is", async () => {
    expect(await stored.putStored("parts", bytes, { type: "a/b", bytes: bytes.length })).toEqual({ bytes: bytes.length, type: "a/b", etag });
    expect((await stored.readStored("parts", { from: 0, to: 4_099 })).equals(bytes.subarray(0, 4_100))).toBe(true);
    expect((await stored.readStored("parts", { from: bytes.length - 10, to: bytes.length + 99 })).equals(bytes.subarray(-10))).toBe(true);
    expect(await stored.readStored("parts", { from: bytes.length })).toHaveLength(0);
    expect((await stored.readStored("parts")).equals(bytes)).toBe(true);
  });

  test("streams in and out", async () => {
    const parts = [bytes.subarray(0, 300_000), bytes.subarray(300_000)];
    await stored.putStored("stream", Readable.from(parts, { objectMode: false }), { type: "video/mp4", bytes: bytes.length });
    const chunks: Buffer[] = [];
    for await (const chunk of await stored.openStored("stream", { ifMatch: etag })) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    const left = await stored.openStored("stream");
    left.destroy();
    expect(left.destroyed).toBe(true);
  });

  test("copies, reads and opens only what is still the same", async () => {
    await stored.putStored("incoming/ä b", bytes, { type: "text/html", bytes: bytes.length });
    await stored.copyStored("incoming/ä b", "kept/1", { ifMatch: etag, type: "image/png" });
    expect(await stored.storedObject("kept/1")).toEqual({ bytes: bytes.length, type: "image/png", etag });
    await stored.putStored("incoming/ä b", Buffer.from("other"), { type: "image/png", bytes: 5 });
    for (const work of [
      () => stored.copyStored("incoming/ä b", "kept/2", { ifMatch: etag, type: "image/png" }),
      () => stored.readStored("incoming/ä b", { ifMatch: etag }),
      () => stored.openStored("incoming/ä b", { ifMatch: etag }),
      () => stored.readStored("nowhere"),
      () => stored.copyStored("nowhere", "kept/2", { type: "image/png" }),
    ]) await expect(work()).rejects.toBeInstanceOf(stored.ObjectGone);
    expect(await stored.storedObject("kept/2")).toBeNull();
  });

  test("lists what is there from behind a key, and deletes it, and what is not there as well", async () => {
    const keys = ["sweep/a", "sweep/b", "sweep/c"];
    for (const key of keys) await stored.putStored(key, Buffer.from(key), { type: "a/b", bytes: key.length });
    const { objects, next } = await stored.listStored("sweep/", "sweep/a");
    expect([objects.map(({ key, bytes: size }) => [key, size]), next]).toEqual([[["sweep/b", 7], ["sweep/c", 7]], null]);
    expect(Math.abs((objects[0]?.modifiedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    await stored.deleteStored([...keys, "sweep/never", ...Array.from({ length: 1_500 }, (_, index) => `sweep/none-${index}`)]);
    expect((await stored.listStored("sweep/")).objects).toEqual([]);
    await stored.deleteStored([]);
  });

  test("says where browsers find it: the origin of every address that it signs", async () => {
    const sign = async (own: Record<string, string>) => {
      const { storageOrigin, signedUpload } = await withSettings(own);
      return [storageOrigin(), new URL((await signedUpload({ key: "k", type: "a/b", bytes: 1, expiresInSeconds: 60 })).url).origin];
    };
    const settings: Record<string, string>[] = [
      {},
      { S3_PUBLIC_ENDPOINT: "https://files.example" },
      { S3_PUBLIC_ENDPOINT: "https://files.example", S3_PATH_STYLE: "false" },
      { S3_ENDPOINT: "", S3_REGION: "eu-west-3", S3_PATH_STYLE: "false" },
      { S3_ENDPOINT: "", S3_REGION: "us-east-1" },
    ];
    for (const own of settings) {
      const [said, signed] = await sign(own);
      expect(said, JSON.stringify(own)).toBe(signed);
      vi.unstubAllEnvs();
    }
  });
});

describe("a storage that fails", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function answering(listener: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const refusedWith = (work: Promise<unknown>) => work.then(() => "nothing", (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)));

  test.each([
    ["is not set up", { S3_BUCKET: "" }],
    ["is not there", { S3_ENDPOINT: "http://127.0.0.1:1" }],
    ["does not know us", { S3_SECRET_ACCESS_KEY: "another-secret-than-it-knows" }],
    ["has no such bucket", { S3_BUCKET: "another" }],
  ])("because it %s is refused as unavailable", async (_, own) => {
    const client = await withSettings(own);
    expect(await refusedWith(client.readStored("parts"))).toBe("STORAGE_UNAVAILABLE");
    expect(await refusedWith(client.putStored("x", Buffer.from("x"), { type: "a/b", bytes: 1 }))).toBe("STORAGE_UNAVAILABLE");
    expect(await refusedWith(client.deleteStored(["x"]))).toBe("STORAGE_UNAVAILABLE");
    await expect(client.pingStorage()).rejects.toThrow();
  });

  test("half way through a body is refused as unavailable", async () => {
    const url = await answering((_request, response) => {
      response.writeHead(200, { "content-length": 1_000 });
      response.write("half", () => response.destroy());
    });
    const { openStored } = await withSettings({ S3_ENDPOINT: url });
    const body = await openStored("any");
    expect(await refusedWith(body.toArray())).toBe("STORAGE_UNAVAILABLE");
  });

  test("without a configuration there is no origin, and nobody is offered an upload", async () => {
    const { isStorageSetUp, storageOrigin, signedUpload } = await withSettings({ S3_SECRET_ACCESS_KEY: "" });
    expect([isStorageSetUp(), storageOrigin()]).toEqual([false, null]);
    expect(await refusedWith(signedUpload({ key: "k", type: "a/b", bytes: 1, expiresInSeconds: 60 }))).toBe("STORAGE_UNAVAILABLE");
  });
});
