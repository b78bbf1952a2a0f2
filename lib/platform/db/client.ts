import { sql, type SQL } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase, type PostgresJsTransaction } from "drizzle-orm/postgres-js";
import type { ExtractTablesWithRelations } from "drizzle-orm";
import postgres from "postgres";
import { env } from "../env";
import { log } from "../log";
import { prepared } from "./prepared";
import { withoutParameters } from "./query-error";

type Schema = Record<string, never>;
export type Tx = PostgresJsTransaction<Schema, ExtractTablesWithRelations<Schema>>;

declare const proven: unique symbol;
/**
 * Proof that the bearer may act inside one organization. Only `lib/organizations/actor.ts` (for a person) and `systemTenant`
 * (for durable functions, which learn the organization from a stored event) make one.
 */
export interface Tenant {
  readonly organizationId: string;
  readonly [proven]: true;
}

interface Connection {
  client: postgres.Sql;
  db: PostgresJsDatabase<Schema>;
}

// Next compiles route handlers, pages and instrumentation into separate module graphs; one pool per process needs a global.
const held = globalThis as typeof globalThis & { moimDatabase?: Connection; moimDatabaseEpoch?: number };

function connection(): Connection {
  held.moimDatabase ??= open();
  return held.moimDatabase;
}

function open(): Connection {
  const client = postgres(env().DATABASE_URL, {
    max: env().DATABASE_POOL,
    connect_timeout: 10,
    // Connections end by accident only, so that whoever sees one end knows that something is wrong.
    idle_timeout: undefined,
    max_lifetime: null,
    onnotice: () => undefined,
    onclose: () => replace(client),
    connection: { application_name: "moim" },
  });
  return { client, db: drizzle(prepared(client)) };
}

/**
 * postgres.js 3.4 may keep what it had not yet written when a connection is cut, and that connection then fails or hangs each time
 * it is opened again. A pool that has lost a connection is replaced whole; what was under way in it fails as it would anyway.
 */
function replace(lost: postgres.Sql): void {
  if (held.moimDatabase?.client !== lost) return;
  held.moimDatabase = undefined;
  held.moimDatabaseEpoch = databaseEpoch() + 1;
  log.warn("a connection to the database was lost; opening new ones");
  void lost.end({ timeout: 1 });
}

/** Rises whenever the pool was replaced: whatever listened on the old one is deaf. */
export function databaseEpoch(): number {
  return held.moimDatabaseEpoch ?? 0;
}

/** The raw client, for LISTEN and health checks only; every query on tenant rows goes through a scoped transaction below. */
export function databaseClient(): postgres.Sql {
  return connection().client;
}

export async function closeDatabase(): Promise<void> {
  const open = held.moimDatabase;
  held.moimDatabase = undefined;
  if (open) await open.client.end({ timeout: 5 });
}

const onCommit = new WeakMap<Tx, (() => void)[]>();

/** Runs `work` in this process right after `tx` has committed, before its caller goes on; never when it rolls back. */
export function afterCommit(tx: Tx, work: () => void): void {
  onCommit.set(tx, [...(onCommit.get(tx) ?? []), work]);
}

async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const { result, hooks } = await connection()
    .db.transaction(async (tx) => ({ result: await work(tx), hooks: onCommit.get(tx) ?? [] }))
    .catch((error: unknown) => {
      throw withoutParameters(error);
    });
  for (const run of hooks) run();
  return result;
}

/**
 * A transaction that sees exactly one organization: row level security compares every row with this setting, so a forgotten
 * WHERE shows nothing instead of everything (DESIGN.md section 7).
 */
export function inTenant<T>(tenant: Tenant, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.organization_id', ${tenant.organizationId}, true)`);
    return work(tx);
  });
}

/**
 * One statement that is a transaction by itself: one round trip where `inTenant` takes four, for what is written most often. It has to
 * take its rows' organization from `scope`, which opens the organization's scope and answers its id: so the scope is there before row
 * level security looks at the first row. It can only write; what it reads may be looked up before that.
 */
export async function writeInTenant<Row extends Record<string, unknown>>(tenant: Tenant, statement: (scope: SQL) => SQL): Promise<Row[]> {
  const scope = sql`set_config('app.organization_id', ${tenant.organizationId}, true)`;
  const rows = await connection()
    .db.execute(statement(scope))
    .catch((error: unknown) => {
      throw withoutParameters(error);
    });
  return rows as unknown as Row[];
}

/** A transaction that sees one person's own rows across organizations (their memberships, sessions, pending invitations). */
export function asUser<T>(userId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.user_id', ${userId}, true)`);
    return work(tx);
  });
}

/** Why work crosses tenants; a closed list so that every crossing is visible in review. */
export type SystemReason =
  | "relay"
  | "sweep"
  | "reminders"
  | "authentication"
  | "signed-link"
  | "create-organization"
  | "mail-stops"
  | "devices"
  | "webhooks"
  | "grants"
  | "articles"
  | "media"
  | "housekeeping"
  | "health"
  | "profile"
  | "demo";

/** A transaction across tenants. The reason is written to the session so that it shows in `pg_stat_activity` during an incident. */
export function asSystem<T>(reason: SystemReason, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('app.scope', 'system', true), set_config('application_name', ${`moim:${reason}`}, true)`,
    );
    return work(tx);
  });
}

/**
 * One question across tenants in the middle of a tenant's transaction. A second connection for it could wait for ever: for one that is
 * held by somebody who waits likewise.
 */
export async function acrossTenants<T>(tx: Tx, reason: SystemReason, question: (tx: Tx) => Promise<T>): Promise<T> {
  await tx.execute(sql`select set_config('app.scope', 'system', true), set_config('application_name', ${`moim:${reason}`}, true)`);
  try {
    return await question(tx);
  } finally {
    // A transaction that failed refuses this too; its rollback restores the scope.
    await tx.execute(sql`select set_config('app.scope', '', true)`).catch(() => undefined);
  }
}

/** The scope of a durable function, whose organization comes from a stored event, delivery or signed link, never from a request. */
export function systemTenant(organizationId: string): Tenant {
  return { organizationId } as Tenant;
}
