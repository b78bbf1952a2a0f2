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

/**
 * Everything locks a run before its jobs; a run that is locked just now is about to change, so its job waits for the next claim.
 * One statement, since this is half the cost of a call.
 */
async function lease(database: Database, jobs: ClaimedJob[], now: number): Promise<Set<string>> {
  const rows = await database.lax<{ id: string; run_id: string; started: boolean }[]>`
    with given as (
      select * from unnest(
        ${jobs.map(({ id }) => id)}::bigint[], ${jobs.map(({ lease }) => lease)}::bigint[], ${jobs.map(({ runId }) => runId)}::text[]
      ) as g (id, lease, run_id)
    ), free as (
      select run.id, run.status from run where run.id in (select run_id from given) order by run.id for update skip locked
    ), leased as (
      update job set lease = given.lease, again = false
      from given join free on free.id = given.run_id
      where job.id = given.id and job.lease is null returning job.id, job.run_id, free.status = 'queued' as started
    ), running as (
      update run set status = 'running', started_at = ${at(now)} from leased where run.id = leased.run_id and leased.started
    )
    select id, run_id, started from leased`;
  for (const { id, started } of rows) {
    const job = started ? jobs.find((candidate) => candidate.id === id) : undefined;
    if (job?.fn.config.timeouts) await startClock(database, job, now);
  }
  return new Set(rows.map(({ id }) => id));
}

/** A run that has its first call is past its start limit, and its finish limit begins. */
async function startClock(database: Database, job: ClaimedJob, now: number): Promise<void> {
  const finish = job.fn.config.timeouts?.finish;
  await database.lax`delete from timer where kind = 'start' and run_id = ${job.runId}`;
  if (finish === undefined) return;
  await database.lax`
    insert into timer (kind, due_at, run_id) select 'finish', ${at(now + (durationMs(finish) ?? 0))}, id
    from run where id = ${job.runId} and status = 'running'
    on conflict do nothing`;
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
