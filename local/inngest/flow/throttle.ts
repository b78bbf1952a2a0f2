import { at, only, type Tx } from "../database";
import { durationMs } from "../duration";
import { expression } from "../expression";
import type { EventPayload } from "../event";
import type { RegisteredFunction } from "../registry";

/**
 * Generic cell rate algorithm: reserves the next free slot and answers its instant. `limit + burst` runs may start at once,
 * then one each `period / limit`. Nothing is dropped; runs start in the order of their events.
 */
export async function throttledStart(tx: Tx, fn: RegisteredFunction, event: EventPayload, wanted: number): Promise<number> {
  const throttle = fn.config.throttle;
  if (!throttle) return wanted;
  const key = throttle.key ? expression(throttle.key, "event").key({ event }) : "";
  const intervalMs = (durationMs(throttle.period) ?? 0) / throttle.limit;
  const toleranceMs = (throttle.limit + (throttle.burst ?? 1) - 1) * intervalMs;
  const { arrival_at } = only(
    await tx.sql<{ arrival_at: Date }[]>`
      insert into throttle as t (fn_id, key, arrival_at)
      values (${fn.id}, ${key}, ${at(wanted + intervalMs)})
      on conflict (fn_id, key) do update
        set arrival_at = greatest(t.arrival_at, ${at(wanted)}) + ${intervalMs}::float8 * interval '1 millisecond'
      returning arrival_at`,
  );
  return Math.max(wanted, arrival_at.getTime() - intervalMs - toleranceMs);
}
