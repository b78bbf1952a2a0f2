// How long it takes to book a meeting, and how many can be booked, beside one INSERT into the same database.
import { closeDatabase } from "@/lib/platform/db/client";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { startFloor } from "./measuring/floor-next";
import { startHttpFloor } from "./measuring/floor-http-process";
import { actAsInstance, readInstance } from "./measuring/instance";
import { load, type Load, type LoadTarget } from "./measuring/load";
import { apiTokenOf, memberNamed } from "./measuring/people";
import { oneByOne } from "./measuring/requests";
import { ms, perSecond, printTable, seconds, share, times, whole } from "./measuring/table";

const sequential = 200;
const warmUp = 50;
const loadSeconds = 5;

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

const latencyOf = async ({ origin, path, headers: [headers] }: Way) =>
  distribution(await oneByOne(origin, path, { method: "POST", headers, body }, 201, sequential, warmUp));
const targetOf = ({ origin, path, headers }: Way): LoadTarget => ({ url: `${origin}${path}`, headers, body });

// The floors go first: afterwards the app is busy for a while with what its bookings set going.
const http = await measure(ways.http);
const next = await measure(ways.next);
await untilQuiet(sql);
const app = await measure(ways.app);
const crowd = await load({ ...targetOf(ways.app), headers: tokens.map(jsonWith) }, 50, loadSeconds);
const aftermathMs = await untilQuiet(sql);

async function measure(way: Way): Promise<{ one: ReturnType<typeof distribution>; ten: Load; fifty: Load }> {
  const one = await latencyOf(way);
  return { one, ten: await load(targetOf(way), 10, loadSeconds), fifty: await load(targetOf(way), 50, loadSeconds) };
}

const latencyRow = (title: string, pick: (measured: typeof app) => number) => [
  title,
  ms(pick(app)),
  ms(pick(next)),
  times(pick(app), pick(next)),
  ms(pick(http)),
  times(pick(app), pick(http)),
];
const loadRow = (title: string, figure: Load, floorNext: Load, floorHttp: Load) => [
  title,
  perSecond(figure.perSecond),
  perSecond(floorNext.perSecond),
  share(figure.perSecond, floorNext.perSecond),
  perSecond(floorHttp.perSecond),
  share(figure.perSecond, floorHttp.perSecond),
];
const failed = app.ten.failed + app.fifty.failed + crowd.failed;
const booked = Math.round(loadSeconds * (app.ten.perSecond + app.fifty.perSecond + crowd.perSecond)) + sequential + warmUp;

printTable(
  "Booking: POST /api/meetings with three attendees, beside a handler with one INSERT",
  ["", "Moim", "bare Next", "ratio", "node:http", "ratio"],
  [
    latencyRow("one at a time, p50", ({ one }) => one.p50),
    latencyRow("one at a time, p99", ({ one }) => one.p99),
    loadRow("10 connections", app.ten, next.ten, http.ten),
    latencyRow("  p99", ({ ten }) => ten.p99),
    loadRow("50 connections", app.fifty, next.fifty, http.fifty),
    latencyRow("  p99", ({ fifty }) => fifty.p99),
    loadRow("50 connections, six organizers", crowd, next.fifty, http.fifty),
  ],
  [
    `${whole(booked)} meetings were booked${failed ? `, ${failed} requests failed` : ", no request failed"}.`,
    `The app sends their invitations meanwhile, in the same process; it was done ${seconds(aftermathMs)} after the last booking.`,
  ],
);

httpFloor.stop();
await nextFloor.stop();
await sql.end();
await closeDatabase();
