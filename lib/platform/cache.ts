import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { afterCommit, databaseClient, databaseEpoch, type Tx } from "./db/client";
import { log } from "./log";

/**
 * A read-through cache in each process, cleared over PostgreSQL's LISTEN/NOTIFY: a command clears its tag inside its transaction,
 * so every process drops its copy exactly when the change becomes visible and never for a change that rolled back. A process
 * that has not heard its own heartbeat lately cannot trust that it hears anything, so it reads from the database.
 */
export interface TaggedCache<V> {
  read(tag: string, load: () => Promise<V>): Promise<V>;
  size(): number;
}

const channel = "moim_cache";

/** Heartbeats go out every `beatMs`; silence for `trustMs` means the listening connection is gone. */
const beatMs = 4_000;
const trustMs = 10_000;

interface Shared {
  caches: Map<string, LRUCache<string, object>>;
  heardAtMs: number;
  /** The pool that is listened on; another one means that this one was cut. */
  epoch: number;
  starting: Promise<void> | undefined;
  beat: NodeJS.Timeout | undefined;
  /** Rises with every clearing, so that a value loaded before one cannot be stored after it. */
  generation: number;
}

const held = globalThis as typeof globalThis & { moimCaches?: Shared };
const shared: Shared = (held.moimCaches ??= { caches: new Map(), heardAtMs: 0, epoch: -1, starting: undefined, beat: undefined, generation: 0 });

/** `name` must be the same in every process; `lifeMs` bounds how long a value lives even if nothing clears it. */
export function taggedCache<V extends object>(name: string, options: { max: number; lifeMs: number }): TaggedCache<V> {
  const values = shared.caches.get(name) ?? new LRUCache<string, object>({ max: options.max, ttl: options.lifeMs });
  shared.caches.set(name, values);
  return {
    async read(tag, load) {
      await listen();
      if (!trusted()) return load();
      const found = values.get(tag);
      if (found) return found as V;
      const generation = shared.generation;
      const value = await load();
      if (trusted() && shared.generation === generation) values.set(tag, value);
      return value;
    },
    size: () => values.size,
  };
}

/**
 * Clears `tag` in every process when this transaction commits. In this one before its caller goes on: a notification comes a moment
 * later, and whoever writes and then reads must see what they wrote.
 */
export async function clearOnCommit(tx: Tx, tag: string): Promise<void> {
  afterCommit(tx, () => clear(tag));
  await tx.execute(sql`select pg_notify(${channel}, ${tag})`);
}

/** Monotonic, so that neither a test's clock nor a leap of the machine's makes a dead connection look alive. */
const trusted = () => shared.heardAtMs > 0 && performance.now() - shared.heardAtMs < trustMs && shared.epoch === databaseEpoch();

function listen(): Promise<void> {
  if (shared.epoch !== databaseEpoch()) {
    shared.epoch = databaseEpoch();
    shared.heardAtMs = 0;
    shared.starting = undefined;
  }
  shared.starting ??= databaseClient()
    .listen(channel, hear, () => {
      // Also called after a reconnect: whatever was cleared meanwhile was not heard.
      clearAll();
      shared.heardAtMs = performance.now();
    })
    .then(() => keepBeating())
    .catch((error: unknown) => {
      shared.starting = undefined;
      log.warn("cache cannot listen; reading from the database", { reason: String(error) });
    });
  return shared.starting;
}

function keepBeating(): void {
  clearInterval(shared.beat);
  shared.beat = setInterval(() => {
    if (!trusted()) {
      // postgres.js gives up on a listener that it could not renew; the next read starts a new one.
      clearInterval(shared.beat);
      shared.starting = undefined;
      return;
    }
    databaseClient().notify(channel, "").catch(() => undefined);
  }, beatMs);
  shared.beat.unref();
}

function hear(tag: string): void {
  shared.heardAtMs = performance.now();
  if (tag !== "") clear(tag);
}

function clear(tag: string): void {
  shared.generation += 1;
  for (const values of shared.caches.values()) values.delete(tag);
}

function clearAll(): void {
  shared.generation += 1;
  for (const values of shared.caches.values()) values.clear();
}
