import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, happened, presenceAuthorization, startTestServer, type RawClient, type TestServer } from "./testing";

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

async function subscribed(channel: string, user_id?: string, server = test): Promise<RawClient> {
  const raw = await server.connected();
  const member = user_id === undefined ? undefined : { user_id };
  await raw.subscribe(channel, server.server.authorizeChannel(raw.socketId, channel, member));
  return raw;
}

describe("client events", () => {
  it("reach the others by the official library, with the sender's user id on a presence channel", async () => {
    const sender = await test.connectedClient(presenceAuthorization(test.server, "ann"));
    const receiver = await test.connectedClient(presenceAuthorization(test.server, "bob"));
    const [from, to] = [sender, receiver].map((client) => client.subscribe("presence-chat"));
    if (!from || !to) throw new Error("no channel");
    await Promise.all([from, to].map((channel) => happened(channel, "pusher:subscription_succeeded")));
    const heard = new Promise((resolve) => {
      to.bind("client-typing", (data: unknown, metadata: unknown) => resolve([data, metadata]));
    });
    from.trigger("client-typing", { on: true });
    expect(await heard).toEqual([{ on: true }, { user_id: "ann" }]);
  });

  it("go to everyone but the sender, as text inside the frame, and without user id on a private channel", async () => {
    const [a, b] = [await subscribed("private-line"), await subscribed("private-line")];
    for (const [sent, arrives] of [
      [{ x: 1 }, '{"x":1}'],
      ["plain", "plain"],
      [null, "null"],
      [undefined, undefined],
    ] as const) {
      a.send("client-e", sent, "private-line");
      const frame = await b.next("client-e");
      expect(frame.rawData).toBe(arrives);
      expect(frame).not.toHaveProperty("user_id");
    }
    expect(await a.settled()).toEqual([]);
  });

  it.each([
    ["a public channel", "open", "client-e", {}],
    ["an encrypted channel", "private-encrypted-x", "client-e", {}],
    ["a name over 200 characters", "private-x", `client-${"e".repeat(200)}`, {}],
    ["data over 10,240 bytes, which are fewer characters", "private-x", "client-e", "한".repeat(3_414)],
  ])("are refused with 4301 for %s", async (_what, channel, event, data) => {
    const [a, b] = [await subscribed(channel), await subscribed(channel)];
    a.send(event, data, channel);
    expect((await a.error()).code).toBe(4301);
    expect(await b.settled()).toEqual([]);
  });

  it("are refused with 4301 from who has not subscribed", async () => {
    const b = await subscribed("private-theirs");
    const a = await test.connected();
    a.send("client-e", {}, "private-theirs");
    expect((await a.error()).code).toBe(4301);
    expect(await b.settled()).toEqual([]);
  });

  it("carry exactly 10,240 bytes", async () => {
    const [a, b] = [await subscribed("private-fits"), await subscribed("private-fits")];
    a.send("client-e", "x".repeat(10_240), "private-fits");
    expect((await b.next("client-e")).rawData).toHaveLength(10_240);
  });

  it("are limited to ten a second for each connection on its own", async () => {
    const [a, b, c] = [await subscribed("private-fast"), await subscribed("private-fast"), await subscribed("private-fast")];
    for (let n = 0; n < 12; n++) a.send("client-e", n, "private-fast");
    for (let n = 0; n < 2; n++) expect((await a.error()).code).toBe(4301);
    c.send("client-c", {}, "private-fast");
    await b.next("client-c");
    expect((await b.settled()).map((frame) => frame.data)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("are refused with 4301 when the application has them switched off", async () => {
    const off = await startTestServer({ clientEvents: false });
    const a = await subscribed("private-x", undefined, off);
    a.send("client-e", {}, "private-x");
    expect((await a.error()).code).toBe(4301);
    await off.close();
  });
});

describe("subscription counts", () => {
  it("are told to everyone on a channel when they change, not on presence channels, and only if switched on", async () => {
    const on = await startTestServer({ subscriptionCount: true });
    const client = await on.connectedClient();
    const channel = client.subscribe("crowd");
    expect(await happened(channel, "pusher:subscription_count")).toEqual({ subscription_count: 1 });
    const second = await on.connected();
    const grown = happened(channel, "pusher:subscription_count");
    await second.subscribe("crowd");
    expect(await grown).toEqual({ subscription_count: 2 });
    expect((await second.next("pusher_internal:subscription_count")).data).toEqual({ subscription_count: 2 });
    await second.subscribe("presence-crowd", on.server.authorizeChannel(second.socketId, "presence-crowd", { user_id: "1" }));
    expect(await second.settled()).toEqual([]);
    await on.close();

    const quiet = await test.connected();
    await quiet.subscribe("crowd");
    expect(await quiet.settled()).toEqual([]);
  });

  it("are told to a large channel once per interval, with the latest figure", async () => {
    const on = await startTestServer({
      subscriptionCount: true,
      limits: { subscriptionCountUnthrottled: 2, subscriptionCountIntervalMs: 100 },
    });
    const clients: RawClient[] = [];
    for (let n = 0; n < 6; n++) {
      const raw = await on.connected();
      await raw.subscribe("large");
      clients.push(raw);
    }
    const told: unknown[] = [];
    const counts = clients[0];
    while (counts && told.at(-1) !== 6) {
      const { data } = await counts.next("pusher_internal:subscription_count");
      told.push((data as { subscription_count: number }).subscription_count);
    }
    expect(told).toEqual([1, 2, 6]);
    await on.close();
  });
});

it("the application's key is all that a client needs to know of it", () => {
  expect(JSON.stringify(test.client().options)).not.toContain(app.secret);
});
