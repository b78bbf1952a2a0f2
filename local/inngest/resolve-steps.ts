import { at, type Tx } from "./database";
import { DISCOVERY } from "./protocol";

/** What a step gave; both are JSON texts. */
export interface StepResult {
  runId: string;
  stepId: string;
  output?: string;
  error?: string;
}

/**
 * Memoizes results of pending steps and asks for one discovery call in every run whose group is whole with them (a race asks
 * after each). Results for ended runs or for steps that have one already change nothing.
 */
export async function resolveSteps(tx: Tx, results: readonly StepResult[], runIsLocked = false): Promise<void> {
  if (results.length === 0) return;
  if (!runIsLocked) {
    // Locked first and in order: positions then follow the order of commits, and two groups cannot lock crosswise.
    const runIds = [...new Set(results.map(({ runId }) => runId))];
    await tx.sql`select 1 from run where id = any(${runIds}) order by id for update`;
  }
  await tx.sql`
    with given as (
      select * from unnest(
        ${results.map((result) => result.runId)}::text[], ${results.map((result) => result.stepId)}::text[],
        ${results.map((result) => result.output ?? null)}::text[], ${results.map((result) => result.error ?? null)}::text[]
      ) with ordinality as g (run_id, step_id, output, error, nth)
    ), resolved as (
      update step set
        status = case when given.error is null then 'done' else 'failed' end,
        output = given.output, error = given.error, ended_at = ${at(tx.now)}, pos = nextval('step_pos')
      from given join run on run.id = given.run_id
      where step.run_id = given.run_id and step.id = given.step_id and step.status = 'pending'
        and run.status in ('queued', 'running')
      returning step.run_id, step.id, step.race
    ), timers as (
      delete from timer using resolved
      where timer.run_id = resolved.run_id and timer.step_id = resolved.id and timer.kind in ('sleep', 'wait', 'invoke')
    ), counted as (
      select run_id, count(*)::int as steps, bool_or(race) as race from resolved group by run_id
    ), updated as (
      update run set pending = run.pending - counted.steps from counted where run.id = counted.run_id
      returning run.id, run.fn_id, run.pending, run.priority_seconds, run.concurrency_keys, counted.race
    )
    insert into job as j (run_id, fn_id, step_id, due_at, rank, concurrency_keys)
    select id, fn_id, ${DISCOVERY}, ${at(tx.now)}, ${at(tx.now)} - priority_seconds * interval '1 second', concurrency_keys
    from updated where pending = 0 or race
    on conflict (run_id, step_id) do update set again = j.lease is not null`;
  tx.pokes.add("jobs");
}
