import { eq, sql } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { storageUsage } from "../tables";

const megabyte = 1024 * 1024;

/**
 * Promises `bytes` to an upload. One statement under the lock of the organization's row decides, however many ask at once.
 * @throws Refused QUOTA_FULL with what is used, promised and allowed.
 */
export async function reserve(tx: Tx, tenant: Tenant, bytes: number): Promise<void> {
  const quota = sql`coalesce(${storageUsage.quotaBytes}, ${env().MEDIA_QUOTA_MB * megabyte}::bigint)`;
  await tx.insert(storageUsage).values({ organizationId: tenant.organizationId }).onConflictDoNothing();
  const taken = await tx
    .update(storageUsage)
    .set({ reservedBytes: sql`${storageUsage.reservedBytes} + ${bytes}` })
    .where(sql`${storageUsage.organizationId} = ${tenant.organizationId} and ${storageUsage.usedBytes} + ${storageUsage.reservedBytes} + ${bytes} <= ${quota}`)
    .returning({ reserved: storageUsage.reservedBytes });
  if (taken.length > 0) return;
  const [now] = await tx
    .select({ usedBytes: storageUsage.usedBytes, reservedBytes: storageUsage.reservedBytes, quotaBytes: sql<string>`${quota}` })
    .from(storageUsage)
    .where(eq(storageUsage.organizationId, tenant.organizationId));
  throw new Refused("QUOTA_FULL", { extra: { ...now, quotaBytes: Number(now?.quotaBytes ?? 0) } });
}

/**
 * Keeps the sums true to the rows of `media`, in the transaction that changes them: reserved is what pending ones declared, used is what
 * the others store. What is made of a picture counts but is never refused, so a full quota may be passed by its sizes.
 */
export async function settle(tx: Tx, organizationId: string, change: { reserved?: number; used?: number }): Promise<void> {
  const { reserved = 0, used = 0 } = change;
  if (reserved === 0 && used === 0) return;
  await tx
    .update(storageUsage)
    .set({ reservedBytes: sql`${storageUsage.reservedBytes} + ${reserved}`, usedBytes: sql`${storageUsage.usedBytes} + ${used}` })
    .where(eq(storageUsage.organizationId, organizationId));
}
