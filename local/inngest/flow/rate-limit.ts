import { at, type Tx } from "../database";
import { durationMs } from "../duration";
import { expression } from "../expression";
import type { EventPayload } from "../event";
import type { RegisteredFunction } from "../registry";

/** Whether a run may start now: at most `limit` starts within any `period`. What is over the limit is dropped, by contract. */
export async function withinRateLimit(tx: Tx, fn: RegisteredFunction, event: EventPayload): Promise<boolean> {
  const limit = fn.config.rateLimit;
  if (!limit) return true;
  const key = limit.key ? expression(limit.key, "event").key({ event }) : "";
  const periodMs = durationMs(limit.period) ?? 0;
  // The newest `limit` starts are kept: when the oldest of a full list is out of the period, there is room for one more.
  const rows = await tx.sql`
    insert into rate_limit as r (fn_id, key, starts, expires_at)
    values (${fn.id}, ${key}, array[${at(tx.now)}::timestamptz], ${at(tx.now + periodMs)})
    on conflict (fn_id, key) do update
      set starts = (array[${at(tx.now)}::timestamptz] || r.starts)[1:${limit.limit}], expires_at = excluded.expires_at
      where cardinality(r.starts) < ${limit.limit} or r.starts[${limit.limit}] <= ${at(tx.now - periodMs)}
    returning 1`;
  return rows.length > 0;
}
