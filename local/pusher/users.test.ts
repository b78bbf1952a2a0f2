import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type Pusher from "pusher";
import type { Members } from "pusher-js";
import { happened, startTestServer, state, userAuthentication, type RawClient, type TestServer } from "./testing";

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

async function signedIn(user: Pusher.UserChannelData): Promise<RawClient> {
  const raw = await test.connected();
  raw.send("pusher:signin", test.server.authenticateUser(raw.socketId, user));
  await raw.next("pusher:signin_success");
  return raw;
}

describe("signing in, by the official libraries", () => {
  it("lets the application reach all connections of a user, and nobody else", async () => {
    const [one, two, other] = await Promise.all([
      test.connectedClient(userAuthentication(test.server, { id: "mbr_1", name: "Ann" })),
      test.connectedClient(userAuthentication(test.server, { id: "mbr_1", name: "Ann" })),
      test.connectedClient(userAuthentication(test.server, { id: "mbr_2" })),
    ]);
    const ready = [one, two, other].map((client) => signedInBy(client));
    for (const client of [one, two, other]) client.signin();
    await Promise.all(ready);
    expect(one.user.user_data).toEqual({ id: "mbr_1", name: "Ann" });

    const strays: unknown[] = [];
    other.user.bind("hello", (data: unknown) => strays.push(data));
    const heard = [one, two].map((client) => happened(client.user, "hello"));
    await test.server.sendToUser("mbr_1", "hello", { n: 1 });
    expect(await Promise.all(heard)).toEqual([{ n: 1 }, { n: 1 }]);
    const bye = happened(other.user, "bye");
    await test.server.sendToUser("mbr_2", "bye", {});
    await bye;
    expect(strays).toEqual([]);
  });

  it("ends a user's connections with 4009 on request, and pusher-js stays away", async () => {
    const client = await test.connectedClient(userAuthentication(test.server, { id: "a b/ü" }));
    const ready = signedInBy(client);
    client.signin();
    await ready;
    const [mine, theirs] = [await signedIn({ id: "a b/ü" }), await signedIn({ id: "someone" })];
    await test.server.terminateUserConnections("a b/ü");
    expect((await mine.closed).code).toBe(4009);
    await state(client, "disconnected");
    await theirs.settled();
    await test.server.terminateUserConnections("nobody");
  });

  it("brings a presence channel's member without channel_data", async () => {
    const user = { id: "mbr_9", user_info: { name: "Nine" } };
    const client = await test.connectedClient(userAuthentication(test.server, user));
    client.signin();
    const members = await happened<Members>(client.subscribe("presence-signed"), "pusher:subscription_succeeded");
    expect(members.me).toEqual({ id: "mbr_9", info: { name: "Nine" } });
  });

  it("tells who of the watch list comes online and goes offline", async () => {
    const client = await test.connectedClient(
      userAuthentication(test.server, { id: "watcher", watchlist: ["friend", "stranger"] }),
    );
    const atFirst = happened(client.user.watchlist, "offline");
    client.signin();
    expect(await atFirst).toEqual({ name: "offline", user_ids: ["friend", "stranger"] });

    const comes = happened(client.user.watchlist, "online");
    const [tab, secondTab] = [await signedIn({ id: "friend" }), await signedIn({ id: "friend" })];
    expect(await comes).toEqual({ name: "online", user_ids: ["friend"] });

    const goes = happened(client.user.watchlist, "offline");
    tab.socket.close();
    await tab.closed;
    secondTab.socket.close();
    expect(await goes).toEqual({ name: "offline", user_ids: ["friend"] });
  });
});

describe("signing in by hand", () => {
  it("answers with the user_data as it came and the state of the watch list", async () => {
    await signedIn({ id: "here" });
    const raw = await test.connected();
    const request = test.server.authenticateUser(raw.socketId, { id: "me", watchlist: ["here", "gone", "here"] });
    raw.send("pusher:signin", request);
    expect((await raw.next("pusher:signin_success")).data).toEqual({ user_data: request.user_data });
    expect((await raw.next("pusher_internal:watchlist_events")).data).toEqual({
      events: [
        { name: "online", user_ids: ["here"] },
        { name: "offline", user_ids: ["gone"] },
      ],
    });
  });

  it("ends the connection with 4009 for a bad signature", async () => {
    const raw = await test.connected();
    const { auth } = test.server.authenticateUser(raw.socketId, { id: "me" });
    raw.send("pusher:signin", { auth, user_data: '{"id":"somebody-else"}' });
    raw.send("pusher:subscribe", { channel: "too-late" });
    expect((await raw.closed).code).toBe(4009);
    expect(raw.frames.map((frame) => frame.event)).toEqual(["pusher:error"]);
  });

  it("refuses a watch list of 101 with 4302", async () => {
    const raw = await test.connected();
    const watchlist = Array.from({ length: 101 }, (_, n) => `u${n}`);
    raw.send("pusher:signin", test.server.authenticateUser(raw.socketId, { id: "me", watchlist }));
    expect((await raw.error()).code).toBe(4302);
    await raw.settled();
  });

  it("keeps a connection with its first user", async () => {
    const raw = await signedIn({ id: "first" });
    raw.send("pusher:signin", test.server.authenticateUser(raw.socketId, { id: "second" }));
    expect((await raw.error()).code).toBe(4009);
    raw.send("pusher:signin", test.server.authenticateUser(raw.socketId, { id: "first" }));
    await raw.next("pusher:signin_success");
  });

  it("lets only the user subscribe to the user's own line, and delivers each event once", async () => {
    const [mine, theirs] = [await signedIn({ id: "line" }), await signedIn({ id: "eve" })];
    theirs.send("pusher:subscribe", { channel: "#server-to-user-line" });
    expect((await theirs.error()).code).toBe(4009);
    await mine.subscribe("#server-to-user-line");
    await test.server.sendToUser("line", "e", "x");
    expect((await mine.settled()).map(({ event, channel }) => [event, channel])).toEqual([["e", "#server-to-user-line"]]);
    expect(await theirs.settled()).toEqual([]);
    const { channels } = (await (await test.server.get({ path: "/channels" })).json()) as { channels: object };
    expect(Object.keys(channels).filter((name) => name.startsWith("#"))).toEqual([]);
  });
});

function signedInBy(client: { connection: Parameters<typeof happened>[0] }): Promise<void> {
  return new Promise((resolve) => {
    client.connection.bind("message", (message) => {
      if ((message as { event: string }).event === "pusher:signin_success") resolve();
    });
  });
}
