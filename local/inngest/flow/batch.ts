import { at, only, type Tx } from "../database";
import { durationMs } from "../duration";
import { storedEvent, type StoredEvent } from "../event";
import { expression } from "../expression";
import type { RegisteredFunction } from "../registry";

interface BatchRow {
  fn_id: string;
  key: string;
  id: string;
  external_id: string | null;
  payload: string;
}

/** Adds the event to the batch of its key; a batch that is full with it is taken and answered. */
export async function batch(tx: Tx, fn: RegisteredFunction, event: StoredEvent): Promise<StoredEvent[] | undefined> {
  const options = fn.config.batchEvents;
  if (!options) return [event];
  const scope = { event: event.payload };
  if (options.if && !expression(options.if, "event").matches(scope)) return [event];
  const key = options.key ? expression(options.key, "event").key(scope) : "";
  await tx.sql`
    insert into batch (fn_id, key, due_at) values (${fn.id}, ${key}, ${at(tx.now + (durationMs(options.timeout) ?? 0))})
    on conflict (fn_id, key) do nothing`;
  await tx.sql`insert into batch_event (fn_id, key, event_id) values (${fn.id}, ${key}, ${event.id})`;
  const { size } = only(
    await tx.sql<{ size: number }[]>`
      select count(*)::int as size from batch_event where fn_id = ${fn.id} and key = ${key}`,
  );
  if (size < options.maxSize) {
    tx.pokes.add("timers");
    return undefined;
  }
  const [taken] = await take(tx, await tx.sql<BatchRow[]>`
    select b.fn_id, b.key, e.id, e.external_id, e.payload from batch_event b join event e on e.id = b.event_id
    where b.fn_id = ${fn.id} and b.key = ${key} order by b.seq`);
  return taken?.events;
}

/** Takes the batches whose time is over. */
export async function takeDueBatches(tx: Tx, fnIds: string[]): Promise<{ fnId: string; events: StoredEvent[] }[]> {
  return take(
    tx,
    await tx.sql<BatchRow[]>`
      select b.fn_id, b.key, e.id, e.external_id, e.payload
      from batch join batch_event b using (fn_id, key) join event e on e.id = b.event_id
      where batch.due_at <= ${at(tx.now)} and batch.fn_id = any(${fnIds}) order by b.seq`,
  );
}

async function take(tx: Tx, rows: readonly BatchRow[]): Promise<{ fnId: string; events: StoredEvent[] }[]> {
  const groups = new Map<string, { fnId: string; key: string; events: StoredEvent[] }>();
  for (const row of rows) {
    const id = JSON.stringify([row.fn_id, row.key]);
    const group = groups.get(id) ?? { fnId: row.fn_id, key: row.key, events: [] };
    group.events.push(storedEvent(row));
    groups.set(id, group);
  }
  for (const { fnId, key } of groups.values()) {
    await tx.sql`delete from batch where fn_id = ${fnId} and key = ${key}`;
  }
  return [...groups.values()];
}
