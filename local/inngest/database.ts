import postgres, { type Options, type Sql, type TransactionSql } from "postgres";

export type Poke = "events" | "jobs" | "timers";

/** A transaction, and the loops to wake once it is committed. */
export interface Tx {
  sql: TransactionSql;
  now: number;
  pokes: Set<Poke>;
}

export interface Database {
  sql: Sql;
  /** For leases alone: their loss in a crash of PostgreSQL is harmless, waiting for the disk on every claim is not. */
  lax: Sql;
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
    connect_timeout: 10,
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
  const options = connectionOptions(schema, "work");
  const sql = postgres(databaseUrl, { ...options, max: 8 });
  const lax = postgres(databaseUrl, {
    ...options,
    max: 2,
    connection: { ...options.connection, synchronous_commit: "off" },
  });
  return {
    sql,
    lax,
    async transact(work) {
      for (let tries = 1; ; tries++) {
        const pokes = new Set<Poke>();
        try {
          const result = await sql.begin((transaction) => work({ sql: transaction, now: now(), pokes }));
          poke(pokes);
          return result as Awaited<ReturnType<typeof work>>;
        } catch (error) {
          if (tries >= 8 || !isTransient(error)) throw error;
        }
      }
    },
    async close() {
      await Promise.all([sql.end({ timeout: 1 }), lax.end({ timeout: 1 })]);
    },
  };
}
