import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import type Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sign } from "./signature";
import { app, libraryFor, startTestServer, type TestServer } from "./testing";

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

const apps = `/apps/${app.id}`;

interface Hand {
  method?: string;
  path?: string;
  body?: string;
  params?: Record<string, string>;
  /** Replaces signed parameters after signing. */
  tamper?: Record<string, string | undefined>;
}

/** A request signed by hand, so that every part of the signature can be wrong. */
async function send({ method = "POST", path = `${apps}/events`, body, params = {}, tamper = {} }: Hand) {
  const query: Record<string, string> = {
    auth_key: app.key,
    auth_timestamp: String(Math.floor(Date.now() / 1000)),
    auth_version: "1.0",
    ...(body && { body_md5: createHash("md5").update(body).digest("hex") }),
    ...params,
  };
  const signed = Object.keys(query).sort().map((name) => `${name}=${query[name]}`).join("&");
  const all = { ...query, auth_signature: sign(app.secret, [method, path, signed].join("\n")), ...tamper };
  const url = new URL(path, test.engine.url);
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, { method, ...(body && { body }) });
  return { status: response.status, text: await response.text() };
}

const event = (fields: object) => JSON.stringify({ name: "e", channels: ["a"], data: "x", ...fields });

describe("signatures", () => {
  it("accepts a request signed as documented", async () => {
    expect(await send({ body: event({}) })).toEqual({ status: 200, text: "{}" });
  });

  it.each([
    ["another secret", { auth_signature: sign("other", "x") }],
    ["no signature", { auth_signature: undefined }],
    ["an upper-case signature", { auth_signature: "A".repeat(64) }],
    ["an unknown key", { auth_key: "other" }],
    ["no key", { auth_key: undefined }],
    ["another version", { auth_version: "2.0" }],
    ["a timestamp that is no number", { auth_timestamp: "now" }],
    ["no timestamp", { auth_timestamp: undefined }],
    ["another body digest", { body_md5: "0".repeat(32) }],
    ["no body digest", { body_md5: undefined }],
    ["a parameter that was not signed", { info: "subscription_count" }],
  ])("answers 401 with a reason to %s", async (_what, tamper) => {
    const { status, text } = await send({ body: event({}), tamper });
    expect(status).toBe(401);
    expect(text.length).toBeGreaterThan(10);
    expect(text).not.toContain(app.secret);
  });

  it.each([
    [601, 401],
    [-601, 401],
    [590, 200],
    [-590, 200],
  ])("answers a request signed %i s off with %i", async (seconds, status) => {
    const auth_timestamp = String(Math.floor(Date.now() / 1000) + seconds);
    expect((await send({ body: event({}), params: { auth_timestamp } })).status).toBe(status);
  });

  it("makes the official library fail with the status, not resolve", async () => {
    await expect(libraryFor(test.engine, { secret: "wrong" }).trigger("a", "e", "x")).rejects.toMatchObject({ status: 401 });
    await expect(libraryFor(test.engine, { key: "wrong" }).trigger("a", "e", "x")).rejects.toMatchObject({ status: 401 });
    await expect(libraryFor(test.engine, { id: "4712" }).trigger("a", "e", "x")).rejects.toMatchObject({ status: 404 });
  });
});

describe("triggers", () => {
  it.each<[string, number, object]>([
    ["data over 10,240 bytes, which are fewer characters", 413, { data: "한".repeat(3_414) }],
    ["data that is no string", 400, { data: { a: 1 } }],
    ["no data", 400, { data: undefined }],
    ["no name", 400, { name: undefined }],
    ["an empty name", 400, { name: "" }],
    ["a name of 201 characters", 400, { name: "n".repeat(201) }],
    ["a reserved name", 400, { name: "pusher_internal:member_added" }],
    ["no channel", 400, { channels: undefined }],
    ["an empty list of channels", 400, { channels: [] }],
    ["101 channels", 400, { channels: Array.from({ length: 101 }, (_, n) => `c${n}`) }],
    ["an invalid channel name", 400, { channels: ["a", "b c"] }],
    ["a channel name of 201 characters", 400, { channels: ["c".repeat(201)] }],
    ["channels that are no list", 400, { channels: "a" }],
    ["an encrypted channel among others", 400, { channels: ["private-encrypted-a", "b"] }],
    ["a malformed socket id", 400, { socket_id: "me" }],
    ["an unknown attribute", 400, { info: "secrets" }],
    ["user_count of a public channel", 400, { info: "user_count" }],
  ])("with %s are answered %i", async (_what, status, fields) => {
    expect((await send({ body: event(fields) })).status).toBe(status);
  });

  it.each(["", "{", "null", "[]", "7", '"x"'])("with the body %j are answered 400", async (body) => {
    expect((await send({ body })).status).toBe(400);
  });

  it("carry exactly 10,240 bytes to 100 channels, and a channel name of 200 characters", async () => {
    const name = "c".repeat(200);
    const raw = await test.connected();
    await raw.subscribe(name);
    const channels = [name, ...Array.from({ length: 99 }, (_, n) => `c${n}`)];
    await test.server.trigger(channels, "e".repeat(200), "x".repeat(10_240));
    expect((await raw.next("e".repeat(200))).rawData).toHaveLength(10_240);
  });

  it("accept `channel` for one channel, and a channel named twice hears the event once", async () => {
    const raw = await test.connected();
    await raw.subscribe("single");
    await send({ body: event({ channels: undefined, channel: "single" }) });
    await send({ body: event({ channels: ["single", "single"] }) });
    expect((await raw.settled()).map((frame) => frame.event)).toEqual(["e", "e"]);
  });

  it("answer with the attributes that were asked for", async () => {
    const raw = await test.connected();
    await raw.subscribe("presence-info", test.server.authorizeChannel(raw.socketId, "presence-info", { user_id: "1" }));
    const response = await test.server.trigger(["presence-info", "presence-void"], "e", "x", {
      info: "user_count,subscription_count",
    });
    expect(await response.json()).toEqual({
      channels: {
        "presence-info": { user_count: 1, subscription_count: 1 },
        "presence-void": { user_count: 0, subscription_count: 0 },
      },
    });
  });
});

describe("batches", () => {
  it("publish each event in order, leaving out its socket id, and answer with attributes", async () => {
    const raw = await test.connected();
    await raw.subscribe("batch");
    const plain = await test.server.triggerBatch([
      { channel: "batch", name: "one", data: { n: 1 } },
      { channel: "batch", name: "skipped", data: "x", socket_id: raw.socketId },
      { channel: "batch", name: "two", data: "2" },
    ]);
    expect(await plain.json()).toEqual({});
    expect((await raw.settled()).splice(0).map((frame) => [frame.event, frame.data])).toEqual([
      ["one", { n: 1 }],
      ["two", 2],
    ]);
    const informed = await test.server.triggerBatch([
      { channel: "batch", name: "e", data: "x", info: "subscription_count" },
      { channel: "other", name: "e", data: "x" },
    ]);
    expect(await informed.json()).toEqual({ batch: [{ subscription_count: 1 }, {}] });
  });

  it("publish nothing when one of them fails", async () => {
    const raw = await test.connected();
    await raw.subscribe("all-or-none");
    const good = { channel: "all-or-none", name: "e", data: "x" };
    for (const [bad, status] of [
      [{ ...good, channel: "no good" }, 400],
      [{ ...good, data: "x".repeat(10_241) }, 413],
      [{ ...good, name: "" }, 400],
    ] as const) {
      await expect(test.server.triggerBatch([good, bad])).rejects.toMatchObject({ status });
    }
    await expect(test.server.triggerBatch(Array.from({ length: 11 }, () => ({ ...good })))).rejects.toMatchObject({
      status: 400,
    });
    expect((await send({ path: `${apps}/batch_events`, body: '{"batch":{}}' })).status).toBe(400);
    expect(await raw.settled()).toEqual([]);
  });
});

describe("looking at channels", () => {
  it("lists occupied channels by prefix with the attributes that were asked for", async () => {
    const raw = await test.connected();
    await raw.subscribe("list-a");
    await raw.subscribe("presence-list", test.server.authorizeChannel(raw.socketId, "presence-list", { user_id: "1" }));
    expect(await get("/channels", { filter_by_prefix: "list-" })).toEqual({ channels: { "list-a": {} } });
    expect(await get("/channels", { filter_by_prefix: "list-", info: "subscription_count" })).toEqual({
      channels: { "list-a": { subscription_count: 1 } },
    });
    expect(await get("/channels", { filter_by_prefix: "presence-list", info: "user_count" })).toEqual({
      channels: { "presence-list": { user_count: 1 } },
    });
    const refused: Record<string, string>[] = [
      { info: "user_count" },
      { info: "user_count", filter_by_prefix: "list-" },
      { info: "x" },
    ];
    for (const params of refused) {
      await expect(get("/channels", params)).rejects.toMatchObject({ status: 400 });
    }
  });

  it("describes one channel, occupied or not, and a cache channel's last event", async () => {
    const raw = await test.connected();
    await raw.subscribe("presence-one", test.server.authorizeChannel(raw.socketId, "presence-one", { user_id: "1" }));
    expect(await get("/channels/presence-one", { info: "user_count,subscription_count" })).toEqual({
      occupied: true,
      user_count: 1,
      subscription_count: 1,
    });
    expect(await get("/channels/nobody-here")).toEqual({ occupied: false });
    expect(await get("/channels/cache-one", { info: "cache" })).toEqual({ occupied: false, cache: null });
    await test.server.trigger("cache-one", "e", { n: 1 });
    expect(await get("/channels/cache-one", { info: "cache" })).toEqual({
      occupied: false,
      cache: { data: '{"n":1}', ttl: 1800 },
    });
    await expect(get("/channels/list-a", { info: "user_count" })).rejects.toMatchObject({ status: 400 });
    await expect(get("/channels/list-a", { info: "cache" })).rejects.toMatchObject({ status: 400 });
    await expect(get("/channels/a%20b")).rejects.toMatchObject({ status: 400 });
  });

  it("names the users of a presence channel, and of no other", async () => {
    const [a, b] = [await test.connected(), await test.connected()];
    for (const raw of [a, b]) {
      await raw.subscribe("presence-who", test.server.authorizeChannel(raw.socketId, "presence-who", { user_id: "ann" }));
    }
    expect(await get("/channels/presence-who/users")).toEqual({ users: [{ id: "ann" }] });
    expect(await get("/channels/presence-void/users")).toEqual({ users: [] });
    await expect(get("/channels/who/users")).rejects.toMatchObject({ status: 400 });
  });

  async function get(path: string, params: Record<string, string> = {}): Promise<unknown> {
    return (await test.server.get({ path, params })).json();
  }
});

describe("what it does not know or take", () => {
  it.each([
    ["GET", "/nothing", 404],
    ["GET", "/apps", 404],
    ["GET", "/apps/4711", 404],
    ["POST", "/apps/4711/nothing", 404],
    ["POST", "/apps/4712/events", 404],
    ["GET", "/apps/4711/channels/a/b/c", 404],
    ["GET", "/apps/4711/channels", 401],
  ])("unsigned %s %s is answered %i", async (method, path, status) => {
    expect((await fetch(test.engine.url + path, { method })).status).toBe(status);
  });

  it("a known path with another method is answered 405", async () => {
    expect((await send({ method: "GET" })).status).toBe(405);
    expect((await send({ method: "DELETE", path: `${apps}/channels` })).status).toBe(405);
  });

  it("a body over the cap is answered 413, also to the official library", async () => {
    await expect(test.server.trigger("a", "e", "x".repeat(3_000_000))).rejects.toMatchObject({ status: 413 });
    await test.server.trigger("a", "e", "x");
  });

  it("bytes that are no HTTP, and paths of every kind, do no harm", async () => {
    for (const bytes of ["\0\0\0", "GET\r\n\r\n", "GET /app/x HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"]) {
      const socket = connect(test.engine.port, test.engine.host);
      socket.on("error", () => undefined);
      socket.end(bytes);
      socket.resume();
      await once(socket, "close");
    }
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), fc.string(), async (path, query, body) => {
        const response = await fetch(`${test.engine.url}/apps/4711${path}?${query}`, { method: "POST", body });
        expect([401, 404]).toContain(response.status);
      }),
      { numRuns: 50 },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ minLength: 1 })), async (body) => {
        expect((await send({ body })).status).toBe(400);
        expect((await send({ path: `${apps}/batch_events`, body })).status).toBe(400);
      }),
      { numRuns: 50 },
    );
    await test.server.trigger("a", "e", "x");
  });
});

describe("the status page", () => {
  it("shows channels and counts, no secrets, and only under a name of this machine", async () => {
    const raw = await test.connected();
    await raw.subscribe("shown-here");
    const page = await fetch(test.engine.url);
    const html = await page.text();
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(html).toContain("shown-here");
    for (const secret of [app.secret, app.key, raw.socketId]) expect(html).not.toContain(secret);
    const status = await (await fetch(`${test.engine.url}/status.json`)).json();
    expect(status).toMatchObject({ shown: expect.arrayContaining([{ name: "shown-here", subscribers: 1, members: null }]) });

    const socket = connect(test.engine.port, test.engine.host);
    socket.end("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toContain("403");
  });
});

it("the library's own signature over unusual values is understood", async () => {
  const response = await test.server.get({ path: "/channels", params: { filter_by_prefix: "a+b=c,d;e@", note: "x y&z" } }).catch(
    (error: Pusher.RequestError) => error,
  );
  expect(response).toHaveProperty("status", 401);
  const plain = await test.server.get({ path: "/channels", params: { filter_by_prefix: "a+b=c,d;e@", note: "x y" } });
  expect(await plain.json()).toEqual({ channels: {} });
});
