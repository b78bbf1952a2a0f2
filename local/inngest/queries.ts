import type { Sql } from "postgres";

export const RUN_STATUSES = ["queued", "running", "completed", "failed", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface RunFilter {
  status?: RunStatus;
  functionId?: string;
  eventId?: string;
  /** Runs made before this one. */
  before?: string;
  limit: number;
}

export interface RunSummary {
  id: string;
  functionId: string;
  status: RunStatus;
  cause: string;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  eventName: string;
  error: unknown;
}

const parsed = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));

/** Newest first. */
export async function listRuns(sql: Sql, filter: RunFilter): Promise<RunSummary[]> {
  const rows = await sql<(Omit<RunSummary, "error"> & { error: string | null })[]>`
    select run.id, run.fn_id as "functionId", run.status, run.cause, run.created_at as "createdAt",
      run.started_at as "startedAt", run.ended_at as "endedAt", event.name as "eventName", run.error
    from run join run_event on run_event.run_id = run.id and run_event.pos = 0 join event on event.id = run_event.event_id
    where true
      ${filter.status ? sql`and run.status = ${filter.status}` : sql``}
      ${filter.functionId ? sql`and run.fn_id = ${filter.functionId}` : sql``}
      ${filter.before ? sql`and run.id < ${filter.before}` : sql``}
      ${
        filter.eventId
          ? sql`and run.id in (
              select run_id from run_event join event e on e.id = run_event.event_id
              where e.id = ${filter.eventId} or e.external_id = ${filter.eventId})`
          : sql``
      }
    order by run.id desc limit ${filter.limit}`;
  return rows.map((row) => ({ ...row, error: parsed(row.error) }));
}

export interface StepDetail {
  id: string;
  op: string;
  name: string;
  status: "pending" | "done" | "failed" | "abandoned";
  createdAt: Date;
  endedAt: Date | null;
  dueAt: Date | null;
  output: unknown;
  error: unknown;
  waitEvent: string | null;
  waitIf: string | null;
  signal: string | null;
  childRun: string | null;
}

export interface CallDetail {
  stepId: string;
  attempt: number;
  startedAt: Date;
  endedAt: Date;
  outcome: string;
  error: unknown;
}

export interface JobDetail {
  stepId: string;
  attempt: number;
  dueAt: Date;
  underWay: boolean;
  lastError: unknown;
}

export interface RunDetail extends RunSummary {
  output: unknown;
  cancelReason: string | null;
  parentRun: string | null;
  replayOf: string | null;
  events: unknown[];
  /** In the order of their reporting. */
  steps: StepDetail[];
  calls: CallDetail[];
  /** What the run waits for: its next calls. */
  jobs: JobDetail[];
}

export async function runDetail(sql: Sql, id: string): Promise<RunDetail | undefined> {
  const [runs, events, steps, calls, jobs] = await Promise.all([
    sql<(Omit<RunSummary, "error" | "eventName"> & { error: string | null; output: string | null; cancelReason: string | null; parentRun: string | null; replayOf: string | null })[]>`
      select id, fn_id as "functionId", status, cause, created_at as "createdAt", started_at as "startedAt", ended_at as "endedAt",
        error, output, cancel_reason as "cancelReason", parent_run as "parentRun", replay_of as "replayOf"
      from run where id = ${id}`,
    sql<{ name: string; payload: string }[]>`
      select e.name, e.payload from run_event r join event e on e.id = r.event_id where r.run_id = ${id} order by r.pos`,
    sql<(Omit<StepDetail, "output" | "error"> & { output: string | null; error: string | null })[]>`
      select id, op, name, status, created_at as "createdAt", ended_at as "endedAt", due_at as "dueAt", output, error,
        wait_event as "waitEvent", wait_if as "waitIf", signal, child_run as "childRun"
      from step where run_id = ${id} order by created_at, pos, id`,
    sql<(Omit<CallDetail, "error"> & { error: string | null })[]>`
      select step_id as "stepId", attempt, started_at as "startedAt", ended_at as "endedAt", outcome, error
      from call where run_id = ${id} order by id`,
    sql<(Omit<JobDetail, "lastError"> & { lastError: string | null })[]>`
      select step_id as "stepId", attempt, due_at as "dueAt", lease is not null as "underWay", last_error as "lastError"
      from job where run_id = ${id} order by due_at`,
  ]);
  const [run] = runs;
  if (!run) return undefined;
  return {
    ...run,
    eventName: events[0]?.name ?? "",
    output: parsed(run.output),
    error: parsed(run.error),
    events: events.map(({ payload }) => parsed(payload)),
    steps: steps.map((step) => ({ ...step, output: parsed(step.output), error: parsed(step.error) })),
    calls: calls.map((call) => ({ ...call, error: parsed(call.error) })),
    jobs: jobs.map((job) => ({ ...job, lastError: parsed(job.lastError) })),
  };
}

export interface FunctionDetail {
  id: string;
  appId: string;
  name: string;
  active: boolean;
  config: Record<string, unknown>;
  updatedAt: Date;
  nextTickAt: Date | null;
}

export async function listFunctions(sql: Sql): Promise<FunctionDetail[]> {
  const rows = await sql<(Omit<FunctionDetail, "config"> & { config: string })[]>`
    select id, app_id as "appId", name, active, config, updated_at as "updatedAt",
      (select min(due_at) from cron where cron.fn_id = fn.id) as "nextTickAt"
    from fn order by active desc, id`;
  return rows.map((row) => ({ ...row, config: JSON.parse(row.config) as Record<string, unknown> }));
}

export interface EventDetail {
  id: string;
  name: string;
  receivedAt: Date;
  payload: unknown;
  problem: string | null;
  runs: { id: string; functionId: string; status: RunStatus }[];
}

/** Newest first; `before` is an event's id. */
export async function listEvents(sql: Sql, filter: { before?: string; name?: string; limit: number }): Promise<EventDetail[]> {
  const rows = await sql<(Omit<EventDetail, "payload"> & { payload: string })[]>`
    select e.id, e.name, e.received_at as "receivedAt", e.payload, e.problem, coalesce((
      select json_agg(json_build_object('id', run.id, 'functionId', run.fn_id, 'status', run.status) order by run.id)
      from run_event r join run on run.id = r.run_id where r.event_id = e.id
    ), '[]'::json) as runs
    from event e
    where true
      ${filter.before ? sql`and e.seq < (select seq from event where id = ${filter.before})` : sql``}
      ${filter.name ? sql`and e.name = ${filter.name}` : sql``}
    order by e.seq desc limit ${filter.limit}`;
  return rows.map((row) => ({ ...row, payload: parsed(row.payload) }));
}

export interface Backlog {
  unmatchedEvents: number;
  /** Sleeps, waits, debounces, batches and ticks whose instant has passed. */
  dueTimers: number;
  dueJobs: number;
  oldestDueSeconds: number;
}

export async function backlog(sql: Sql, now: Date): Promise<Backlog> {
  const [row] = await sql<Backlog[]>`
    select (select count(*)::int from event where not matched) as "unmatchedEvents",
      ((select count(*) from timer where due_at <= ${now}) + (select count(*) from debounce where due_at <= ${now})
        + (select count(*) from batch where due_at <= ${now}) + (select count(*) from cron where due_at <= ${now}))::int as "dueTimers",
      count(*)::int as "dueJobs", coalesce(extract(epoch from ${now}::timestamptz - min(due_at)), 0)::float8 as "oldestDueSeconds"
    from job where lease is null and due_at <= ${now}`;
  return row ?? { unmatchedEvents: 0, dueTimers: 0, dueJobs: 0, oldestDueSeconds: 0 };
}
