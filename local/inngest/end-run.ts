import { at, type Tx } from "./database";
import { insertInternalEvent, storedEvent, type StoredEvent } from "./event";
import { errorText, LIFECYCLE } from "./protocol";
import { patternMatches, type Registry } from "./registry";
import { resolveSteps } from "./resolve-steps";

export type RunEnd =
  | { status: "completed"; output: string }
  | { status: "failed"; error: string }
  | { status: "cancelled"; reason: string };

/** Ends an active run: what it had queued goes, who waits for it hears. False when it had ended before. */
export async function endRun(tx: Tx, registry: Registry, runId: string, end: RunEnd): Promise<boolean> {
  const output = end.status === "completed" ? end.output : null;
  const error = end.status === "failed" ? end.error : null;
  const [run] = await tx.sql<{ fn_id: string; parent_run: string | null; parent_step: string | null }[]>`
    update run set status = ${end.status}, ended_at = ${at(tx.now)}, output = ${output}, error = ${error},
      cancel_reason = ${end.status === "cancelled" ? end.reason : null}, pending = 0
    where id = ${runId} and status in ('queued', 'running')
    returning fn_id, parent_run, parent_step`;
  if (!run) return false;
  await tx.sql`
    with jobs as (delete from job where run_id = ${runId}), timers as (delete from timer where run_id = ${runId})
    update step set status = 'abandoned', ended_at = ${at(tx.now)} where run_id = ${runId} and status = 'pending'`;
  if (run.parent_run && run.parent_step) {
    const result =
      end.status === "completed"
        ? { output: end.output }
        : { error: end.status === "failed" ? end.error : errorText("Error", "the invoked function was cancelled") };
    await resolveSteps(tx, [{ runId: run.parent_run, stepId: run.parent_step, ...result }]);
  }
  await announce(tx, registry, runId, run.fn_id, end);
  // A slot of a concurrency limit or of a singleton may have come free.
  tx.pokes.add("jobs");
  return true;
}

async function heardOf(tx: Tx, registry: Registry, names: string[]): Promise<string[]> {
  const waits = await tx.sql<{ wait_event: string }[]>`
    select wait_event from step where wait_event = any(${names}) and status = 'pending' group by wait_event`;
  return names.filter(
    (name) =>
      registry.triggeredBy(name).length > 0 ||
      registry.cancelledBy(name).length > 0 ||
      waits.some(({ wait_event }) => wait_event === name),
  );
}

/** The lifecycle events; only those that something listens to are stored. */
async function announce(tx: Tx, registry: Registry, runId: string, fnId: string, end: RunEnd): Promise<void> {
  const names = [
    LIFECYCLE.finished,
    ...(end.status === "failed" ? [LIFECYCLE.failed] : []),
    ...(end.status === "cancelled" ? [LIFECYCLE.cancelled] : []),
  ];
  const heard = await heardOf(tx, registry, names);
  if (heard.length === 0) return;
  const events = await runEvents(tx, runId);
  const [first] = events;
  // A handler of these events must not set off itself.
  if (!first || Object.values<string>(LIFECYCLE).some((name) => patternMatches(name, first.payload.name))) return;
  const status = { completed: "Completed", failed: "Failed", cancelled: "Cancelled" }[end.status];
  const error: unknown =
    end.status === "failed"
      ? JSON.parse(end.error)
      : end.status === "cancelled"
        ? { name: "Error", message: end.reason }
        : undefined;
  const data = {
    function_id: fnId,
    run_id: runId,
    event: first.payload,
    events: events.map(({ payload }) => payload),
    ...(end.status === "completed" ? { result: JSON.parse(end.output) as unknown } : { error }),
    _inngest: { status },
  };
  for (const name of heard) await insertInternalEvent(tx, { id: runId, name, data, matched: false });
}

export async function runEvents(tx: Tx, runId: string): Promise<StoredEvent[]> {
  const rows = await tx.sql<{ id: string; external_id: string | null; payload: string }[]>`
    select e.id, e.external_id, e.payload from run_event r join event e on e.id = r.event_id
    where r.run_id = ${runId} order by r.pos`;
  return rows.map(storedEvent);
}
