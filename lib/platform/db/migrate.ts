import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Any 64-bit number that nothing else in the database uses; two processes that start together migrate one after the other. */
const migrationLock = 7_306_412_880_441n;

/** Brings the database to the newest schema. Safe to run at every start and from several processes at once. */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await client`select pg_advisory_lock(${migrationLock.toString()}::bigint)`;
    await applyMigrations(drizzle(client), { migrationsFolder: path.join(process.cwd(), "lib/platform/db/migrations") });
    await forceRowLevelSecurity(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/**
 * drizzle-kit can enable row level security but not force it, and without FORCE the owner, which is the application's role, would
 * see every tenant. Applied to whatever has it enabled, so that a new table cannot be forgotten.
 */
async function forceRowLevelSecurity(client: postgres.Sql): Promise<void> {
  await client.unsafe(`
    do $$
    declare unforced record;
    begin
      for unforced in
        select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' and c.relrowsecurity and not c.relforcerowsecurity
      loop
        execute format('alter table %s force row level security', unforced.name);
      end loop;
    end $$`);
}
