import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import Pusher from "pusher";
import { afterEach, describe, expect, it } from "vitest";
import type { WebhookSettings } from "./settings";
import { app, eventually, startTestServer, type RawClient, type TestServer } from "./testing";

interface Delivery {
  headers: IncomingHttpHeaders;
  rawBody: string;
}

/** The application's endpoint: keeps what it is sent and answers as it is told. */
async function receiver(answers: (number | "drop")[] = []) {
  const attempts: Delivery[] = [];
  const accepted: Delivery[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const delivery = { headers: request.headers, rawBody: String(Buffer.concat(chunks)) };
      attempts.push(delivery);
      const answer = answers.shift() ?? 200;
      if (answer === "drop") return void request.socket.destroy();
      if (answer < 300) accepted.push(delivery);
      response.writeHead(answer, answer === 302 ? { Location: "/elsewhere" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const library = new Pusher({ appId: app.id, key: app.key, secret: app.secret, cluster: "local" });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    attempts,
    /** All events accepted so far, each checked by the official library. */
    events: () =>
      accepted.flatMap((delivery) => {
        const webhook = library.webhook(delivery);
        if (!webhook.isValid()) throw new Error(`invalid webhook: ${JSON.stringify(delivery)}`);
        return webhook.getEvents();
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

type Receiver = Awaited<ReturnType<typeof receiver>>;

let hooks: Receiver;
let test: TestServer;
afterEach(async () => {
  await test.close();
  hooks.close();
});

async function start(settings: Partial<WebhookSettings> = {}, answers?: (number | "drop")[], subscriptionCount = false) {
  hooks = await receiver(answers);
  const webhook = { url: hooks.url, holdMs: 20, retryBaseMs: 5, ...settings };
  test = await startTestServer({ webhook, subscriptionCount });
}

const join = (raw: RawClient, channel: string, user_id: string) =>
  raw.subscribe(channel, test.server.authorizeChannel(raw.socketId, channel, { user_id }));

describe("webhooks", () => {
  it("tell of every kind of event, signed, as JSON, with the time", async () => {
    await start({}, [], true);
    const [a, b] = [await test.connected(), await test.connected()];
    await join(a, "presence-cache-room", "ann");
    await join(b, "presence-cache-room", "bob");
    a.send("client-hi", { x: 1 }, "presence-cache-room");
    await b.next("client-hi");
    b.socket.close();
    await b.closed;
    await a.subscribe("open");
    await eventually(() => expect(hooks.events().map((event) => event.name)).toContain("member_removed"));
    a.socket.close();
    await eventually(() => expect(hooks.events()).toHaveLength(13));

    const channel = "presence-cache-room";
    const expected = [
      { name: "channel_occupied", channel },
      { name: "member_added", channel, user_id: "ann" },
      { name: "member_added", channel, user_id: "bob" },
      { name: "cache_miss", channel },
      { name: "client_event", channel, event: "client-hi", data: '{"x":1}', socket_id: a.socketId, user_id: "ann" },
      { name: "member_removed", channel, user_id: "bob" },
      { name: "channel_occupied", channel: "open" },
      { name: "subscription_count", channel: "open", subscription_count: 1 },
      { name: "subscription_count", channel: "open", subscription_count: 0 },
      { name: "member_removed", channel, user_id: "ann" },
      { name: "channel_vacated", channel },
      { name: "channel_vacated", channel: "open" },
    ];
    for (const event of expected) expect(hooks.events()).toContainEqual(event);
    const [first] = hooks.attempts;
    expect(first?.headers["content-type"]).toBe("application/json");
    expect(first?.headers["x-pusher-key"]).toBe(app.key);
    expect(Math.abs(Date.now() - Number((JSON.parse(first?.rawBody ?? "") as { time_ms: number }).time_ms))).toBeLessThan(60_000);
  });

  it("say nothing of a channel and a member that come back at once", async () => {
    await start({ holdMs: 200 });
    const raw = await test.connected();
    await join(raw, "presence-reload", "ann");
    await eventually(() => expect(hooks.events()).toHaveLength(2));
    raw.socket.close();
    await raw.closed;
    const again = await test.connected();
    await join(again, "presence-reload", "ann");
    await again.subscribe("after");
    await eventually(() => expect(hooks.events().at(-1)).toEqual({ name: "channel_occupied", channel: "after" }));
    again.socket.close();
    await eventually(() => expect(hooks.events().map(({ name, channel }) => `${name} ${channel}`).slice(3)).toEqual([
      "member_removed presence-reload",
      "channel_vacated presence-reload",
      "channel_vacated after",
    ]));
  });

  it("are tried again, in order and with the same body, until they are accepted", async () => {
    await start({}, [500, "drop", 404, 302]);
    const raw = await test.connected();
    await raw.subscribe("one");
    await raw.subscribe("two");
    await eventually(() => expect(hooks.events().map((event) => event.channel)).toEqual(["one", "two"]));
    expect(new Set(hooks.attempts.slice(0, 5).map((attempt) => attempt.rawBody)).size).toBe(1);
    expect(hooks.attempts.length).toBeGreaterThanOrEqual(5);
  });

  it("are given up after a while, so that later ones arrive", async () => {
    await start({ retryForMs: 0 }, [500]);
    const raw = await test.connected();
    await raw.subscribe("lost");
    await eventually(() => expect(hooks.attempts).toHaveLength(1));
    await raw.subscribe("found");
    await eventually(() => expect(hooks.events().map((event) => event.channel)).toEqual(["found"]));
  });

  it("that wait at shutdown get one last attempt, and the shutdown's own departures are not told", async () => {
    await start({ retryBaseMs: 60_000 }, [500]);
    const raw = await test.connected();
    await raw.subscribe("one");
    await eventually(() => expect(hooks.attempts).toHaveLength(1));
    await raw.subscribe("two");
    await test.engine.close();
    expect(hooks.events().map(({ name, channel }) => `${name} ${channel}`)).toEqual([
      "channel_occupied one",
      "channel_occupied two",
    ]);
  });

  it("do not hold up clients while nobody answers", async () => {
    await start({ requestTimeoutMs: 50, queuedEvents: 3 }, Array.from({ length: 1000 }, () => "drop" as const));
    const raw = await test.connected();
    for (let n = 0; n < 20; n++) await raw.subscribe(`c${n}`);
    await test.server.trigger("c0", "e", "x");
    await raw.next("e");
  });
});
