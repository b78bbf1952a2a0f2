import { createServer, type Server } from "node:http";
import type { LookupAddress } from "node:dns";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSafeFetch, guardedConnector, isPublicAddress } from "./safe-fetch";

let server: Server;
let port = 0;
let calls: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (request.url === "/redirect") return void response.writeHead(302, { location: "/secret" }).end();
    if (request.url === "/huge") return void response.end("x".repeat(1_000_000));
    if (request.url === "/never") return;
    if (request.url === "/drip") return void response.writeHead(201).write("begun");
    response.setHeader("x-told", "yes").end(`hello ${request.headers["x-mine"] ?? ""}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close().closeAllConnections());
beforeEach(() => void (calls = []));

const resolving = (...answers: string[][]) => {
  const asked: string[] = [];
  const lookup = (hostname: string, _: unknown, callback: (error: null, addresses: LookupAddress[]) => void) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    callback(null, addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };
  return { asked, lookup };
};
const trusting = (...allow: string[]) => createSafeFetch(() => ({ allow, lookup: resolving(["127.0.0.1"]).lookup }));

describe("an address of this machine or network is refused", () => {
  const strict = createSafeFetch(() => ({ allow: [], lookup: resolving(["127.0.0.1"]).lookup }));
  test.each([
    "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://0x7f000001/", "https://0177.0.0.1/", "https://017700000001/", "https://127.1/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/", "https://[::]/", "https://127%2e0.0.1/",
    "https://①②⑦.0.0.1/", "https://127.0.0.1./", "https://localhost/", "https://localhost./", "https://metadata.google.internal/", "https://169.254.169.254/",
    "https://10.0.0.8/", "https://192.168.1.1/", "https://100.64.0.1/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[2002:7f00:1::]/",
  ])("%s", async (address) => {
    expect(await strict(address)).toMatchObject({ refused: "private", detail: expect.stringContaining("may not be called") as string });
  });

  test.each(["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "10.0.0.1"])("%s, should it ever come as far as a connection", async (hostname) => {
    const connect = guardedConnector(() => ({ allow: [], lookup: resolving(["93.184.215.14"]).lookup }));
    const refused = await new Promise<Error | null>((told) => connect({ hostname, protocol: "https:", port: "443" }, (...[error]) => told(error)));
    expect(refused?.message).toContain("is not a public address");
  });

  test.each([
    ["http://example.com/", "scheme"],
    ["ftp://example.com/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["https://example.com:22/", "port"],
    ["https://user:secret@example.com/", "userinfo"],
    ["//example.com", "malformed"],
  ])("%s: %s", async (address, refused) => {
    expect(await strict(address)).toMatchObject({ refused });
  });

  test("a name that leads there, and one of whose several answers leads there", async () => {
    for (const answer of [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["93.184.215.14", "::1"], ["::ffff:7f00:1"]]) {
      const { lookup, asked } = resolving(answer);
      // The address itself stays unsaid: it would show how this network looks from inside.
      expect(await createSafeFetch(() => ({ allow: [], lookup }))("https://rebind.example/")).toEqual({ refused: "private", detail: "rebind.example leads to an address that is not public" });
      expect(asked).toEqual(["rebind.example"]);
    }
  });

  test("a name that turns private after it was looked at: every request asks anew and judges what it got", async () => {
    const { lookup, asked } = resolving(["198.41.0.4"], ["127.0.0.1"]);
    const fetching = createSafeFetch(() => ({ allow: [], lookup }));
    expect(await fetching("https://rebind.example/", { timeoutMs: 50 })).not.toMatchObject({ refused: "private" });
    expect(await fetching("https://rebind.example/", { timeoutMs: 50 })).toMatchObject({ refused: "private" });
    expect(asked).toEqual(["rebind.example", "rebind.example"]);
  });

  test("public addresses are public", () => {
    for (const address of ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"]) expect(isPublicAddress(address), address).toBe(true);
    for (const address of ["4000::1", "2001:db8::1", "198.18.0.1", "224.0.0.1", "nonsense"]) expect(isPublicAddress(address), address).toBe(false);
  });
});

describe("a receiver that the operator allows by name", () => {
  test("is called, on its port and without TLS", async () => {
    const safeFetch = trusting(`127.0.0.1:${port}`);
    expect(await safeFetch(`http://127.0.0.1:${port}/x`, { method: "POST", headers: { "x-mine": "1" }, body: "body" })).toMatchObject({
      status: 200,
      headers: { "x-told": "yes" },
      body: "hello 1",
      truncated: false,
    });
    expect(calls).toEqual(["POST /x"]);
  });

  test("another port of the same host is not", async () => {
    expect(await trusting(`127.0.0.1:${port + 1}`)(`http://127.0.0.1:${port}/`)).toMatchObject({ refused: "scheme" });
    expect(calls).toEqual([]);
  });

  test("is not followed where it redirects", async () => {
    expect(await trusting(`127.0.0.1:${port}`)(`http://127.0.0.1:${port}/redirect`)).toMatchObject({ status: 302 });
    expect(calls).toEqual(["GET /redirect"]);
  });

  test("is read up to the limit; its status stands", async () => {
    const answer = await trusting(`127.0.0.1:${port}`)(`http://127.0.0.1:${port}/huge`, { maxBytes: 1000 });
    expect(answer).toMatchObject({ status: 200, truncated: true, body: "x".repeat(1000) });
  });

  test("is not waited for longer than asked, nor for the rest of an answer whose status has come", async () => {
    const safeFetch = trusting(`127.0.0.1:${port}`);
    expect(await safeFetch(`http://127.0.0.1:${port}/never`, { timeoutMs: 60 })).toMatchObject({ refused: "timeout" });
    expect(await safeFetch(`http://127.0.0.1:${port}/drip`, { timeoutMs: 200 })).toMatchObject({ status: 201, truncated: true });
  });

  test("who does not answer is told as that", async () => {
    expect(await trusting("127.0.0.1:1")("http://127.0.0.1:1/")).toMatchObject({ refused: "unreachable" });
  });

  test("keeps its connection when asked to, and only then", async () => {
    const sockets = new Set<Socket>();
    server.on("request", ({ socket }) => sockets.add(socket));
    const safeFetch = trusting(`127.0.0.1:${port}`);
    // The pool may open a second one before the first is seen to be free again.
    for (let n = 0; n < 8; n += 1) await safeFetch(`http://127.0.0.1:${port}/`, { keepAlive: true });
    const kept = sockets.size;
    expect(kept).toBeLessThanOrEqual(2);
    for (let n = 0; n < 3; n += 1) await safeFetch(`http://127.0.0.1:${port}/`);
    expect(sockets.size).toBe(kept + 3);
  });
});
