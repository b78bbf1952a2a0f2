import postgres from "postgres";
import { seconds } from "./table";

/** A plain connection to the instance's database, with a schema for the floors. */
export async function openDatabase(url: string): Promise<postgres.Sql> {
  const sql = postgres(url, { max: 4, onnotice: () => undefined });
  await sql`create schema if not exists bench`;
  await sql`create table if not exists bench.bookings (
    id bigint generated always as identity primary key, body jsonb not null, created_at timestamptz not null default now())`;
  return sql;
}

const patienceMs = 240_000;

/**
 * Waits until what earlier requests set going (relay, fan-out, mails, live badges) has run its course, so that it is not measured as
 * part of the next figure.
 * @returns how long that took
 */
export async function untilQuiet(sql: postgres.Sql, quietForMs = 1_500): Promise<number> {
  const startedAt = performance.now();
  let busyAt = startedAt;
  for (;;) {
    const now = performance.now();
    const open = await openWork(sql);
    if (open > 0) busyAt = now;
    if (now - busyAt > quietForMs) return busyAt - startedAt;
    if (now - startedAt > patienceMs) {
      process.stdout.write(`  ! ${open} pieces of work are still open after ${seconds(now - startedAt)}; the next figures share the machine with them\n`);
      return now - startedAt;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Throws away what waits to be told to nobody in particular: the bookings of a measure that is about the booking alone. */
export async function discardUnsent(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select set_config('app.scope', 'system', true)`;
    await tx`update outbox_events set sent_at = now(), claimed_until = null where sent_at is null`;
  });
}

async function openWork(sql: postgres.Sql): Promise<number> {
  return sql.begin(async (tx) => {
    await tx`select set_config('app.scope', 'system', true)`;
    const [row] = await tx<{ open: number }[]>`
      select (select count(*) from outbox_events where sent_at is null and parked_at is null)::int
           + (select count(*) from deliveries where state = 'sending' or (state = 'pending' and deliver_after <= now()))::int as open`;
    return row?.open ?? 0;
  });
}
