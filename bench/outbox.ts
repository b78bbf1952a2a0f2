// How fast the outbox empties, beside a plain claim-and-mark loop on an equal table and a bare send to the same engine.
import type postgres from "postgres";
import { Inngest } from "inngest";
import { closeDatabase } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { relayOutbox, type Sender } from "@/lib/platform/outbox/relay";
import { openDatabase, untilQuiet } from "./measuring/database";
import { median } from "./measuring/distribution";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed } from "./measuring/people";
import { perSecond, printTable, seconds, share, whole } from "./measuring/table";

const events = 5_000;
const rounds = 3;
const batch = 500;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const { organizationId } = await memberNamed("ada");
await sql`drop table if exists bench.outbox`;
// Columns, defaults, keys and indexes, but no row level security.
await sql`create table bench.outbox (like outbox_events including all)`;
const engine = new Inngest({ id: "bench" });
// Only now: the client looks for its engine when it is made.
const { sendOutbox } = await import("@/inngest/send-outbox");
await untilQuiet(sql);

const plain = await drained(() => fill(sql, "bench.outbox"), plainLoop);
const relay = await drained(fillOutbox, () => relayAll(() => Promise.resolve()));
const plainSend = await drained(() => Promise.resolve(), bareSend);
const toEngine = await drained(fillOutbox, () => relayAll(sendOutbox));

/** Median of some rounds, each of which begins with a full outbox; the one before them warms up. */
async function drained(prepare: () => Promise<unknown>, drain: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    await prepare();
    const startedAt = performance.now();
    await drain();
    if (round > 0) took.push(performance.now() - startedAt);
  }
  return median(took);
}

/** Events that no function listens to, as large as that of a booking with three attendees. */
async function fill(connection: postgres.Sql | postgres.TransactionSql, table: string): Promise<void> {
  const payload = JSON.stringify({ note: "x".repeat(900) });
  const ids = Array.from({ length: events }, () => newId("event"));
  await connection`
    insert into ${sql(table)} (id, organization_id, name, version, payload, occurred_at)
    select id, ${organizationId}, 'bench.happened', 1, ${payload}::jsonb, now() from unnest(${ids}::text[]) as id`;
}

async function fillOutbox(): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select set_config('app.organization_id', ${organizationId}, true)`;
    await fill(tx, "outbox_events");
  });
}

async function relayAll(send: Sender): Promise<void> {
  const { sent, parked } = await relayOutbox(send);
  // The app's own sweep looks once a minute; a round it took part in would look too good.
  if (sent !== events) process.stdout.write(`  ! the app's sweep shared a round: ${events - sent - parked} events were not ours\n`);
}

async function plainLoop(): Promise<void> {
  for (;;) {
    const claimed = await sql<{ id: string }[]>`
      update bench.outbox set claimed_until = now() + interval '30 seconds', attempts = attempts + 1
      where id in (select id from bench.outbox where sent_at is null and claimed_until is null order by id limit ${batch} for update skip locked)
      returning *`;
    if (claimed.length === 0) return;
    await sql`update bench.outbox set sent_at = now(), claimed_until = null where id = any(${claimed.map(({ id }) => id)})`;
  }
}

async function bareSend(): Promise<void> {
  for (let sent = 0; sent < events; sent += batch) {
    await engine.send(Array.from({ length: batch }, () => ({ id: newId("event"), name: "bench.happened", data: { note: "x".repeat(900) } })));
  }
}

const row = (title: string, tookMs: number, floor: string, floorMs: number) => [
  title,
  seconds(tookMs),
  perSecond((events / tookMs) * 1000),
  floor,
  seconds(floorMs),
  perSecond((events / floorMs) * 1000),
  share(floorMs, tookMs),
];
printTable(
  `Outbox: ${whole(events)} events relayed in batches of ${batch}`,
  ["", "took", "rate", "floor", "took", "rate", "reached"],
  [
    row("relay, sender does nothing", relay, "plain SKIP LOCKED loop", plain),
    row("relay to the Inngest engine", toEngine, "the same loop and a bare send", plain + plainSend),
  ],
  [`Each figure is the median of ${rounds} rounds. The bare send alone takes ${seconds(plainSend)}.`],
);

await sql.begin(async (tx) => {
  await tx`select set_config('app.scope', 'system', true)`;
  await tx`delete from outbox_events where name = 'bench.happened'`;
});
await sql`drop table bench.outbox`;
await sql.end();
await closeDatabase();
