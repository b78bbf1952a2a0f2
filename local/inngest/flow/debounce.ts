import { at, type Tx } from "../database";
import { durationMs } from "../duration";
import { storedEvent, type StoredEvent } from "../event";
import { expression } from "../expression";
import type { RegisteredFunction } from "../registry";

/** Keeps the newest event of a key; each one starts the period again, up to the timeout counted from the first. */
export async function debounce(tx: Tx, fn: RegisteredFunction, event: StoredEvent): Promise<void> {
  const options = fn.config.debounce;
  if (!options) return;
  const key = options.key ? expression(options.key, "event").key({ event: event.payload }) : "";
  const due = at(tx.now + (durationMs(options.period) ?? 0));
  const deadline = options.timeout ? at(tx.now + (durationMs(options.timeout) ?? 0)) : null;
  await tx.sql`
    insert into debounce as d (fn_id, key, event_id, deadline_at, due_at)
    values (${fn.id}, ${key}, ${event.id}, ${deadline}, ${due})
    on conflict (fn_id, key) do update
      set event_id = excluded.event_id, due_at = least(excluded.due_at, d.deadline_at)`;
  tx.pokes.add("timers");
}

/** Takes the debounced events whose quiet period is over. */
export async function takeDebounced(tx: Tx, fnIds: string[]): Promise<{ fnId: string; event: StoredEvent }[]> {
  const rows = await tx.sql<{ fn_id: string; id: string; external_id: string | null; payload: string }[]>`
    with due as (
      delete from debounce where due_at <= ${at(tx.now)} and fn_id = any(${fnIds}) returning fn_id, event_id
    )
    select due.fn_id, e.id, e.external_id, e.payload from due join event e on e.id = due.event_id order by e.seq`;
  return rows.map((row) => ({ fnId: row.fn_id, event: storedEvent(row) }));
}
