import type { Sql } from "postgres";

/**
 * The engine's own schema, in order. A published entry is never edited: a change is a new entry.
 * Payloads are `text`, not `jsonb`: functions get the bytes that were sent (key order, numbers, escaped NUL), and nothing
 * here looks inside them with SQL.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table app (
    id text primary key, url text not null, framework text not null default '', sdk text not null default '',
    checksum text not null, synced_at timestamptz not null
  );
  create table fn (
    id text primary key, app_id text not null references app, name text not null, config text not null,
    active boolean not null, updated_at timestamptz not null
  );

  create table event (
    seq bigint generated always as identity primary key,
    id text not null unique,
    external_id text,
    name text not null,
    payload text not null,
    received_at timestamptz not null,
    matched boolean not null default false,
    problem text
  );
  create index event_unmatched on event (seq) where not matched;
  create index event_received on event (received_at);

  create table run (
    id text primary key, fn_id text not null references fn,
    status text not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    cause text not null check (cause in ('event', 'cron', 'invoke', 'replay')),
    created_at timestamptz not null, started_at timestamptz, ended_at timestamptz,
    planned_only boolean not null default false,
    pending integer not null default 0,
    priority_seconds integer not null default 0,
    concurrency_keys text[] not null default '{}',
    singleton_key text,
    parent_run text, parent_step text, replay_of text,
    output text, error text, cancel_reason text
  );
  comment on column run.planned_only is 'sent as disable_immediate_execution: siblings of a parallel group are pending';
  comment on column run.pending is 'reported steps without a result; at 0 the function is called again';
  create index run_active on run (fn_id) where status in ('queued', 'running');
  create index run_by_fn on run (fn_id, id);
  create index run_by_status on run (status, id);
  create index run_ended on run (ended_at) where ended_at is not null;
  create unique index run_singleton on run (fn_id, singleton_key)
    where singleton_key is not null and status in ('queued', 'running');
  create table run_event (
    run_id text not null references run on delete cascade, pos integer not null, event_id text not null references event (id),
    primary key (run_id, pos)
  );
  create index run_event_event on run_event (event_id);

  create sequence step_pos;
  create table step (
    run_id text not null references run on delete cascade, id text not null,
    op text not null, name text not null, opts text,
    status text not null check (status in ('pending', 'done', 'failed', 'abandoned')),
    race boolean not null default false,
    created_at timestamptz not null, ended_at timestamptz, due_at timestamptz,
    pos bigint, output text, error text,
    wait_event text, wait_if text, signal text, child_run text,
    primary key (run_id, id)
  );
  comment on column step.pos is 'order of completion: the SDK replays results in this order';
  create index step_wait on step (wait_event) where status = 'pending' and wait_event is not null;
  create unique index step_signal on step (signal) where status = 'pending' and signal is not null;

  create table job (
    id bigint generated always as identity primary key,
    run_id text not null references run on delete cascade, fn_id text not null references fn, step_id text not null,
    attempt integer not null default 0, due_at timestamptz not null, rank timestamptz not null,
    concurrency_keys text[] not null default '{}',
    lease bigint, again boolean not null default false,
    unreachable integer not null default 0, last_error text,
    unique (run_id, step_id)
  );
  comment on column job.rank is 'due instant less the priority: the order among due jobs';
  comment on column job.again is 'asked for while leased: the call under way did not see the newest results';
  create index job_due on job (due_at) where lease is null;
  create index job_leased on job (lease) where lease is not null;

  create table timer (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('sleep', 'wait', 'invoke', 'start', 'finish')),
    due_at timestamptz not null, run_id text not null references run on delete cascade, step_id text not null default '',
    unique (run_id, kind, step_id)
  );
  create index timer_due on timer (due_at);

  create table call (
    id bigint generated always as identity primary key,
    run_id text not null references run on delete cascade, step_id text not null, attempt integer not null,
    started_at timestamptz not null, ended_at timestamptz not null, outcome text not null, error text
  );
  create index call_run on call (run_id);

  create table seen (fn_id text not null, key text not null, expires_at timestamptz not null, primary key (fn_id, key));
  create index seen_expiry on seen (expires_at);
  create table throttle (fn_id text not null, key text not null, arrival_at timestamptz not null, primary key (fn_id, key));
  create table rate_limit (
    fn_id text not null, key text not null, starts timestamptz[] not null, expires_at timestamptz not null, primary key (fn_id, key)
  );
  create table debounce (
    fn_id text not null, key text not null, event_id text not null references event (id),
    deadline_at timestamptz, due_at timestamptz not null, primary key (fn_id, key)
  );
  create index debounce_due on debounce (due_at);
  create table batch (fn_id text not null, key text not null, due_at timestamptz not null, primary key (fn_id, key));
  create index batch_due on batch (due_at);
  create table batch_event (
    seq bigint generated always as identity primary key,
    fn_id text not null, key text not null, event_id text not null references event (id),
    foreign key (fn_id, key) references batch on delete cascade
  );
  create index batch_event_batch on batch_event (fn_id, key);
  create table cron (
    fn_id text not null, expression text not null, tick_at timestamptz not null, due_at timestamptz not null,
    primary key (fn_id, expression)
  );
  create index cron_due on cron (due_at);
  `,
];

/** Brings the schema to the newest version. Run under the engine's lock: two never migrate at once. */
export async function migrate(sql: Sql, schema: string): Promise<void> {
  // CREATE SCHEMA IF NOT EXISTS asks for the right to create even when the schema is there already.
  const [existing] = await sql`select 1 from pg_namespace where nspname = ${schema}`;
  if (!existing) await sql`create schema ${sql(schema)}`;
  await sql`create table if not exists migration (version integer primary key, applied_at timestamptz not null default now())`;
  const [row] = await sql<{ version: number | null }[]>`select max(version) as version from migration`;
  const version = row?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new Error(`schema ${schema} is at version ${version}, newer than this engine (${MIGRATIONS.length})`);
  }
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await sql.begin(async (tx) => {
      await tx.unsafe(statements);
      await tx`insert into migration (version) values (${index + 1})`;
    });
  }
}
