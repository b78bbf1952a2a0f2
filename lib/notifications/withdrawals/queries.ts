import { and, eq, inArray } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { withdrawals } from "../topics/tables";

/** Which of these threads and subjects are gone. Asked under the lock of their threads, the answer holds until the transaction ends. */
export async function withdrawnAmong(tx: Tx, tenant: Tenant, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx
    .select({ key: withdrawals.key })
    .from(withdrawals)
    .where(and(eq(withdrawals.organizationId, tenant.organizationId), inArray(withdrawals.key, [...new Set(keys)])));
  return new Set(rows.map(({ key }) => key));
}
