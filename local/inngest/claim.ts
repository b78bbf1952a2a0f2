import { at, type Database } from "./database";
import type { ConcurrencyCounter } from "./flow/concurrency";
import { durationMs } from "./duration";
import type { Registry, RegisteredFunction } from "./registry";

/** A call that is ours to make. */
export interface ClaimedJob {
  id: string;
  lease: number;
  runId: string;
  fn: RegisteredFunction;
  stepId: string;
  attempt: number;
  unreachable: number;
  concurrencyKeys: string[];
}

interface JobRow {
  id: string;
  run_id: string;
  fn_id: string;
  step_id: string;
  attempt: number;
  unreachable: number;
  concurrency_keys: string[];
}

let lastLease = 0;

/** A number that no earlier claim had, in this life of the engine or another. */
function nextLease(): number {
  lastLease = Math.max(lastLease + 1, Date.now() * 1000);
  return lastLease;
}

export interface Claim {
  jobs: ClaimedJob[];
  /** False when a due job could not be leased this time. */
  whole: boolean;
}

/**
 * Leases up to `free` due jobs in the order of their rank, leaving out those whose concurrency limits are full. Only one claim is
 * under way at a time, and only one engine: what it counts in memory is the whole truth.
 */
export async function claimJobs(
  database: Database,
  registry: Registry,
  counter: ConcurrencyCounter,
  free: number,
  now: number,
): Promise<Claim> {
  const claimed: ClaimedJob[] = [];
  const refused: string[] = [];
  while (claimed.length < free) {
    const rows = await database.lax<JobRow[]>`
      select id, run_id, fn_id, step_id, attempt, unreachable, concurrency_keys from job
      where lease is null and due_at <= ${at(now)} and fn_id = any(${registry.ids()})
        and not (concurrency_keys && ${counter.full()}::text[])
        and id <> all(${[...claimed.map(({ id }) => id), ...refused]}::bigint[])
      order by rank, id limit ${free - claimed.length}`;
    if (rows.length === 0) break;
    for (const row of rows) {
      const fn = registry.get(row.fn_id);
      if (!fn || !counter.enter(fn, row.concurrency_keys)) {
        refused.push(row.id);
        continue;
      }
      claimed.push({
        id: row.id,
        lease: nextLease(),
        runId: row.run_id,
        fn,
        stepId: row.step_id,
        attempt: row.attempt,
        unreachable: row.unreachable,
        concurrencyKeys: row.concurrency_keys,
      });
    }
  }
  if (claimed.length === 0) return { jobs: [], whole: true };
  const leased = await lease(database, claimed, now).catch((error: unknown) => {
    for (const job of claimed) counter.leave(job.concurrencyKeys);
    throw error;
  });
  for (const job of claimed) if (!leased.has(job.id)) counter.leave(job.concurrencyKeys);
  return { jobs: claimed.filter((job) => leased.has(job.id)), whole: leased.size === claimed.length };
}

async function lease(database: Database, jobs: ClaimedJob[], now: number): Promise<Set<string>> {
  return database.lax.begin(async (sql) => {
    // Everything locks a run before its jobs. A run that is locked just now is about to change: its job waits for the next claim.
    const free = await sql<{ id: string }[]>`
      select id from run where id = any(${jobs.map(({ runId }) => runId)}) order by id for update skip locked`;
    const rows = await sql<{ id: string }[]>`
      update job set lease = given.lease, again = false
      from unnest(${jobs.map(({ id }) => id)}::bigint[], ${jobs.map(({ lease }) => lease)}::bigint[]) as given (id, lease)
      where job.id = given.id and job.lease is null and job.run_id = any(${free.map(({ id }) => id)}) returning job.id`;
    const started = await sql<{ id: string; fn_id: string }[]>`
      update run set status = 'running', started_at = ${at(now)}
      where id = any(${free.map(({ id }) => id)}) and status = 'queued' returning id, fn_id`;
    if (started.length > 0) {
      await sql`delete from timer where kind = 'start' and run_id = any(${started.map(({ id }) => id)})`;
      for (const run of started) {
        const finish = jobs.find(({ fn }) => fn.id === run.fn_id)?.fn.config.timeouts?.finish;
        if (finish === undefined) continue;
        await sql`
          insert into timer (kind, due_at, run_id) values ('finish', ${at(now + (durationMs(finish) ?? 0))}, ${run.id})
          on conflict do nothing`;
      }
    }
    return new Set(rows.map(({ id }) => id));
  });
}

/** The instant of the next job that is not yet due (epoch ms). */
export async function nextJobAt(database: Database, registry: Registry, now: number): Promise<number | undefined> {
  const [row] = await database.lax<{ due_at: Date | null }[]>`
    select min(due_at) as due_at from job
    where lease is null and due_at > ${at(now)} and fn_id = any(${registry.ids()})`;
  return row?.due_at?.getTime();
}

/** Frees every lease that no call of this process holds: at start, all; after the lock came back, those of another engine. */
export async function releaseLeases(database: Database, held: readonly number[]): Promise<number> {
  const rows = await database.sql`
    update job set lease = null where lease is not null and not (lease = any(${[...held]}::bigint[])) returning 1`;
  return rows.length;
}
