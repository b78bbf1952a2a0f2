import type { AddressInfo } from "node:net";
import { Caller } from "./call";
import { releaseLeases } from "./claim";
import { openDatabase, type Database, type Poke } from "./database";
import { migrate } from "./ddl";
import { Executor } from "./executor";
import { EventStore } from "./ingest";
import { EngineLock } from "./lock";
import { log, reason } from "./log";
import { Loop } from "./loop";
import { matchPass } from "./match";
import { Registry } from "./registry";
import { prune } from "./retention";
import { openServer } from "./server";
import { Sync } from "./sync";
import { nextTimerAt, runDue } from "./timers";

export interface EngineOptions {
  databaseUrl: string;
  /** 0 takes a free one. */
  port?: number;
  /** The serve address to keep in sync with; without it functions come by POST /fn/register. */
  appUrl?: string;
  /** Sent with every call as `Authorization: Bearer`, so that the application can tell this engine from everybody else. */
  callerSecret?: string;
  schema?: string;
  /** How often the application is asked for its functions. */
  syncEveryMs?: number;
  inFlightMax?: number;
  callTimeoutMs?: number;
  /** A fixed wait between attempts in place of hosted Inngest's ladder. */
  retryIntervalMs?: number;
  retentionMs?: number;
  /** How long to wait for the lock of an engine that is just ending. */
  lockWaitMs?: number;
  /** Epoch ms. Tests move it, and then call `wake`. */
  now?: () => number;
}

export interface InngestEngine {
  url: string;
  port: number;
  /** Looks again at everything that may be due. */
  wake(): void;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const PRUNE_EVERY_MS = 10 * 60_000;

/** Starts an engine on a database. It works alone on its schema; a second one is refused. */
export async function startInngest(options: EngineOptions): Promise<InngestEngine> {
  const now = options.now ?? Date.now;
  const schema = options.schema ?? "inngest_engine";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is not a schema name this engine accepts`);
  const loops: Partial<Record<Poke, Loop>> = {};
  const poke = (names: Iterable<Poke>) => {
    for (const name of names) loops[name]?.poke();
  };
  const database = openDatabase({ databaseUrl: options.databaseUrl, schema, now, poke });
  const registry = new Registry();
  const caller = new Caller(options.callerSecret);
  const lock = new EngineLock({
    databaseUrl: options.databaseUrl,
    schema,
    onRegained: async () => {
      await releaseLeases(database, executor.leases());
      await registry.load(database.sql);
      poke(["events", "jobs", "timers"]);
    },
  });
  const executor = new Executor({
    database,
    registry,
    caller,
    now,
    poke: () => poke(["jobs"]),
    mayWork: () => lock.held,
    inFlightMax: options.inFlightMax ?? 16,
    callTimeoutMs: options.callTimeoutMs ?? 2 * 3_600_000,
    retryIntervalMs: options.retryIntervalMs,
  });
  const paused = () => now() + 250;
  loops.events = new Loop("events", now, async () => {
    if (!lock.held) return paused();
    // Until an application has been heard of, nobody can say whom an event is for.
    if (!(await hasApplication(database))) return undefined;
    while ((await matchPass(database, registry)) > 0 && lock.held);
    return undefined;
  });
  loops.timers = new Loop("timers", now, async () => {
    if (!lock.held) return paused();
    while ((await database.transact((tx) => runDue(tx, registry))) && lock.held);
    return nextTimerAt(database, registry);
  });
  loops.jobs = new Loop("jobs", now, () => executor.pass());
  const pruning = new Loop("prune", Date.now, async () => {
    const rows = await prune(database, now(), options.retentionMs ?? 7 * DAY_MS);
    if (rows > 0) log("info", "pruned what is past its retention", { rows });
    return Date.now() + PRUNE_EVERY_MS;
  });
  const sync = options.appUrl
    ? new Sync({ url: options.appUrl, everyMs: options.syncEveryMs ?? 5000, database, registry, caller, now })
    : undefined;
  const store = new EventStore(database, now, () => poke(["events"]));
  const server = openServer({ database, registry, store, sync: sync?.state, now, schema, lock, executor });

  const release = async (): Promise<void> => {
    await lock.close();
    await database.close();
  };
  try {
    await lock.acquire(options.lockWaitMs ?? 10_000);
    await migrate(database.sql, schema);
    const taken = await releaseLeases(database, []);
    if (taken > 0) log("info", "took over calls that were under way", { calls: taken });
    await registry.load(database.sql);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
  } catch (error) {
    await release();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const running = [loops.events, loops.timers, loops.jobs, pruning];
  for (const loop of running) loop.start();
  sync?.start();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    wake: () => poke(["events", "timers", "jobs"]),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await executor.close(1000);
      await Promise.all([...running.map((loop) => loop.stop()), sync?.stop()]);
      await closed;
      await release().catch((error: unknown) => log("warn", "the database was left in a hurry", { error: reason(error) }));
    },
  };
}

async function hasApplication(database: Database): Promise<boolean> {
  const [row] = await database.sql`select 1 from app limit 1`;
  return row !== undefined;
}
