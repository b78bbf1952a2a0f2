import { at, type Tx } from "./database";
import type { ClaimedJob } from "./claim";
import { endRun } from "./end-run";
import { OpRefused, takeReport } from "./ops";
import type { Outcome } from "./outcome";
import { DISCOVERY, errorText } from "./protocol";
import type { Registry } from "./registry";
import { resolveSteps } from "./resolve-steps";
import { backoffMs } from "./retry";

export interface CallRecord {
  startedAt: number;
  endedAt: number;
}

interface RunState {
  fn_id: string;
  status: string;
  pending: number;
  planned_only: boolean;
}

interface Settings {
  registry: Registry;
  retryIntervalMs: number | undefined;
}

/**
 * Writes what a call came to, whole or not at all. The lease is the fence: a call whose lease is gone (the run was cancelled, or
 * another life of the engine took the job over) changes nothing but the record of calls.
 */
export async function applyOutcome(tx: Tx, job: ClaimedJob, outcome: Outcome, call: CallRecord, settings: Settings): Promise<void> {
  const [run] = await tx.sql<RunState[]>`
    select fn_id, status, pending, planned_only from run where id = ${job.runId} for update`;
  if (!run) return;
  // Read after the run is locked: a lease changes hands only under that lock.
  const [mine] = await tx.sql`select 1 from job where id = ${job.id} and lease = ${job.lease}`;
  if (!mine || run.status !== "running") return record(tx, job, call, "stale", null);
  const fail = async (error: string): Promise<void> => {
    await record(tx, job, call, "failed", error);
    await endRun(tx, settings.registry, job.runId, { status: "failed", error });
  };
  switch (outcome.kind) {
    case "completed":
      await record(tx, job, call, "completed", null);
      await endRun(tx, settings.registry, job.runId, { status: "completed", output: outcome.output });
      return;
    case "refused":
      return fail(outcome.error);
    case "error": {
      const last = !outcome.retry || job.attempt + 1 >= job.fn.maxAttempts;
      if (!last) return retryLater(tx, job, call, outcome.error, outcome.retryAfterMs, settings);
      if (job.stepId === DISCOVERY) return fail(outcome.error);
      // The last call of one step of a group: the function may catch what the step threw.
      await record(tx, job, call, "failed", outcome.error);
      await resolveSteps(tx, [{ runId: job.runId, stepId: job.stepId, error: outcome.error }]);
      await finishJob(tx, job);
      return;
    }
    case "ops":
      return applyOps(tx, job, outcome, call, settings, run, fail);
  }
}

async function applyOps(
  tx: Tx,
  job: ClaimedJob,
  outcome: Extract<Outcome, { kind: "ops" }>,
  call: CallRecord,
  settings: Settings,
  run: RunState,
  fail: (error: string) => Promise<void>,
): Promise<void> {
  const { ops } = outcome;
  const complete = ops.find(({ op }) => op === "RunComplete");
  if (complete && ops.length === 1) {
    await record(tx, job, call, "completed", null);
    await endRun(tx, settings.registry, job.runId, { status: "completed", output: JSON.stringify(complete.data ?? null) });
    return;
  }
  const reported = await takeReport(tx, settings.registry, { id: job.runId, fnId: run.fn_id }, ops);
  if (reported.retry) {
    const { stepId, error } = reported.retry;
    if (job.attempt + 1 < job.fn.maxAttempts) return retryLater(tx, job, call, error, outcome.retryAfterMs, settings, stepId);
    return fail(error);
  }
  const failed = ops.find(({ op }) => op === "StepFailed");
  const target = ops.length === 1 && ops[0] && ["StepRun", "StepFailed"].includes(ops[0].op) ? ops[0].id : job.stepId;
  await record(tx, job, call, failed ? "step failed" : "reported", failed ? JSON.stringify(failed.error ?? null) : null, target);
  // While siblings are pending the SDK must only plan: else it would run the last one inline, a second time.
  const plannedOnly = ops.length > 1 || run.pending > 0;
  if (job.stepId === DISCOVERY && plannedOnly !== run.planned_only) {
    await tx.sql`update run set planned_only = ${plannedOnly} where id = ${job.runId}`;
  }
  const stuck = await finishJob(tx, job, reported.fresh === 0);
  if (stuck) await fail(errorText("EngineError", "the function reported only steps that it has results of: it would be called forever"));
}

/**
 * A discovery that was asked for again while it was under way goes back into the queue; any other job is done. Answers whether
 * nothing at all is left that could ever move the run on.
 */
async function finishJob(tx: Tx, job: ClaimedJob, nothingNew = false): Promise<boolean> {
  const again = await tx.sql`
    update job set lease = null, again = false, attempt = 0, unreachable = 0, last_error = null,
      due_at = ${at(tx.now)}, rank = ${at(tx.now)} - run.priority_seconds * interval '1 second'
    from run where job.id = ${job.id} and job.again and run.id = job.run_id returning 1`;
  tx.pokes.add("jobs");
  if (again.length > 0) return false;
  await tx.sql`delete from job where id = ${job.id}`;
  if (!nothingNew) return false;
  const [left] = await tx.sql`
    select 1 from run where id = ${job.runId} and pending > 0 union all select 1 from job where run_id = ${job.runId} limit 1`;
  return left === undefined;
}

async function retryLater(
  tx: Tx,
  job: ClaimedJob,
  call: CallRecord,
  error: string,
  retryAfter: number | undefined,
  settings: Settings,
  stepId = job.stepId,
): Promise<void> {
  await record(tx, job, call, "retried", error, stepId);
  const due = tx.now + (retryAfter ?? backoffMs(job.attempt, settings.retryIntervalMs));
  await postpone(tx, job, due, error, job.attempt + 1, 0);
}

/** Puts a leased job back for a later instant. */
export async function postpone(tx: Tx, job: ClaimedJob, due: number, error: string, attempt: number, unreachable: number): Promise<void> {
  await tx.sql`
    update job set lease = null, again = false, attempt = ${attempt}, unreachable = ${unreachable}, last_error = ${error},
      due_at = ${at(due)}, rank = ${at(due)} - run.priority_seconds * interval '1 second'
    from run where job.id = ${job.id} and job.lease = ${job.lease} and run.id = job.run_id`;
  tx.pokes.add("jobs");
}

async function record(
  tx: Tx,
  job: ClaimedJob,
  call: CallRecord,
  outcome: string,
  error: string | null,
  stepId = job.stepId,
): Promise<void> {
  await tx.sql`
    insert into call (run_id, step_id, attempt, started_at, ended_at, outcome, error)
    values (${job.runId}, ${stepId}, ${job.attempt}, ${at(call.startedAt)}, ${at(call.endedAt)}, ${outcome}, ${error})`;
}

/** For the errors that a report itself brings up. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof OpRefused ? errorText("EngineError", error.message) : undefined;
}
