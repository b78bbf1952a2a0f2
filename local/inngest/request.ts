import type { Database } from "./database";
import type { ClaimedJob } from "./claim";
import { LIMITS } from "./protocol";

export interface PreparedCall {
  url: string;
  body: string;
}

export class StateTooLarge extends Error {}

export type PreparedCalls = Map<string, PreparedCall | StateTooLarge>;

/** The addresses and bodies of the calls, from what is stored now. A run that has ended in between has none. */
export async function prepareCalls(database: Database, jobs: readonly ClaimedJob[]): Promise<PreparedCalls> {
  const runIds = [...new Set(jobs.map(({ runId }) => runId))];
  const [runs, events, steps] = await Promise.all([
    database.sql<{ id: string; planned_only: boolean }[]>`
      select id, planned_only from run where id = any(${runIds}) and status = 'running'`,
    database.sql<{ run_id: string; payload: string }[]>`
      select r.run_id, e.payload from run_event r join event e on e.id = r.event_id
      where r.run_id = any(${runIds}) order by r.run_id, r.pos`,
    database.sql<{ run_id: string; id: string; output: string | null; error: string | null }[]>`
      select run_id, id, output, error from step where run_id = any(${runIds}) and pos is not null order by run_id, pos`,
  ]);
  const plannedOnly = new Map(runs.map((run) => [run.id, run.planned_only]));
  const prepared: PreparedCalls = new Map();
  for (const job of jobs) {
    const disable = plannedOnly.get(job.runId);
    if (disable === undefined) continue;
    const payloads = events.filter((event) => event.run_id === job.runId).map(({ payload }) => payload);
    const memo = steps.filter((step) => step.run_id === job.runId);
    const [first] = payloads;
    if (first === undefined) continue;
    const stack = memo.map(({ id }) => id);
    // No `fn_id`: without it the SDK leaves its checkpointing off, and every result comes back in the answer.
    const ctx = {
      run_id: job.runId,
      attempt: job.attempt,
      max_attempts: job.fn.maxAttempts,
      disable_immediate_execution: disable,
      use_api: false,
      env: "",
      step_id: job.stepId,
      stack: { stack, current: stack.length },
    };
    // Payloads and results are JSON texts already: joining them spares parsing what only passes through.
    const results = memo.map(({ id, output, error }) =>
      error === null ? `${JSON.stringify(id)}:{"data":${output ?? "null"}}` : `${JSON.stringify(id)}:{"error":${error}}`,
    );
    const body =
      `{"version":2,"use_api":false,"defers":{},"ctx":${JSON.stringify(ctx)},` +
      `"event":${first},"events":[${payloads.join(",")}],"steps":{${results.join(",")}}}`;
    prepared.set(
      job.id,
      Buffer.byteLength(body) > LIMITS.stateBytes
        ? new StateTooLarge(`the run's state is larger than ${LIMITS.stateBytes / 1024 / 1024} MB`)
        : { url: callUrl(job), body },
    );
  }
  return prepared;
}

function callUrl(job: ClaimedJob): string {
  const url = new URL(job.fn.url);
  url.searchParams.set("fnId", job.fn.id);
  url.searchParams.set("stepId", job.stepId);
  return url.href;
}
