// From the answer to a booking until the invited colleague's browser hears of it, beside a bare publish to the same browser.
import Pusher from "pusher";
import { closeDatabase } from "@/lib/platform/db/client";
import { memberChannel } from "@/lib/platform/realtime";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { listenTo } from "./measuring/hearing";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed, signedInCookie } from "./measuring/people";
import { openConnection } from "./measuring/requests";
import { ms, printTable, times } from "./measuring/table";

const publishes = 50;
const warmUp = 5;
const betweenMs = 200;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const invited = await memberNamed("minjun");
const cookie = await signedInCookie(invited);
const { host, port, appId, key, secret } = instance.pusher;

const ear = await listenTo(instance, cookie, memberChannel(invited.id));

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
    ear.heard("bench.published", async () => {
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
    ear.heard("inbox.changed", async () => {
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
ear.close();
await untilQuiet(sql);
await sql.end();
await closeDatabase();
