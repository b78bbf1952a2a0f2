import { at, type Tx } from "../database";

export const DAY_MS = 86_400_000;

/** Whether this function meets this key for the first time within 24 hours; meeting it makes it known. */
export async function firstSight(tx: Tx, fnId: string, key: string): Promise<boolean> {
  const rows = await tx.sql`
    insert into seen (fn_id, key, expires_at) values (${fnId}, ${key}, ${at(tx.now + DAY_MS)})
    on conflict (fn_id, key) do update set expires_at = excluded.expires_at where seen.expires_at <= ${at(tx.now)}
    returning 1`;
  return rows.length > 0;
}
