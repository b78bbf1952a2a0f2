import { createHash, createHmac } from "node:crypto";
import { readdir } from "node:fs/promises";
import { request as ask } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startStorage } from "./testing";

let aheadMs = 0;
const page = "http://localhost:3000";
const storage = await startStorage({ now: () => Date.now() + aheadMs });
const { bucket: Bucket, region, credentials } = storage;
const client = new S3Client({ endpoint: storage.url, region, forcePathStyle: true, credentials, requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" });

beforeEach(() => {
  aheadMs = 0;
});
afterAll(() => storage.stop());

const signed = new Set(["host", "content-type", "content-length"]);
const uploadTo = (Key: string, bytes: number, ContentType = "image/png") =>
  getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ContentType, ContentLength: bytes }), { expiresIn: 900, signableHeaders: signed, unhoistableHeaders: signed });
const downloadOf = (Key: string, more: Partial<ConstructorParameters<typeof GetObjectCommand>[0]> = {}) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key, ...more }), { expiresIn: 900 });

const put = (url: string, body: string | Buffer, headers: Record<string, string> = { "content-type": "image/png" }) => fetch(url, { method: "PUT", body: new Uint8Array(Buffer.from(body)), headers });

async function codeOf(answer: Response): Promise<string> {
  return /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? String(answer.status);
}

const isStored = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key })).then(() => true, () => false);

describe("an address to which one body may be put", () => {
  test("takes it, as often as it is sent again", async () => {
    const url = await uploadTo("taken", 5);
    expect((await put(url, "bytes")).status).toBe(200);
    expect((await put(url, "again")).status).toBe(200);
    expect(await (await fetch(await downloadOf("taken"))).text()).toBe("again");
  });

  test("takes no body of another length", async () => {
    const url = await uploadTo("length", 5);
    expect(await codeOf(await put(url, "longer"))).toBe("SignatureDoesNotMatch");
    expect(await codeOf(await put(url, "less"))).toBe("SignatureDoesNotMatch");
    expect(await codeOf(await put(url, Buffer.alloc(20_000_000)))).toBe("SignatureDoesNotMatch");
    expect(await isStored("length")).toBe(false);
  });

  test("takes no body in chunks, whose length nobody signed", async () => {
    const url = new URL(await uploadTo("chunked", 5));
    const status = await new Promise((done) => {
      const request = ask(url, { method: "PUT", headers: { "content-type": "image/png", "transfer-encoding": "chunked" } }, (answer) => done(answer.resume().statusCode));
      request.end("bytes");
    });
    expect(status).toBe(403);
    expect(await isStored("chunked")).toBe(false);
  });

  test("keeps nothing of a body that goes on behind its length", async () => {
    const url = new URL(await uploadTo("behind", 5));
    await new Promise((done) => {
      const socket = connect(storage.port, "127.0.0.1").on("close", done).resume();
      socket.end(`PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nbytesMORE`);
    });
    const found = await fetch(await downloadOf("behind"));
    expect(found.status === 404 || (await found.text()) === "bytes").toBe(true);
  });

  test.each([
    ["another type", { "content-type": "text/html" }],
    ["no type", {}],
  ])("takes no body with %s", async (_, headers: Record<string, string>) => {
    expect(await codeOf(await put(await uploadTo("type", 5), "bytes", headers))).toBe("SignatureDoesNotMatch");
  });

  test.each(["x-amz-meta-owner", "x-amz-acl", "x-amz-copy-source"])("takes no %s that its signer did not say", async (name) => {
    const answer = await put(await uploadTo("loose", 5), "bytes", { "content-type": "image/png", [name]: `${Bucket}/taken` });
    expect(await codeOf(answer)).toBe("AccessDenied");
  });

  test("is of no use for another key, method, query, host or bucket", async () => {
    await put(await uploadTo("mine", 5), "bytes");
    const url = await uploadTo("mine", 5);
    for (const other of [url.replace("/mine", "/yours"), url.replace("/mine", "/mine/"), url.replace("/mine", "//mine"), url.replace("X-Amz-Expires=900", "X-Amz-Expires=90000"), `${url}&response-content-type=text%2Fhtml`, url.replace(Bucket, "another"), url.replace("127.0.0.1", "localhost")]) {
      expect(await codeOf(await put(other, "bytes")).catch(() => "SignatureDoesNotMatch"), other).toBe("SignatureDoesNotMatch");
    }
    for (const method of ["GET", "DELETE", "POST"]) expect(await codeOf(await fetch(url, { method })), method).toBe("SignatureDoesNotMatch");
    expect(await (await fetch(await downloadOf("mine"))).text()).toBe("bytes");
  });

  test("ends", async () => {
    const url = await uploadTo("late", 5);
    aheadMs = 899_000;
    expect((await put(url, "bytes")).status).toBe(200);
    aheadMs = 901_000;
    const late = await put(url, "bytes");
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
    aheadMs = -16 * 60_000;
    expect(await codeOf(await put(url, "bytes"))).toBe("AccessDenied");
  });

  test("is refused by its head alone to whoever asks first", async () => {
    const url = new URL(await uploadTo("asked", 5));
    const heard = await new Promise((done) => {
      const request = ask(url, { method: "PUT", headers: { "content-type": "text/html", "content-length": 5, expect: "100-continue" } }, (answer) => done(answer.resume().statusCode));
      request.on("continue", () => done("continue"));
      request.flushHeaders();
    });
    expect(heard).toBe(403);
  });

  test("leaves nothing of a body that breaks off", async () => {
    const url = new URL(await uploadTo("broken", 1_000_000));
    await new Promise<void>((done) => {
      const socket = connect(storage.port, "127.0.0.1", () => {
        socket.write(`PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(400_000)}`, () => socket.destroy());
      });
      socket.on("close", () => done());
    });
    const incoming = join(storage.dataDir, "incoming");
    await expect.poll(() => readdir(incoming)).toEqual([]);
    expect(await isStored("broken")).toBe(false);
  });
});

describe("an address from which one object may be fetched", () => {
  test("serves it as its signer said, and so that nothing in it acts", async () => {
    await put(await uploadTo("page.html", 25, "text/html"), "<script>alert(1)</script>", { "content-type": "text/html" });
    const answer = await fetch(await downloadOf("page.html", { ResponseContentType: "application/octet-stream", ResponseContentDisposition: "attachment; filename=\"a.html\"", ResponseCacheControl: "private" }));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": 'attachment; filename="a.html"',
      "cache-control": "private",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
    });
    const split = await fetch(await downloadOf("page.html", { ResponseContentDisposition: "a\r\nset-cookie: x" }));
    expect([split.status, split.headers.get("set-cookie")]).toEqual([400, null]);
  });

  test("serves parts to a player, of one version only", async () => {
    await put(await uploadTo("video", 10), "0123456789");
    const url = await downloadOf("video");
    const part = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { headers });
      return [answer.status, answer.headers.get("content-range"), answer.status < 300 ? await answer.text() : ""];
    };
    expect(await part({ range: "bytes=2-4" })).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part({ range: "bytes=8-" })).toEqual([206, "bytes 8-9/10", "89"]);
    expect(await part({ range: "bytes=10-" })).toEqual([416, "bytes */10", ""]);
    expect(await part({ range: "bytes=0-1,4-5" })).toEqual([200, null, "0123456789"]);
    expect(await part({ range: "bytes=4-2" })).toEqual([200, null, "0123456789"]);
    expect(await part({ range: "bytes=2-4", "if-range": '"another"' })).toEqual([200, null, "0123456789"]);
    expect(await part({ "if-match": '"another"' })).toEqual([412, null, ""]);
  });

  test("opens nothing else: no other object, no writing, not without its signature", async () => {
    await put(await uploadTo("one", 3), "one");
    const url = await downloadOf("one");
    expect(await codeOf(await fetch(url.replace("/one?", "/mine?")))).toBe("SignatureDoesNotMatch");
    expect(await codeOf(await fetch(url, { method: "PUT", body: "x" }))).toBe("SignatureDoesNotMatch");
    expect(await codeOf(await fetch(url, { method: "HEAD" }))).toBe("403");
    expect(await codeOf(await fetch(url.replace(/X-Amz-Signature=\w{4}/, "X-Amz-Signature=0000")))).toBe("SignatureDoesNotMatch");
    expect(await codeOf(await fetch(url.split("?")[0] ?? ""))).toBe("AccessDenied");
    expect(await codeOf(await fetch(`${url}&X-Amz-Security-Token=x`))).toBe("InvalidToken");
    expect(await codeOf(await fetch(`${url}&X-Amz-Expires=900`))).toBe("AuthorizationQueryParametersError");
    expect(await codeOf(await fetch(url, { headers: { authorization: "AWS4-HMAC-SHA256 x" } }))).toBe("InvalidArgument");
    expect(await codeOf(await fetch(`${storage.url}/`))).toBe("AccessDenied");
  });
});

describe("pages of others", () => {
  const asks = (origin: string, method = "PUT", headers = "content-type") =>
    fetch(`${storage.url}/${Bucket}/any`, { method: "OPTIONS", headers: { origin, "access-control-request-method": method, "access-control-request-headers": headers } });

  test("may not upload; the application's may, and read the answer", async () => {
    const allowed = await asks(page);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(page);
    expect(allowed.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(allowed.headers.get("access-control-allow-headers")).toBe("content-type");
    for (const refused of [asks("http://evil.example"), asks("null"), asks(page, "DELETE"), asks(page, "PUT", "authorization")]) {
      const { status, headers } = await refused;
      expect([status, headers.get("access-control-allow-methods")]).toEqual([403, null]);
    }
    const url = await uploadTo("cors", 5);
    const answer = await put(url, "bytes", { "content-type": "image/png", origin: page });
    expect([answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-expose-headers")]).toEqual([page, expect.stringContaining("ETag")]);
    expect((await put(url, "x", { origin: page })).headers.get("access-control-allow-origin")).toBe(page);
    expect((await put(url, "bytes", { "content-type": "image/png", origin: "http://evil.example" })).headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a body in signed parts", () => {
  const empty = createHash("sha256").update("").digest("hex");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

  /** Written out from the specification, beside the client's code and ours. */
  async function send(parts: string[], spoil: (chunk: string, index: number) => string = (chunk) => chunk, declared = parts.join("").length): Promise<Response> {
    const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${timestamp.slice(0, 8)}/${region}/s3/aws4_request`;
    const key = ["s3", "aws4_request"].reduce(hmac, hmac(hmac(`AWS4${credentials.secretAccessKey}`, timestamp.slice(0, 8)), region));
    const headers: Record<string, string> = {
      host: new URL(storage.url).host,
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "x-amz-date": timestamp,
      "x-amz-decoded-content-length": String(declared),
    };
    const names = Object.keys(headers).join(";");
    const canonical = ["PUT", `/${Bucket}/signed%20parts`, "", Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join(""), names, headers["x-amz-content-sha256"]].join("\n");
    let previous = hmac(key, ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n")).toString("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${previous}`;
    const body = [...parts, ""].map((part, index) => {
      previous = hmac(key, ["AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope, previous, empty, sha256(part)].join("\n")).toString("hex");
      return spoil(`${part.length.toString(16)};chunk-signature=${previous}\r\n${part}\r\n`, index);
    });
    return fetch(`${storage.url}/${Bucket}/signed%20parts`, { method: "PUT", headers: { ...headers, authorization, "content-encoding": "aws-chunked" }, body: body.join("") });
  }

  test("is taken whole", async () => {
    expect((await send(["x".repeat(70_000), "yy"])).status).toBe(200);
    expect(await (await fetch(await downloadOf("signed parts"))).text()).toBe(`${"x".repeat(70_000)}yy`);
  });

  test.each([5, 7])("is refused when it says to be of %i bytes and is of 6", async (declared) => {
    expect(await codeOf(await send(["one", "six"], undefined, declared))).toBe("IncompleteBody");
  });

  test.each([
    ["changed on the way", (chunk: string) => chunk.replace("one", "two"), "SignatureDoesNotMatch"],
    ["without its end", (chunk: string, index: number) => (index === 2 ? "" : chunk), "IncompleteBody"],
    ["without a part", (chunk: string, index: number) => (index === 1 ? "" : chunk), "SignatureDoesNotMatch"],
    ["with a chunk of a wrong length", (chunk: string) => chunk.replace(/^3;/, "2;"), "SignatureDoesNotMatch"],
    ["with something behind it", (chunk: string, index: number) => (index === 2 ? `${chunk}more` : chunk), "IncompleteBody"],
    ["with an endless line", () => "f".repeat(10_000), "IncompleteBody"],
  ])("is refused %s", async (_, spoil, code) => {
    expect(await codeOf(await send(["one", "six"], spoil))).toBe(code);
  });
});
