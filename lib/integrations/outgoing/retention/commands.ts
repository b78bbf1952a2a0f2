import { and, lt, inArray } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { endpointSecrets, outgoingDeliveries } from "../tables";

const keptMs = 30 * 24 * 3600 * 1000;
const rowsMax = 10_000;

/** Deletes settled deliveries, with their attempts, a month after they ended, and secrets that sign no more. @returns how many deliveries. */
export async function forgetOutgoing(): Promise<number> {
  const now = clock.now();
  await asSystem("housekeeping", (tx) => tx.delete(endpointSecrets).where(lt(endpointSecrets.validUntil, now)));
  for (let forgotten = 0; ; ) {
    // In parts, so that nobody waits behind one long transaction.
    const { count } = await asSystem("housekeeping", (tx) => {
      const old = tx
        .select({ id: outgoingDeliveries.id })
        .from(outgoingDeliveries)
        .where(and(lt(outgoingDeliveries.settledAt, new Date(now.getTime() - keptMs)), inArray(outgoingDeliveries.state, ["delivered", "failed", "dropped"])))
        .limit(rowsMax);
      return tx.delete(outgoingDeliveries).where(inArray(outgoingDeliveries.id, old));
    });
    forgotten += count;
    if (count < rowsMax) return forgotten;
  }
}
