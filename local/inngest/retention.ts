import { at, type Database } from "./database";

const ROWS_A_PASS = 2000;

/** Prunes ended runs, then events that no run, batch or debounce holds, and gates whose memory has run out. */
export async function prune(database: Database, now: number, retentionMs: number): Promise<number> {
  const { sql } = database;
  const before = at(now - retentionMs);
  let pruned = 0;
  for (;;) {
    const { count } = await sql`
      delete from run where id in (select id from run where ended_at < ${before} order by ended_at limit ${ROWS_A_PASS})`;
    pruned += count;
    if (count < ROWS_A_PASS) break;
  }
  for (;;) {
    const { count } = await sql`
      delete from event where id in (
        select id from event e
        where received_at < ${before} and matched
          and not exists (select 1 from run_event where event_id = e.id)
          and not exists (select 1 from batch_event where event_id = e.id)
          and not exists (select 1 from debounce where event_id = e.id)
        order by received_at limit ${ROWS_A_PASS}
      )`;
    pruned += count;
    if (count < ROWS_A_PASS) break;
  }
  await sql`delete from seen where expires_at < ${at(now)}`;
  await sql`delete from rate_limit where expires_at < ${at(now)}`;
  await sql`delete from throttle where arrival_at < ${at(now)}`;
  return pruned;
}
