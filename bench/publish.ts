// From the answer to a booking until the invited colleague's browser hears of it, beside a bare publish to the same browser.
import Pusher from "pusher";
import PusherClient from "pusher-js";
import { closeDatabase } from "@/lib/platform/db/client";
import { memberChannel } from "@/lib/platform/realtime";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed, signedInCookie } from "./measuring/people";
import { openConnection } from "./measuring/requests";
import { ms, printTable, times } from "./measuring/table";

const publishes = 50;
const warmUp = 5;
const patienceMs = 30_000;
const betweenMs = 200;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const invited = await memberNamed("minjun");
const cookie = await signedInCookie(invited);
const { host, port, appId, key, secret } = instance.pusher;

const browser = new PusherClient(key, {
  cluster: "local",
  wsHost: host,
  wsPort: port,
  forceTLS: false,
  enabledTransports: ["ws"],
  enableStats: false,
  channelAuthorization: {
    endpoint: `${instance.origin}/api/realtime/auth`,
    transport: "ajax",
    customHandler: (params, callback) => void authorize(params).then((auth) => callback(null, auth), (error: Error) => callback(error, null)),
  },
});
const channel = browser.subscribe(memberChannel(invited.id));
await new Promise<void>((subscribed, refused) => {
  channel.bind("pusher:subscription_succeeded", () => subscribed());
  channel.bind("pusher:subscription_error", (error: unknown) => refused(new Error(`subscription refused: ${JSON.stringify(error)}`)));
});

/** What the page does: the session cookie proves who wants to hear the channel. */
async function authorize({ socketId, channelName }: { socketId: string; channelName: string }): Promise<{ auth: string }> {
  const response = await fetch(`${instance.origin}/api/realtime/auth`, {
    method: "POST",
    headers: { cookie, origin: new URL(instance.app.url).origin },
    body: new URLSearchParams({ socket_id: socketId, channel_name: channelName }),
  });
  if (!response.ok) throw new Error(`authorization answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { auth: string };
}

/** Milliseconds from when `cause` says that it is done until the browser hears `event`. */
async function heard(event: string, cause: () => Promise<number>): Promise<number> {
  let stop = () => {};
  const arrival = new Promise<number>((arrived, late) => {
    const timer = setTimeout(() => late(new Error(`${event} was not heard within ${patienceMs} ms`)), patienceMs);
    const hear = () => arrived(performance.now());
    channel.bind(event, hear);
    stop = () => {
      clearTimeout(timer);
      channel.unbind(event, hear);
    };
  });
  try {
    const [since, at] = await Promise.all([cause(), arrival]);
    return at - since;
  } finally {
    stop();
  }
}

async function each(measure: () => Promise<number>): Promise<number[]> {
  const latencies: number[] = [];
  for (let number = -warmUp; number < publishes; number += 1) {
    // The mails of one booking would hold up the badge of the next.
    await untilQuiet(sql, betweenMs);
    const latency = await measure();
    if (number >= 0) latencies.push(latency);
  }
  return latencies;
}

await untilQuiet(sql);
const pusher = new Pusher({ appId, key, secret, host, port: String(port), useTLS: false });
const bare = distribution(
  await each(() =>
    heard("bench.published", async () => {
      const since = performance.now();
      await pusher.trigger(memberChannel(invited.id), "bench.published", { number: 1 });
      return since;
    }),
  ),
);

const connection = openConnection(instance.origin);
const headers = jsonWith(instance.demo.apiToken);
const answering: number[] = [];
const booking = distribution(
  await each(() =>
    heard("inbox.changed", async () => {
      const answer = await connection.ask("/api/meetings", { method: "POST", headers, body: bookingBody() });
      if (answer.status !== 201) throw new Error(`booking answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      answering.push(answer.ms);
      return performance.now();
    }),
  ),
);
const whole = distribution(answering.slice(warmUp));

printTable(
  `Publish to browser: ${publishes} bookings, one at a time`,
  ["", "p50", "p90", "p99", "max"],
  [
    ["201 to inbox.changed in the browser", ...figures(booking)],
    ["bare publish to the same browser", ...figures(bare)],
    ["ratio", times(booking.p50, bare.p50), times(booking.p90, bare.p90), times(booking.p99, bare.p99), times(booking.max, bare.max)],
    ["(request to 201, before it)", ...figures(whole)],
  ],
);

function figures({ p50, p90, p99, max }: ReturnType<typeof distribution>): string[] {
  return [p50, p90, p99, max].map(ms);
}

connection.close();
browser.disconnect();
await untilQuiet(sql);
await sql.end();
await closeDatabase();
