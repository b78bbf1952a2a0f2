import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, eventually, happened, startTestServer, state, type RawClient, type TestServer } from "./testing";

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

describe("the greeting", () => {
  it("gives each of 60 connections its own socket id and the activity timeout", async () => {
    const greetings = await Promise.all(
      Array.from({ length: 60 }, () => test.raw().next("pusher:connection_established")),
    );
    const ids = new Set(greetings.map(({ data }) => (data as { socket_id: string }).socket_id));
    expect(ids.size).toBe(60);
    for (const id of ids) expect(id).toMatch(/^\d+\.\d+$/);
    expect(greetings[0]?.data).toMatchObject({ activity_timeout: 120 });
    expect(typeof greetings[0]?.rawData).toBe("string");
  });

  it.each([
    [4001, "/app/other-key?protocol=7"],
    [4005, "/?protocol=7"],
    [4005, `/app/?protocol=7`],
    [4005, `/app/${app.key}/more?protocol=7`],
    [4005, "/apps/4711/events"],
    [4006, `/app/${app.key}?protocol=seven`],
    [4007, `/app/${app.key}?protocol=4`],
    [4007, `/app/${app.key}?protocol=8`],
    [4008, `/app/${app.key}`],
  ])("is refused with %i at %s", async (code, path) => {
    const raw = test.raw(path);
    expect((await raw.error()).code).toBe(code);
    expect((await raw.closed).code).toBe(code);
  });

  it("is refused with 4003 when the application is disabled, and pusher-js does not try again", async () => {
    const disabled = await startTestServer({ disabled: true });
    const client = disabled.client();
    const error = await happened<{ error: { data: { code: number } } }>(client.connection, "error");
    expect(error.error.data.code).toBe(4003);
    await state(client, "disconnected");
    await expect(disabled.server.trigger("a", "b", "c")).rejects.toMatchObject({ status: 403 });
    await disabled.close();
  });

  it("is refused with 4004 over the connection quota, until somebody leaves", async () => {
    const small = await startTestServer({ limits: { connections: 1 } });
    const first = await small.connected();
    const second = small.raw();
    expect((await second.closed).code).toBe(4004);
    first.socket.close();
    await first.closed;
    await small.connected();
    await small.close();
  });
});

describe("signs of life", () => {
  it("answers pusher:ping with pusher:pong, and a WebSocket ping with a pong", async () => {
    const raw = await test.connected();
    raw.send("pusher:ping");
    expect((await raw.next("pusher:pong")).rawData).toBe("{}");
    const pong = new Promise((resolve) => raw.socket.once("pong", (data) => resolve(String(data))));
    raw.socket.ping("are you there");
    expect(await pong).toBe("are you there");
  });

  it("pings a silent connection, keeps the one that answers and closes the other with 4201", async () => {
    const brisk = await startTestServer({ limits: { activityTimeoutMs: 60, pongTimeoutMs: 60 } });
    const [answers, mute] = [await brisk.connected(), await brisk.connected()];
    answers.socket.on("message", (raw) => {
      if (String(raw).includes("pusher:ping")) answers.send("pusher:pong", {});
    });
    expect((await mute.closed).code).toBe(4201);
    expect((await answers.settled()).map((frame) => frame.event)).toContain("pusher:ping");
    await brisk.close();
  });

  it("is answered by pusher-js, which stays", async () => {
    const brisk = await startTestServer({ limits: { activityTimeoutMs: 60, pongTimeoutMs: 60 } });
    const client = await brisk.connectedClient();
    const id = client.connection.socket_id;
    for (let n = 0; n < 3; n++) {
      expect(await happened(client.connection, "message")).toMatchObject({ event: "pusher:ping" });
    }
    expect(client.connection.socket_id).toBe(id);
    expect(client.connection.state).toBe("connected");
    await brisk.close();
  });
});

describe("bad input costs an error frame at most", () => {
  const malformed = [
    "",
    "{",
    "null",
    "7",
    "[]",
    '"text"',
    "{}",
    '{"event":7}',
    '{"event":null,"data":{}}',
    '{"event":"nonsense"}',
    '{"event":"pusher_internal:member_added","data":{}}',
    '{"event":"pusher:subscribe"}',
    '{"event":"pusher:subscribe","data":null}',
    '{"event":"pusher:subscribe","data":"news"}',
    '{"event":"pusher:subscribe","data":{"channel":7}}',
    '{"event":"pusher:subscribe","data":{"channel":""}}',
    '{"event":"pusher:subscribe","data":{"channel":"has space"}}',
    '{"event":"pusher:subscribe","data":{"channel":"#other"}}',
    '{"event":"pusher:subscribe","data":{"channel":"#server-to-user-"}}',
    JSON.stringify({ event: "pusher:subscribe", data: { channel: "x".repeat(201) } }),
    '{"event":"pusher:subscribe","data":{"channel":"presence-a","auth":"a:b","channel_data":{"user_id":1}}}',
    '{"event":"pusher:unsubscribe"}',
    '{"event":"pusher:unsubscribe","data":{"channel":[]}}',
    '{"event":"client-a"}',
    '{"event":"client-a","channel":"__proto__","data":{}}',
    `{"event":"client-a","channel":"private-x","data":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
  ];
  it.each(malformed.map((text) => [text.slice(0, 70), text]))("%s", async (_shown, text) => {
    const raw = await test.connected();
    raw.socket.send(text);
    await raw.error();
    await raw.subscribe("still-here");
  });

  it("a client event nested so deep that it cannot be written again", async () => {
    const raw = await test.connected();
    await raw.subscribe("private-deep", test.server.authorizeChannel(raw.socketId, "private-deep"));
    raw.socket.send(`{"event":"client-a","channel":"private-deep","data":${"[".repeat(40_000)}${"]".repeat(40_000)}}`);
    await raw.error();
    await raw.settled();
  });

  it("a binary frame", async () => {
    const raw = await test.connected();
    raw.socket.send(Buffer.from('{"event":"pusher:ping"}'));
    await raw.error();
    await raw.settled();
  });

  it("a frame over the cap closes its own connection with 1009", async () => {
    const [large, other] = [await test.connected(), await test.connected()];
    large.send("pusher:ping", "x".repeat(200_000));
    expect((await large.closed).code).toBe(1009);
    await other.settled();
  });

  it("bytes that are no WebSocket frame close their own connection", async () => {
    const [broken, other] = [await test.connected(), await test.connected()];
    const tcp = Reflect.get(broken.socket, "_socket") as { write(bytes: Buffer): void };
    tcp.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await broken.closed;
    await other.settled();
  });

  it("anything at all", async () => {
    const witness = await test.connected();
    const name = fc.oneof(
      fc.constantFrom(
        "pusher:subscribe",
        "pusher:unsubscribe",
        "pusher:ping",
        "pusher:pong",
        "client-x",
        "toString",
        "__proto__",
      ),
      fc.string(),
    );
    const channel = fc.oneof(
      fc.constantFrom("a", "private-a", "presence-a", "cache-a", "private-encrypted-a", "#server-to-user-1", "__proto__"),
      fc.string({ unit: "binary" }),
      fc.jsonValue(),
    );
    const field = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }));
    const data = fc.oneof(fc.record({ channel, auth: field, channel_data: field }, { requiredKeys: [] }), field);
    const frames = fc.oneof(
      fc.record({ event: fc.oneof(name, fc.jsonValue()), channel, data }, { requiredKeys: [] }).map((f) => JSON.stringify(f)),
      fc.json(),
      fc.string(),
      fc.uint8Array({ maxLength: 200 }),
    );
    let raw: RawClient = await test.connected();
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 20 }), async (batch) => {
        for (const text of batch) raw.socket.send(text);
        await raw.settled();
        raw.frames.length = 0;
        if (raw.socket.readyState !== raw.socket.OPEN) raw = await test.connected();
      }),
      { numRuns: 150 },
    );
    await witness.settled();
  });

  it("signing in with anything closes that connection alone", async () => {
    const witness = await test.connected();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        const raw = await test.connected();
        raw.send("pusher:signin", data);
        expect((await raw.closed).code).toBe(4009);
      }),
      { numRuns: 20 },
    );
    await witness.settled();
  });
});

describe("shutdown", () => {
  it("closes with 4200, and clients come back to the next server by themselves", async () => {
    const first = await startTestServer({ limits: { farewellMs: 500 } });
    const { port } = first.engine;
    const raw = await first.connected();
    const client = await first.connectedClient({ pongTimeout: 1000, unavailableTimeout: 1000 });
    const channel = client.subscribe("private-home");
    await happened(channel, "pusher:subscription_succeeded");
    await first.engine.close();
    expect(await raw.closed).toEqual({ code: 4200, reason: "The server is shutting down." });

    const second = await startTestServer({ port });
    await happened(channel, "pusher:subscription_succeeded");
    const heard = happened(channel, "again");
    await second.server.trigger("private-home", "again", 1);
    expect(await heard).toBe(1);
    client.disconnect();
    await second.close();
  });

  it("does not wait for a peer that answers nothing", async () => {
    const server = await startTestServer();
    const raw = await server.connected();
    raw.socket.pause();
    await server.engine.close();
    await server.close();
    raw.socket.resume();
    await raw.closed;
  });
});

describe("limits of one connection", () => {
  it("has a bounded number of subscriptions (4100)", async () => {
    const small = await startTestServer({ limits: { subscriptionsPerConnection: 2 } });
    const raw = await small.connected();
    await raw.subscribe("a");
    await raw.subscribe("b");
    raw.send("pusher:subscribe", { channel: "c" });
    expect((await raw.error()).code).toBe(4100);
    raw.send("pusher:unsubscribe", { channel: "a" });
    await raw.subscribe("c");
    await small.close();
  });

  it("cuts a slow reader and does not hold the others", async () => {
    const server = await startTestServer({ limits: { bufferedBytes: 64 * 1024 } });
    const [slow, quick] = [await server.connected(), await server.connected()];
    await slow.subscribe("flood");
    await quick.subscribe("flood");
    slow.socket.pause();
    // More than the kernel's buffers can take for somebody who does not read.
    const total = 1_500;
    const data = "x".repeat(10_000);
    for (let sent = 0; sent < total; sent += 100) {
      await Promise.all(Array.from({ length: 100 }, () => server.server.trigger("flood", "e", data)));
    }
    expect((await quick.settled()).filter((frame) => frame.event === "e")).toHaveLength(total);
    await eventually(async () => {
      const answer = await server.server.get({ path: "/channels/flood", params: { info: "subscription_count" } });
      expect(await answer.json()).toEqual({ occupied: true, subscription_count: 1 });
    });
    slow.socket.resume();
    expect((await slow.closed).code).toBe(1006);
    await server.close();
  });

  it("fans out to 1,000 connections, to each exactly once", async () => {
    const server = await startTestServer({ subscriptionCount: true });
    const clients: RawClient[] = [];
    for (let n = 0; n < 1_000; n += 100) {
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => server.connected()))));
    }
    await Promise.all(clients.map((client) => client.subscribe("all")));
    for (let n = 0; n < 5; n++) await server.server.trigger("all", "e", n);
    const seen = await Promise.all(clients.map((client) => client.settled()));
    for (const frames of seen) {
      expect(frames.filter((frame) => frame.event === "e").map((frame) => frame.data)).toEqual([0, 1, 2, 3, 4]);
    }
    await server.close();
  });
});
