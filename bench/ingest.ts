// How many webhooks are taken in (verified, deduplicated, stored with the event that wakes their reader, committed), beside a bare Next
// handler with one INSERT and beside single-row INSERTs without anything around them; and how long a burst takes until all is told.
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { closeDatabase } from "@/lib/platform/db/client";
import { receive } from "@/lib/integrations/ingest/commands";
import { changelog, issueWebhook, makeConnection, signedBy } from "@/lib/integrations/ingest/testing";
import { discardUnsent, openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { startFloor } from "./measuring/floor-next";
import { startHttpFloor } from "./measuring/floor-http-process";
import { withEngineHeld } from "./measuring/held-engine";
import { actAsInstance, readInstance } from "./measuring/instance";
import { load, type Load } from "./measuring/load";
import { memberNamed } from "./measuring/people";
import { openConnection } from "./measuring/requests";
import { callers } from "./measuring/callers";
import { ms, perSecond, printTable, seconds, share, times, whole } from "./measuring/table";

const levels = [10, 50, 200];
const loadSeconds = 5;
const sequential = 200;
const warmUp = 50;
const burst = 10_000;
const secret = "a-secret-of-the-measure";

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const ada = await memberNamed("ada");
const connection = await makeConnection(ada, { name: "Bench", secrets: [{ secret }] });
const [nextFloor, httpFloor] = [await startFloor(instance.postgres.url), await startHttpFloor(instance.postgres.url)];

/** As large as Jira's own for an issue of an ordinary project. */
const payload = issueWebhook("updated", { id: "10042", updated: "2026-11-21T09:00:00.000+0000" }, { ...changelog("1"), description: "x".repeat(5_000) });
const { headers, body } = signedBy(secret, payload);
const text = body.toString("utf8");
/** Each delivery has an id of its own, or it would be a repetition. */
const delivery = () => ({ ...headers, "x-atlassian-webhook-identifier": randomUUID() });

const ways = {
  app: { origin: instance.origin, path: `/webhook/jira/${connection}`, status: 200 },
  next: { origin: nextFloor.origin, path: "/api/insert", status: 201 },
  http: { origin: httpFloor.origin, path: "/", status: 201 },
};
type Way = (typeof ways)[keyof typeof ways];

async function overHttp({ origin, path, status }: Way) {
  const one = openConnection(origin);
  const latencies: number[] = [];
  for (let number = -warmUp; number < sequential; number += 1) {
    const answer = await one.ask(path, { method: "POST", headers: delivery(), body: text });
    if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    if (number >= 0) latencies.push(answer.ms);
  }
  one.close();
  const crowds: Load[] = [];
  for (const connections of levels) crowds.push(await load({ url: `${origin}${path}`, headers: [headers], body: text, fresh: delivery }, connections, loadSeconds));
  return { one: distribution(latencies), crowds };
}

const pool = postgres(instance.postgres.url, { max: 20 });
const insertOnly = () => pool`insert into bench.bookings (body) values (${text}::jsonb)`;
const command = () => receive("jira", connection, { headers: delivery(), body });

await untilQuiet(sql);
const http = await overHttp(ways.http);
const next = await overHttp(ways.next);
const bare: Load[] = [];
for (const count of levels) bare.push(await callers(insertOnly, count, loadSeconds));
const { app, within } = await withEngineHeld(instance, async () => {
  const measured = { app: await overHttp(ways.app), within: [] as Load[] };
  for (const count of levels) measured.within.push(await callers(command, count, loadSeconds));
  await discardUnsent(sql);
  return measured;
});
const stored = await countOf(connection);

const at = (all: Load[], index: number) => all[index] ?? { perSecond: NaN, p50: NaN, p99: NaN, failed: 0 };
printTable(
  "Ingest: one signed webhook of 6 kB, verified, deduplicated, stored, its event in the outbox, committed",
  ["", "Moim", "bare Next", "ratio", "node:http", "ratio"],
  [
    ["one at a time, p50", ms(app.one.p50), ms(next.one.p50), times(app.one.p50, next.one.p50), ms(http.one.p50), times(app.one.p50, http.one.p50)],
    ["one at a time, p99", ms(app.one.p99), ms(next.one.p99), times(app.one.p99, next.one.p99), ms(http.one.p99), times(app.one.p99, http.one.p99)],
    ...levels.flatMap((connections, index) => {
      const [ours, theirs, node] = [at(app.crowds, index), at(next.crowds, index), at(http.crowds, index)];
      return [
        [`${connections} connections`, perSecond(ours.perSecond), perSecond(theirs.perSecond), share(ours.perSecond, theirs.perSecond), perSecond(node.perSecond), share(ours.perSecond, node.perSecond)],
        [`${connections} connections, p99`, ms(ours.p99), ms(theirs.p99), times(ours.p99, theirs.p99), ms(node.p99), times(ours.p99, node.p99)],
      ];
    }),
  ],
  [`${whole(stored)} webhooks were stored. ${whole([...app.crowds, ...within].reduce((sum, { failed }) => sum + failed, 0))} requests failed.`],
);
printTable(
  "The same without HTTP, beside single-row INSERTs of the same size over the same 20 connections (as pgbench would)",
  ["", "receive()", "INSERT", "reached"],
  levels.map((count, index) => [`${count} callers`, perSecond(at(within, index).perSecond), perSecond(at(bare, index).perSecond), share(at(within, index).perSecond, at(bare, index).perSecond)]),
);

await forget(connection);
await untilQuiet(sql);
const crowd = await makeConnection(ada, { name: "Burst", secrets: [{ secret }] });
const startedAt = performance.now();
const issueOf = (index: number) => issueWebhook("updated", { id: String(index % 500), updated: new Date(Date.UTC(2026, 10, 21, 9, 0, 0, index)).toISOString() }, changelog(String(index)));
let sent = 0;
await callers(() => receive("jira", crowd, { ...signedBy(secret, issueOf((sent += 1))) }), 50, Infinity, burst);
const storedMs = performance.now() - startedAt;
await untilQuiet(sql);
while ((await waitingAt(crowd)) > 0) await new Promise((done) => setTimeout(done, 100));
const toldMs = performance.now() - startedAt;
printTable(
  `A burst of ${whole(burst)} webhooks about 500 issues`,
  ["", "took", "rate"],
  [
    ["until all are stored", seconds(storedMs), perSecond((burst / storedMs) * 1000)],
    ["until all are read, dispatched and told", seconds(toldMs), perSecond((burst / toldMs) * 1000)],
  ],
  [`${await runsOf()} runs of read-webhooks.`],
);
await forget(crowd);

async function countOf(connectionId: string): Promise<number> {
  return inSystem(async (tx) => Number((await tx<{ count: string }[]>`select count(*) from inbound_webhooks where connection_id = ${connectionId}`)[0]?.count ?? 0));
}

async function waitingAt(connectionId: string): Promise<number> {
  return inSystem(async (tx) => Number((await tx<{ count: string }[]>`select count(*) from inbound_webhooks where connection_id = ${connectionId} and told_at is null`)[0]?.count ?? 0));
}

async function runsOf(): Promise<number> {
  const answer = (await (await fetch(`${instance.inngest.url}/api/runs?function=moim-read-webhooks&limit=500`)).json()) as { runs: unknown[] };
  return answer.runs.length;
}

async function forget(connectionId: string): Promise<void> {
  await inSystem((tx) => tx`delete from plugin_connections where id = ${connectionId}`);
}

async function inSystem<T>(work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  const result = await sql.begin(async (tx) => {
    await tx`select set_config('app.scope', 'system', true)`;
    return [await work(tx)] as const;
  });
  return result[0];
}

await pool.end();
await nextFloor.stop();
httpFloor.stop();
await sql.end();
await closeDatabase();
