// How long it takes to book a meeting, how many can be booked, and how many can be booked and told to everyone, beside one INSERT
// into the same database.
import { closeDatabase } from "@/lib/platform/db/client";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { discardUnsent, openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { startFloor } from "./measuring/floor-next";
import { startHttpFloor } from "./measuring/floor-http-process";
import { withEngineHeld } from "./measuring/held-engine";
import { actAsInstance, readInstance } from "./measuring/instance";
import { load, type Load, type LoadTarget } from "./measuring/load";
import { apiTokenOf, memberNamed } from "./measuring/people";
import { oneByOne } from "./measuring/requests";
import { ms, perSecond, printTable, share, times } from "./measuring/table";

const sequential = 200;
const warmUp = 50;
const loadSeconds = 5;
const toldToEveryone = 100;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const [nextFloor, httpFloor] = [await startFloor(instance.postgres.url), await startHttpFloor(instance.postgres.url)];

const body = bookingBody();
const json = [{ "content-type": "application/json" }];
const organizers = await Promise.all((["ada", "minjun", "camille", "seoyeon", "hugo", "nora"] as const).map(memberNamed));
const tokens = await Promise.all(organizers.map(apiTokenOf));
const ways = {
  app: { origin: instance.origin, path: "/api/meetings", headers: [jsonWith(instance.demo.apiToken)] },
  next: { origin: nextFloor.origin, path: "/api/insert", headers: json },
  http: { origin: httpFloor.origin, path: "/", headers: json },
};
type Way = (typeof ways)[keyof typeof ways];

await untilQuiet(sql);
const http = await measure(ways.http);
const next = await measure(ways.next);
const { app, crowd } = await withEngineHeld(instance, async () => {
  const measured = { app: await measure(ways.app), crowd: await load({ ...targetOf(ways.app), headers: tokens.map(jsonWith) }, 50, loadSeconds) };
  await discardUnsent(sql);
  return measured;
});
await untilQuiet(sql);
const startedAt = performance.now();
const busy = distribution(await latencies(ways.app, toldToEveryone, 0));
const bookedAt = performance.now();
const sustained = (toldToEveryone / (bookedAt - startedAt + (await untilQuiet(sql)))) * 1000;

async function measure(way: Way) {
  const one = distribution(await latencies(way, sequential, warmUp));
  return { one, ten: await load(targetOf(way), 10, loadSeconds), fifty: await load(targetOf(way), 50, loadSeconds) };
}

function latencies({ origin, path, headers: [headers] }: Way, count: number, before: number): Promise<number[]> {
  return oneByOne(origin, path, { method: "POST", headers, body }, 201, count, before);
}

function targetOf({ origin, path, headers }: Way): LoadTarget {
  return { url: `${origin}${path}`, headers, body };
}

const latencyRow = (title: string, figure: number, pick: (measured: typeof app) => number) => [
  title,
  ms(figure),
  ms(pick(next)),
  times(figure, pick(next)),
  ms(pick(http)),
  times(figure, pick(http)),
];
const rateRow = (title: string, figure: number, pick: (measured: typeof app) => Load) => [
  title,
  perSecond(figure),
  perSecond(pick(next).perSecond),
  share(figure, pick(next).perSecond),
  perSecond(pick(http).perSecond),
  share(figure, pick(http).perSecond),
];
const failed = app.ten.failed + app.fifty.failed + crowd.failed;

printTable(
  "Booking: POST /api/meetings with three attendees, beside a handler with one INSERT",
  ["", "Moim", "bare Next", "ratio", "node:http", "ratio"],
  [
    latencyRow("one at a time, p50", app.one.p50, ({ one }) => one.p50),
    latencyRow("one at a time, p99", app.one.p99, ({ one }) => one.p99),
    rateRow("10 connections", app.ten.perSecond, ({ ten }) => ten),
    latencyRow("10 connections, p99", app.ten.p99, ({ ten }) => ten.p99),
    rateRow("50 connections", app.fifty.perSecond, ({ fifty }) => fifty),
    latencyRow("50 connections, p99", app.fifty.p99, ({ fifty }) => fifty.p99),
    rateRow("50 connections, six organizers", crowd.perSecond, ({ fifty }) => fifty),
    latencyRow("while invitations go out, p50", busy.p50, ({ one }) => one.p50),
    latencyRow("while invitations go out, p99", busy.p99, ({ one }) => one.p99),
    rateRow("booked and told to everyone", sustained, ({ ten }) => ten),
  ],
  [
    "Until the last three rows the job engine stands still, so that the booking alone is measured.",
    ...(failed ? [`${failed} requests failed.`] : []),
  ],
);

httpFloor.stop();
await nextFloor.stop();
await sql.end();
await closeDatabase();
