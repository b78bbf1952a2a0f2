// From the answer to a booking until each of 1,000 tabs has heard of it, beside a bare publish to the same 1,000.
import Pusher from "pusher";
import { closeDatabase } from "@/lib/platform/db/client";
import { memberChannel } from "@/lib/platform/realtime";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { gatherCrowd } from "./measuring/crowd";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed } from "./measuring/people";
import { openConnection } from "./measuring/requests";
import { ms, printTable, times } from "./measuring/table";

const clients = 1_000;
const publishes = 20;
const patienceMs = 30_000;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const invited = await memberNamed("minjun");
const { host, port, appId, key, secret } = instance.pusher;
const crowd = await gatherCrowd(instance.pusher, memberChannel(invited.id), clients);
const pusher = new Pusher({ appId, key, secret, host, port: String(port), useTLS: false });
const connection = openConnection(instance.origin);
const headers = jsonWith(instance.demo.apiToken);

/** Milliseconds from when `cause` says that it is done until each client heard `event`. */
async function latencies(event: string, cause: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let number = -1; number < publishes; number += 1) {
    await untilQuiet(sql);
    const [heard, since] = await Promise.all([crowd.nextHeard(event, patienceMs), cause()]);
    if (number >= 0) all.push(...heard.map((at) => at - since));
  }
  return all;
}

const bare = distribution(
  await latencies("bench.published", async () => {
    const since = performance.now();
    await pusher.trigger(memberChannel(invited.id), "bench.published", { number: 1 });
    return since;
  }),
);
const booking = distribution(
  await latencies("inbox.changed", async () => {
    const answer = await connection.ask("/api/meetings", { method: "POST", headers, body: bookingBody() });
    if (answer.status !== 201) throw new Error(`booking answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    return performance.now();
  }),
);

const figures = ({ p50, p90, p99, max }: ReturnType<typeof distribution>) => [p50, p90, p99, max].map(ms);
printTable(
  `Publish to ${clients.toLocaleString("en")} browsers: ${publishes} bookings, each heard by all`,
  ["", "p50", "p90", "p99", "max"],
  [
    ["201 to inbox.changed in each client", ...figures(booking)],
    ["bare publish to the same clients", ...figures(bare)],
    ["ratio", times(booking.p50, bare.p50), times(booking.p90, bare.p90), times(booking.p99, bare.p99), times(booking.max, bare.max)],
  ],
);

connection.close();
crowd.close();
await untilQuiet(sql);
await sql.end();
await closeDatabase();
