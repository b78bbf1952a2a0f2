import { at, type Tx } from "./database";
import { instantMs } from "./duration";
import { expression } from "./expression";
import { invoke } from "./invoke";
import { firstLine } from "./log";
import type { Op } from "./outcome";
import { errorText, LIMITS } from "./protocol";
import type { Registry } from "./registry";
import { resolveSteps, type StepResult } from "./resolve-steps";

/** The answer asks for something that cannot be done: the run fails, and says so. */
export class OpRefused extends Error {}

export interface Report {
  /** Steps that the run did not know before. */
  fresh: number;
  /** The error of a step that is to be tried again, as JSON text. */
  retry: { stepId: string; error: string } | undefined;
}

interface PendingStep {
  op: Op;
  dueAt?: number;
  timer?: "sleep" | "wait" | "invoke";
  waitEvent?: string;
  waitIf?: string;
  signal?: string;
  planned?: boolean;
  invoke?: boolean;
}

export function stepName(op: Op): string {
  return (op.displayName ?? op.name ?? op.id).replaceAll("\0", "\ufffd");
}

function text(op: Op, option: string): string | undefined {
  const value = op.opts?.[option];
  return typeof value === "string" ? value : undefined;
}

function instant(op: Op, what: string, source: string | null | undefined, now: number): number {
  const due = source ? instantMs(source, now) : undefined;
  if (due === undefined) throw new OpRefused(`step "${stepName(op)}": ${what} "${String(source)}" is neither a duration nor a date`);
  if (due > now + LIMITS.waitMs) throw new OpRefused(`step "${stepName(op)}": ${what} "${String(source)}" is longer than 366 days`);
  return due;
}

function resultText(op: Op, runId: string): StepResult {
  if (op.op === "StepRun") {
    const output = JSON.stringify(op.data ?? null);
    if (Buffer.byteLength(output) > LIMITS.stepOutputBytes) {
      throw new OpRefused(`step "${stepName(op)}": its result is larger than ${LIMITS.stepOutputBytes / 1024 / 1024} MB`);
    }
    return { runId, stepId: op.id, output };
  }
  return { runId, stepId: op.id, error: op.error ? JSON.stringify(op.error) : errorText("Error", "the step failed without an error") };
}

function pendingStep(op: Op, now: number): PendingStep {
  switch (op.op) {
    case "StepPlanned":
      return { op, planned: true };
    case "Sleep":
      return { op, timer: "sleep", dueAt: instant(op, "the time", op.name, now) };
    case "WaitForEvent": {
      const condition = text(op, "if");
      if (!op.name) throw new OpRefused(`step "${stepName(op)}": an event to wait for is missing`);
      if (condition !== undefined) {
        try {
          expression(condition, "both");
        } catch (error) {
          throw new OpRefused(`step "${stepName(op)}": the expression ${JSON.stringify(condition)} cannot be understood: ${firstLine(error)}`);
        }
      }
      const dueAt = instant(op, "the timeout", text(op, "timeout"), now);
      return { op, timer: "wait", dueAt, waitEvent: op.name, ...(condition === undefined ? {} : { waitIf: condition }) };
    }
    case "WaitForSignal": {
      const signal = text(op, "signal");
      if (!signal || signal.length > LIMITS.signalLength || signal.includes("\0")) {
        throw new OpRefused(`step "${stepName(op)}": a signal is 1 to ${LIMITS.signalLength} characters`);
      }
      return { op, timer: "wait", dueAt: instant(op, "the timeout", text(op, "timeout"), now), signal };
    }
    case "InvokeFunction": {
      const timeout = text(op, "timeout");
      return { op, timer: "invoke", invoke: true, ...(timeout ? { dueAt: instant(op, "the timeout", timeout, now) } : {}) };
    }
    default:
      throw new OpRefused(`step "${stepName(op)}": the operation "${op.op}" is not supported by this engine`);
  }
}

/**
 * Takes what a call reported: results are memoized, new steps are set under way. Steps that are pending or done come back in
 * later reports and change nothing.
 */
export async function takeReport(tx: Tx, registry: Registry, run: { id: string; fnId: string }, ops: readonly Op[]): Promise<Report> {
  const results = ops.filter(({ op }) => op === "StepRun" || op === "StepFailed");
  const retried = ops.find(({ op }) => op === "StepError");
  const reported = ops.filter((op) => !results.includes(op) && op !== retried).map((op) => pendingStep(op, tx.now));
  const fresh = await insertSteps(tx, run.id, [...results.map((op) => ({ op })), ...reported]);
  for (const step of reported) if (fresh.has(step.op.id)) await begin(tx, registry, run, step);
  await resolveSteps(tx, results.map((op) => resultText(op, run.id)), true);
  return {
    fresh: fresh.size,
    retry: retried && { stepId: retried.id, error: resultText(retried, run.id).error ?? "" },
  };
}

async function insertSteps(tx: Tx, runId: string, steps: readonly PendingStep[]): Promise<Set<string>> {
  if (steps.length === 0) return new Set();
  const column = (value: (step: PendingStep) => string | null) => steps.map(value);
  const rows = await tx.sql<{ id: string; known: number }[]>`
    with fresh as (
      insert into step (run_id, id, op, name, opts, status, race, created_at, due_at, wait_event, wait_if)
      select ${runId}, id, op, name, opts, 'pending', race = 'race', ${at(tx.now)}, due_at::timestamptz, wait_event, wait_if
      from unnest(
        ${column(({ op }) => op.id)}::text[], ${column(({ op }) => op.op)}::text[], ${column(({ op }) => stepName(op))}::text[],
        ${column(({ op }) => (op.opts ? JSON.stringify(op.opts) : null))}::text[],
        ${column(({ op }) => text(op, "parallelMode") ?? "")}::text[],
        ${column(({ dueAt }) => (dueAt === undefined ? null : at(dueAt).toISOString()))}::text[],
        ${column(({ waitEvent }) => waitEvent ?? null)}::text[], ${column(({ waitIf }) => waitIf ?? null)}::text[]
      ) as given (id, op, name, opts, race, due_at, wait_event, wait_if)
      on conflict (run_id, id) do nothing returning id
    ), counted as (
      update run set pending = pending + (select count(*) from fresh) where id = ${runId}
    )
    select id, (select count(*)::int from step where run_id = ${runId}) as known from fresh`;
  if ((rows[0]?.known ?? 0) + rows.length > LIMITS.stepsARun) throw new OpRefused(`the run has more than ${LIMITS.stepsARun} steps`);
  return new Set(rows.map(({ id }) => id));
}

async function begin(tx: Tx, registry: Registry, run: { id: string; fnId: string }, step: PendingStep): Promise<void> {
  const stepId = step.op.id;
  if (step.planned) {
    await tx.sql`
      insert into job (run_id, fn_id, step_id, due_at, rank, concurrency_keys)
      select id, fn_id, ${stepId}, ${at(tx.now)}, ${at(tx.now)} - priority_seconds * interval '1 second', concurrency_keys
      from run where id = ${run.id}`;
    tx.pokes.add("jobs");
  }
  if (step.timer && step.dueAt !== undefined) {
    await tx.sql`insert into timer (kind, due_at, run_id, step_id) values (${step.timer}, ${at(step.dueAt)}, ${run.id}, ${stepId})`;
    tx.pokes.add("timers");
  }
  if (step.signal !== undefined) await holdSignal(tx, run.id, step.op, step.signal);
  if (step.invoke) await invoke(tx, registry, run, step.op);
}

/** One wait holds a signal. Another takes it over when it says so ("replace"); else the newcomer's step fails. */
async function holdSignal(tx: Tx, runId: string, op: Op, signal: string): Promise<void> {
  const [holder] = await tx.sql<{ run_id: string; id: string }[]>`
    select run_id, id from step where signal = ${signal} and status = 'pending' for update`;
  if (holder && text(op, "conflict") !== "replace") {
    const error = errorText("Error", `another run waits for the signal "${signal}"`);
    return resolveSteps(tx, [{ runId, stepId: op.id, error }]);
  }
  // The replaced wait goes on to its timeout.
  if (holder) await tx.sql`update step set signal = null where run_id = ${holder.run_id} and id = ${holder.id}`;
  await tx.sql`update step set signal = ${signal} where run_id = ${runId} and id = ${op.id}`;
}
