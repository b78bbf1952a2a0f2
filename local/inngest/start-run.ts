import { at, type Tx } from "./database";
import { durationMs } from "./duration";
import type { StoredEvent } from "./event";
import { concurrencyKeys } from "./flow/concurrency";
import { prioritySeconds } from "./flow/priority";
import { singletonKey } from "./flow/singleton";
import { throttledStart } from "./flow/throttle";
import { DISCOVERY } from "./protocol";
import type { Registry, RegisteredFunction } from "./registry";
import { ulid } from "./ulid";

export interface NewRun {
  fn: RegisteredFunction;
  events: StoredEvent[];
  cause: "event" | "cron" | "invoke" | "replay";
  /** Not before this instant (epoch ms). */
  notBefore?: number;
  parent?: { runId: string; stepId: string };
  replayOf?: string;
}

/** Queues a run; undefined when a singleton under way keeps it out. */
export async function startRun(tx: Tx, registry: Registry, run: NewRun): Promise<string | undefined> {
  const { fn } = run;
  const [first] = run.events;
  if (!first) throw new Error(`a run of "${fn.id}" without an event`);
  const singleton = await singletonKey(tx, registry, fn, first.payload);
  if (singleton === undefined) return undefined;
  const due = await throttledStart(tx, fn, first.payload, Math.max(tx.now, run.notBefore ?? 0));
  const priority = prioritySeconds(fn, first.payload);
  const keys = concurrencyKeys(fn, first.payload);
  const id = ulid(tx.now);
  const startWithin = fn.config.timeouts?.start;
  await tx.sql`
    with new_run as (
      insert into run (id, fn_id, status, cause, created_at, priority_seconds, concurrency_keys, singleton_key,
        parent_run, parent_step, replay_of)
      values (${id}, ${fn.id}, 'queued', ${run.cause}, ${at(tx.now)}, ${priority}, ${keys}, ${singleton},
        ${run.parent?.runId ?? null}, ${run.parent?.stepId ?? null}, ${run.replayOf ?? null})
    ), new_run_event as (
      insert into run_event (run_id, pos, event_id)
      select ${id}, pos - 1, event_id
      from unnest(${run.events.map((event) => event.id)}::text[]) with ordinality as given (event_id, pos)
    ), start_timer as (
      insert into timer (kind, due_at, run_id)
      select 'start', ${at(tx.now + (startWithin ? (durationMs(startWithin) ?? 0) : 0))}, ${id} where ${Boolean(startWithin)}
    )
    insert into job (run_id, fn_id, step_id, due_at, rank, concurrency_keys)
    values (${id}, ${fn.id}, ${DISCOVERY}, ${at(due)}, ${at(due - priority * 1000)}, ${keys})`;
  tx.pokes.add("jobs");
  if (startWithin) tx.pokes.add("timers");
  return id;
}
