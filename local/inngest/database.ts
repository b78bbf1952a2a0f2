import postgres, { type Options, type Sql, type TransactionSql } from "postgres";
import { log } from "./log";

export type Poke = "events" | "jobs" | "timers";

/** A transaction, and the loops to wake once it is committed. */
export interface Tx {
  sql: TransactionSql;
  now: number;
  pokes: Set<Poke>;
}

export interface Database {
  readonly sql: Sql;
  /** For leases alone: their loss in a crash of PostgreSQL is harmless, waiting for the disk on every claim is not. */
  readonly lax: Sql;
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Settings {
  databaseUrl: string;
  schema: string;
  now: () => number;
  poke: (loops: Set<Poke>) => void;
}

export function connectionOptions(schema: string, name: string): Options<Record<string, never>> {
  return {
    onnotice: () => undefined,
    connection: { application_name: `inngest-engine ${name}`, search_path: schema, lock_timeout: 30_000 },
    connect_timeout: 5,
    // Connections end by accident only: whoever sees one end knows that something is wrong.
    max_lifetime: null,
  };
}

/** Serialization failures and deadlocks: PostgreSQL asks to try the same transaction again. */
function isTransient(error: unknown): boolean {
  return error instanceof postgres.PostgresError && (error.code === "40001" || error.code === "40P01");
}

/** One row of a statement that always gives one. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("the database gave no row where one was due");
  return row;
}

export const at = (ms: number): Date => new Date(ms);

export function openDatabase({ databaseUrl, schema, now, poke }: Settings): Database {
  let closing = false;
  let pools = openPools();

  function openPools(): { sql: Sql; lax: Sql } {
    const options = connectionOptions(schema, "work");
    const opened = {
      sql: postgres(databaseUrl, { ...options, max: 8, onclose: () => renew(opened) }),
      lax: postgres(databaseUrl, {
        ...options,
        max: 2,
        connection: { ...options.connection, synchronous_commit: "off" },
        onclose: () => renew(opened),
      }),
    };
    return opened;
  }

  /**
   * postgres.js 3.4 keeps what it had not yet written when a connection is cut, and a connection of that pool may then fail each
   * time it is opened again, or never answer. A pool that has lost a connection is replaced whole.
   */
  function renew(lost: typeof pools): void {
    if (closing || lost !== pools) return;
    log("warn", "a connection to the database was lost; opening new ones");
    pools = openPools();
    void lost.sql.end({ timeout: 1 });
    void lost.lax.end({ timeout: 1 });
  }

  return {
    get sql() {
      return pools.sql;
    },
    get lax() {
      return pools.lax;
    },
    async transact(work) {
      for (let tries = 1; ; tries++) {
        const pokes = new Set<Poke>();
        try {
          const result = await pools.sql.begin((transaction) => work({ sql: transaction, now: now(), pokes }));
          poke(pokes);
          return result as Awaited<ReturnType<typeof work>>;
        } catch (error) {
          if (tries >= 8 || !isTransient(error)) throw error;
        }
      }
    },
    async close() {
      closing = true;
      await Promise.all([pools.sql.end({ timeout: 1 }), pools.lax.end({ timeout: 1 })]);
    },
  };
}

/**
 * The same fault makes it write to the closed connection of a cut transaction, outside of any call that could catch the error.
 * The transaction itself has been rejected by then, so the process has nothing to fear from it.
 */
export function isCutConnectionFault(error: unknown): boolean {
  return error instanceof TypeError && /node_modules[/\\]postgres[/\\].*connection\.js/.test(error.stack?.split("\n")[1] ?? "");
}
