import postgres from "postgres";
import type { Database, Tx } from "./database";
import { endRun } from "./end-run";
import { storedEvent, type StoredEvent } from "./event";
import { expression } from "./expression";
import { log, reason } from "./log";
import { offer } from "./offer";
import { patternMatches, type Registry } from "./registry";
import { resolveSteps } from "./resolve-steps";

const EVENTS_A_PASS = 100;

/** Matches the next events; one that cannot be stored onwards is set aside with its problem instead of stopping all others. */
export async function matchPass(database: Database, registry: Registry): Promise<number> {
  try {
    return await database.transact((tx) => matchEvents(tx, registry, EVENTS_A_PASS));
  } catch (error) {
    if (!isAboutData(error)) throw error;
  }
  try {
    return await database.transact((tx) => matchEvents(tx, registry, 1));
  } catch (error) {
    if (!isAboutData(error)) throw error;
    const [row] = await database.sql<{ id: string }[]>`
      update event set matched = true, problem = ${reason(error)}
      where id = (select id from event where not matched order by seq limit 1) returning id`;
    log("error", "an event is set aside", { event: row?.id, error: reason(error) });
    return 1;
  }
}

/** As opposed to a database that is away, full or busy, which trying again does mend. */
function isAboutData(error: unknown): boolean {
  return error instanceof postgres.PostgresError ? /^(?:22|23|42|54)/.test(error.code) : error instanceof TypeError;
}

/**
 * Takes the oldest events that nobody has looked at and gives each to the runs it cancels, the steps that wait for it and the
 * functions it triggers, all in the transaction that marks them as matched. In this order, so that an event that both cancels
 * and triggers a function does not cancel the run it starts. Answers how many it took.
 */
async function matchEvents(tx: Tx, registry: Registry, limit: number): Promise<number> {
  const rows = await tx.sql<{ id: string; external_id: string | null; payload: string }[]>`
    select id, external_id, payload from event where not matched order by seq limit ${limit}`;
  const events = rows.map(storedEvent);
  const waits = await waitsFor(tx, [...new Set(events.map(({ payload }) => payload.name))]);
  for (const event of events) {
    await cancelRuns(tx, registry, event);
    await resolveWaits(tx, event, waits.get(event.payload.name) ?? []);
    for (const fn of registry.triggeredBy(event.payload.name)) {
      const triggered = fn.events.some(
        ({ pattern, condition }) =>
          patternMatches(pattern, event.payload.name) && (condition?.matches({ event: event.payload }) ?? true),
      );
      if (triggered) await offer(tx, registry, fn, event);
    }
  }
  if (rows.length > 0) await tx.sql`update event set matched = true where id = any(${rows.map(({ id }) => id)})`;
  return rows.length;
}

async function cancelRuns(tx: Tx, registry: Registry, event: StoredEvent): Promise<void> {
  for (const fn of registry.cancelledBy(event.payload.name)) {
    const runs = await tx.sql<{ id: string; created_at: Date; payload: string }[]>`
      select run.id, run.created_at, event.payload
      from run join run_event on run_event.run_id = run.id and run_event.pos = 0 join event on event.id = run_event.event_id
      where run.fn_id = ${fn.id} and run.status in ('queued', 'running')`;
    for (const run of runs) {
      const original: unknown = JSON.parse(run.payload);
      const hit = fn.cancels.some(
        ({ pattern, condition, withinMs }) =>
          patternMatches(pattern, event.payload.name) &&
          (withinMs === undefined || tx.now <= run.created_at.getTime() + withinMs) &&
          (condition?.matches({ event: original, async: event.payload }) ?? true),
      );
      if (hit) await endRun(tx, registry, run.id, { status: "cancelled", reason: `event ${event.payload.name}` });
    }
  }
}

interface Wait {
  run_id: string;
  id: string;
  wait_event: string;
  wait_if: string | null;
  payload: string;
}

/** The waiting steps by the event's name. A step that one event of a pass resolves is not resolved again by a later one. */
async function waitsFor(tx: Tx, names: string[]): Promise<Map<string, Wait[]>> {
  if (names.length === 0) return new Map();
  const rows = await tx.sql<Wait[]>`
    select step.run_id, step.id, step.wait_event, step.wait_if, original.payload
    from step join run_event on run_event.run_id = step.run_id and run_event.pos = 0
      join event original on original.id = run_event.event_id
    where step.wait_event = any(${names}) and step.status = 'pending'
    order by step.created_at, step.run_id`;
  const byName = new Map<string, Wait[]>();
  for (const name of names) byName.set(name, rows.filter(({ wait_event }) => wait_event === name));
  return byName;
}

async function resolveWaits(tx: Tx, event: StoredEvent, waits: readonly Wait[]): Promise<void> {
  const hits = waits.filter(({ wait_if, payload, run_id }) => {
    if (wait_if === null) return true;
    try {
      const scope = { event: JSON.parse(payload) as unknown, async: event.payload };
      return expression(wait_if, "both").matches(scope);
    } catch (error) {
      log("error", "a wait cannot be evaluated", { run: run_id, expression: wait_if, error: reason(error) });
      return false;
    }
  });
  const output = JSON.stringify(event.payload);
  await resolveSteps(tx, hits.map(({ run_id, id }) => ({ runId: run_id, stepId: id, output })));
}
