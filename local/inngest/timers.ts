import { at, type Database, type Tx } from "./database";
import { runDueCrons } from "./cron";
import { endRun } from "./end-run";
import { takeDueBatches } from "./flow/batch";
import { takeDebounced } from "./flow/debounce";
import { errorText } from "./protocol";
import type { Registry } from "./registry";
import { resolveSteps, type StepResult } from "./resolve-steps";
import { startRun } from "./start-run";

const TIMERS_A_PASS = 500;

/** Everything whose time has come, but for calls to the application. Answers whether more may be due. */
export async function runDue(tx: Tx, registry: Registry): Promise<boolean> {
  const more = await runDueTimers(tx, registry);
  for (const { fnId, event } of await takeDebounced(tx, registry.ids())) {
    const fn = registry.get(fnId);
    if (fn) await startRun(tx, registry, { fn, events: [event], cause: "event" });
  }
  for (const { fnId, events } of await takeDueBatches(tx, registry.ids())) {
    const fn = registry.get(fnId);
    if (fn) await startRun(tx, registry, { fn, events, cause: "event" });
  }
  await runDueCrons(tx, registry);
  return more;
}

async function runDueTimers(tx: Tx, registry: Registry): Promise<boolean> {
  // Read without a lock: runs are always locked before their timers, or a call's end and its timeout could lock crosswise.
  const due = await tx.sql<{ id: string; kind: string; run_id: string; step_id: string }[]>`
    select id, kind, run_id, step_id from timer where due_at <= ${at(tx.now)} order by due_at limit ${TIMERS_A_PASS}`;
  if (due.length === 0) return false;
  const results: StepResult[] = [];
  for (const { kind, run_id, step_id } of due) {
    if (kind === "sleep" || kind === "wait") results.push({ runId: run_id, stepId: step_id, output: "null" });
    if (kind === "invoke") {
      const error = errorText("InngestInvokeTimeoutError", "Timed out waiting for invoked function to complete");
      results.push({ runId: run_id, stepId: step_id, error });
    }
  }
  await resolveSteps(tx, results);
  for (const { kind, run_id } of due) {
    if (kind === "start") await endRun(tx, registry, run_id, { status: "cancelled", reason: "it did not start in time (timeouts.start)" });
    if (kind === "finish") await endRun(tx, registry, run_id, { status: "cancelled", reason: "it did not finish in time (timeouts.finish)" });
  }
  await tx.sql`delete from timer where id = any(${due.map(({ id }) => id)}::bigint[])`;
  return due.length === TIMERS_A_PASS;
}

export async function nextTimerAt(database: Database, registry: Registry): Promise<number | undefined> {
  const ids = registry.ids();
  const [row] = await database.sql<{ due_at: Date | null }[]>`
    select least(
      (select min(due_at) from timer),
      (select min(due_at) from debounce where fn_id = any(${ids})),
      (select min(due_at) from batch where fn_id = any(${ids})),
      (select min(due_at) from cron)
    ) as due_at`;
  return row?.due_at?.getTime();
}
