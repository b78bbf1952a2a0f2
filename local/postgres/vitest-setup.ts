import postgres from "postgres";
import { sleep } from "../start/processes.mjs";
import { startPostgres } from "./postgres.mjs";

/**
 * One PostgreSQL for all test runs of this checkout, found by its data folder. Every run holds a shared advisory lock
 * for as long as it lives, however it dies; whoever can take it exclusively is the last, tidies up and switches off.
 */
const runsLock = 6647;
const dataDir = ".moim-test/pg";

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL) return undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const server = await startPostgres({ dataDir, durable: false, createDatabases: true });
      const sql = postgres(server.adminUrl, { max: 1, onnotice: () => undefined });
      await sql`select pg_advisory_lock_shared(${runsLock})`;
      process.env.TEST_DATABASE_URL = server.url;
      return () => leave(sql, server.stop);
    } catch (error) {
      // The last run before this one was just switching the server off.
      if (attempt === 20) throw error;
      await sleep(250);
    }
  }
}

async function leave(sql: postgres.Sql, stop: () => Promise<void>): Promise<void> {
  delete process.env.TEST_DATABASE_URL;
  await sql`select pg_advisory_unlock_shared(${runsLock})`;
  const [row] = await sql<{ last: boolean }[]>`select pg_try_advisory_lock(${runsLock}) as last`;
  if (row?.last) await dropLeftovers(sql);
  await sql.end({ timeout: 1 });
  if (row?.last) await stop();
}

/** Databases of runs that were killed, and templates of older migrations. */
async function dropLeftovers(sql: postgres.Sql): Promise<void> {
  const leftovers = await sql<{ datname: string }[]>`
    select datname from pg_database
    where datname like 'moim\\_test\\_%'
       or (datname like 'moim\\_template\\_%'
           and oid < (select max(oid) from pg_database where datname like 'moim\\_template\\_%'))`;
  for (const { datname } of leftovers) await sql`drop database if exists ${sql(datname)} with (force)`;
}
