import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Members, PresenceChannel } from "pusher-js";
import { channelText, sign } from "./signature";
import { app, eventually, happened, presenceAuthorization, startTestServer, state, type TestServer } from "./testing";

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

describe("public and private channels, by the official libraries", () => {
  it("delivers a trigger to a public and to a private channel, with its data as it was", async () => {
    const client = await test.connectedClient();
    for (const name of ["news", "private-inbox-mbr_1"]) {
      const channel = client.subscribe(name);
      await happened(channel, "pusher:subscription_succeeded");
      const heard = happened(channel, "raised");
      await test.server.trigger(name, "raised", { count: 3, text: "모임 ✓ \u{1F389}" });
      expect(await heard).toEqual({ count: 3, text: "모임 ✓ \u{1F389}" });
    }
  });

  it("passes on data that is no JSON, that is empty, and that holds a lone surrogate", async () => {
    const raw = await test.connected();
    await raw.subscribe("odd");
    for (const data of ["not json {", "", "a\ud800b", "\u0000\u2028"]) {
      await test.server.trigger("odd", "e", data);
      expect((await raw.next("e")).rawData).toBe(data);
    }
  });

  it("refuses a private channel without the right signature and keeps the connection", async () => {
    const raw = await test.connected();
    const right = test.server.authorizeChannel(raw.socketId, "private-a").auth;
    const elsewhere = test.server.authorizeChannel("1.1", "private-a").auth;
    for (const auth of [undefined, "", "test-key", right.slice(0, -1), `other:${right.split(":")[1]}`, elsewhere, 5, {}]) {
      raw.send("pusher:subscribe", { channel: "private-a", auth });
      expect((await raw.error()).code).toBe(4009);
    }
    raw.send("pusher:subscribe", { channel: "private-b", auth: right });
    expect((await raw.error()).code).toBe(4009);
    await raw.subscribe("private-a", { auth: right });
  });

  it("includes channel_data in the signature of a private channel when it is sent", async () => {
    const raw = await test.connected();
    const signed = test.server.authorizeChannel(raw.socketId, "private-data", { user_id: "1" });
    raw.send("pusher:subscribe", { channel: "private-data", auth: signed.auth });
    expect((await raw.error()).code).toBe(4009);
    await raw.subscribe("private-data", signed);
  });

  it("keeps the order of events on a channel", async () => {
    const raw = await test.connected();
    await raw.subscribe("order");
    for (let n = 0; n < 50; n++) await test.server.trigger("order", "n", n);
    const seen = (await raw.settled()).filter((frame) => frame.event === "n").map((frame) => frame.data);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it("leaves out the connection whose socket id the trigger names", async () => {
    const [a, b] = [await test.connected(), await test.connected()];
    await a.subscribe("but-me");
    await b.subscribe("but-me");
    await test.server.trigger("but-me", "e", "x", { socket_id: a.socketId });
    await b.next("e");
    expect(await a.settled()).toEqual([]);
  });

  it("answers a second subscription with an error and delivers each event once", async () => {
    const raw = await test.connected();
    await raw.subscribe("twice");
    raw.send("pusher:subscribe", { channel: "twice" });
    expect((await raw.error()).code).toBeNull();
    await test.server.trigger("twice", "e", "x");
    expect((await raw.settled()).map((frame) => frame.event)).toEqual(["e"]);
  });

  it("stops delivering after unsubscribe, which may be repeated", async () => {
    const raw = await test.connected();
    await raw.subscribe("leave");
    for (let n = 0; n < 2; n++) raw.send("pusher:unsubscribe", { channel: "leave" });
    await raw.settled();
    await test.server.trigger("leave", "e", "x");
    expect(await raw.settled()).toEqual([]);
    await raw.subscribe("leave");
  });

  it("resubscribes a client that lost its connection, with a new socket id", async () => {
    const client = await test.connectedClient();
    const channel = client.subscribe("private-again");
    await happened(channel, "pusher:subscription_succeeded");
    const before = client.connection.socket_id;
    client.disconnect();
    await state(client, "disconnected");
    client.connect();
    await happened(channel, "pusher:subscription_succeeded");
    expect(client.connection.socket_id).not.toBe(before);
    const heard = happened(channel, "back");
    await test.server.trigger("private-again", "back", "yes");
    expect(await heard).toBe("yes");
  });

  it("delivers an encrypted event to those who hold the key, and never sees its text", async () => {
    const client = await test.connectedClient();
    const channel = client.subscribe("private-encrypted-plans");
    const raw = await test.connected();
    await raw.subscribe("private-encrypted-plans", test.server.authorizeChannel(raw.socketId, "private-encrypted-plans"));
    if (!channel.subscribed) await happened(channel, "pusher:subscription_succeeded");
    const heard = happened(channel, "secret");
    await test.server.trigger("private-encrypted-plans", "secret", { where: "roof" });
    expect(await heard).toEqual({ where: "roof" });
    const { rawData } = await raw.next("secret");
    expect(rawData).not.toContain("roof");
    expect(rawData).toContain("ciphertext");
  });
});

describe("presence channels", () => {
  it("shows one member for two tabs of one user, and removes them after the last", async () => {
    const watcher = await test.connectedClient(presenceAuthorization(test.server, "watcher", { name: "W" }));
    const room = watcher.subscribe("presence-room") as PresenceChannel;
    const members = await happened<Members>(room, "pusher:subscription_succeeded");
    expect(members.count).toBe(1);
    expect(members.me).toEqual({ id: "watcher", info: { name: "W" } });

    const heard: string[] = [];
    room.bind("pusher:member_added", (member: { id: string }) => heard.push(`+${member.id}`));
    room.bind("pusher:member_removed", (member: { id: string }) => heard.push(`-${member.id}`));
    const options = presenceAuthorization(test.server, "ann", { name: "Ann" });
    const [one, two] = [await test.connectedClient(options), await test.connectedClient(options)];
    for (const tab of [one, two]) await happened(tab.subscribe("presence-room"), "pusher:subscription_succeeded");
    expect(heard).toEqual(["+ann"]);
    expect(room.members.count).toBe(2);
    expect(room.members.get("ann")).toEqual({ id: "ann", info: { name: "Ann" } });

    one.disconnect();
    await eventually(async () => {
      const answer = await test.server.get({ path: "/channels/presence-room", params: { info: "subscription_count" } });
      expect(await answer.json()).toEqual({ occupied: true, subscription_count: 2 });
    });
    const removed = happened(room, "pusher:member_removed");
    two.disconnect();
    await removed;
    expect(heard).toEqual(["+ann", "-ann"]);
  });

  it("has every member in the hash, null without user_info, with ids as they were sent", async () => {
    const raw = await test.connected();
    const other = await test.connected();
    await other.subscribe("presence-ids", signedMember(other.socketId, "presence-ids", '{"user_id":7}'));
    const { rawData } = await raw.subscribe(
      "presence-ids",
      signedMember(raw.socketId, "presence-ids", '{"user_id":"__proto__","user_info":{"n":"한"}}'),
    );
    expect(rawData).toBe('{"presence":{"count":2,"ids":[7,"__proto__"],"hash":{"7":null,"__proto__":{"n":"한"}}}}');
    expect((await other.next("pusher_internal:member_added")).rawData).toBe(
      '{"user_id":"__proto__","user_info":{"n":"한"}}',
    );
    raw.send("pusher:unsubscribe", { channel: "presence-ids" });
    expect((await other.next("pusher_internal:member_removed")).rawData).toBe('{"user_id":"__proto__"}');
  });

  it.each([
    ["no channel_data", undefined],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["no user_id", '{"user_info":{}}'],
    ["an empty user_id", '{"user_id":""}'],
    ["an object as user_id", '{"user_id":{}}'],
    ["a user_id of 129 characters", JSON.stringify({ user_id: "x".repeat(129) })],
    ["a user_info over 1 kB", JSON.stringify({ user_id: "1", user_info: "x".repeat(1023) })],
  ])("refuses a member with %s", async (_what, channelData) => {
    const raw = await test.connected();
    raw.send("pusher:subscribe", {
      channel: "presence-bad",
      ...(channelData === undefined
        ? test.server.authorizeChannel(raw.socketId, "presence-bad")
        : signedMember(raw.socketId, "presence-bad", channelData)),
    });
    expect((await raw.error()).code).toBe(4009);
  });

  it("takes no more than 100 members (4100), while a second tab of a member still fits", async () => {
    const clients = await Promise.all(Array.from({ length: 101 }, () => test.connected()));
    const join = (n: number, id: string) => {
      const client = clients[n];
      if (!client) throw new Error("no such client");
      client.send("pusher:subscribe", {
        channel: "presence-full",
        ...test.server.authorizeChannel(client.socketId, "presence-full", { user_id: id }),
      });
      return client;
    };
    for (let n = 0; n < 100; n++) await join(n, `u${n}`).next("pusher_internal:subscription_succeeded");
    expect((await join(100, "one-too-many").error()).code).toBe(4100);
    await join(100, "u5").next("pusher_internal:subscription_succeeded");
  });

  it("leaves when the close frame arrives, though the peer keeps TCP open", async () => {
    const [stays, leaves] = [await test.connected(), await test.connected()];
    for (const [client, id] of [[stays, "s"], [leaves, "l"]] as const) {
      const auth = test.server.authorizeChannel(client.socketId, "presence-tcp", { user_id: id });
      await client.subscribe("presence-tcp", auth);
    }
    // A masked close frame with status 1000, written past the library, which would close TCP after it.
    const tcp = Reflect.get(leaves.socket, "_socket") as { write(bytes: Buffer): void };
    tcp.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
    leaves.socket.pause();
    expect((await stays.next("pusher_internal:member_removed")).data).toEqual({ user_id: "l" });
  });
});

describe("cache channels", () => {
  it("hands a new subscriber the last event right after the answer, or a cache miss", async () => {
    const raw = await test.connected();
    await raw.subscribe("cache-weather");
    expect((await raw.next("pusher:cache_miss")).channel).toBe("cache-weather");
    await test.server.trigger("cache-weather", "now", { sky: "grey" });
    await test.server.trigger("cache-weather", "now", { sky: "blue" });

    const late = await test.connected();
    await late.subscribe("cache-weather");
    expect((await late.settled()).map(({ event, channel, data }) => ({ event, channel, data }))).toEqual([
      { event: "now", channel: "cache-weather", data: { sky: "blue" } },
    ]);
  });

  it("remembers in all four kinds, and in no other channel", async () => {
    const raw = await test.connected();
    for (const name of ["private-cache-a", "private-encrypted-cache-a", "presence-cache-a"]) {
      await test.server.trigger(name, "kept", "x");
      await raw.subscribe(name, test.server.authorizeChannel(raw.socketId, name, { user_id: "1" }));
      expect((await raw.next("kept")).channel).toBe(name);
    }
    await test.server.trigger("cached-not", "kept", "x");
    await raw.subscribe("cached-not");
    expect(await raw.settled()).toEqual([]);
  });

  it("forgets when the time is over", async () => {
    const short = await startTestServer({ limits: { cacheMs: 30 } });
    await short.server.trigger("cache-brief", "e", "x");
    const raw = await short.connected();
    await eventually(async () => {
      raw.send("pusher:unsubscribe", { channel: "cache-brief" });
      await raw.subscribe("cache-brief");
      expect((await raw.settled()).splice(0).map((frame) => frame.event)).toEqual(["pusher:cache_miss"]);
    });
    await short.close();
  });
});

function signedMember(socketId: string, channel: string, channel_data: string): { auth: string; channel_data: string } {
  return { auth: `${app.key}:${sign(app.secret, channelText(socketId, channel, channel_data))}`, channel_data };
}
