import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { clock } from "@/lib/platform/clock";
import { afterCommit, inTenant, systemTenant, type Tx } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { organizationChannel, publishRealtime } from "@/lib/platform/realtime";
import { pluginConnections } from "../../connections/tables";
import type { Objection } from "../../plugin";
import { forgetTrust, type ConnectionTrust } from "../trust/queries";

/**
 * What a connection shows of its deliveries: when the first was proven, when the last came, when and why one was turned away. Everybody who
 * delivers to it would wait for this one row, and a flood would write without end; so a process writes each at most once a minute.
 */
const everyMs = 60_000;
/** Until somebody sees that it works. */
const everyUnverifiedMs = 1_000;

const writtenAt = new LRUCache<string, number>({ max: 10_000 });

function isDue(key: string, afterMs: number): boolean {
  const last = writtenAt.get(key);
  if (last !== undefined && Math.abs(clock.nowMs() - last) < afterMs) return false;
  writtenAt.set(key, clock.nowMs());
  return true;
}

/** The delivery itself is settled by now, and nothing that happens here may change its answer. */
async function noting(organizationId: string, connectionId: string, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await inTenant(systemTenant(organizationId), work);
  } catch (error) {
    log.warn("how a connection is doing could not be noted", { connectionId, error });
  }
}

/** A delivery was taken. The set-up page turns green by the first that was proven. */
export async function noteArrival({ connectionId, organizationId, verified }: ConnectionTrust, proven: boolean): Promise<void> {
  const isFirst = proven && !verified;
  if (!isDue(`${connectionId}:${isFirst ? "first" : "arrival"}`, isFirst ? everyUnverifiedMs : everyMs)) return;
  const now = clock.now();
  await noting(organizationId, connectionId, async (tx) => {
    const unproven = isNull(pluginConnections.verifiedAt);
    const stale = or(isNull(pluginConnections.lastReceivedAt), lt(pluginConnections.lastReceivedAt, new Date(now.getTime() - everyMs)));
    const noted = await tx
      .update(pluginConnections)
      .set({ lastReceivedAt: now, ...(proven && { verifiedAt: sql`coalesce(${pluginConnections.verifiedAt}, ${now.toISOString()}::timestamptz)` }) })
      .where(and(eq(pluginConnections.id, connectionId), proven ? or(unproven, stale) : stale))
      .returning({ id: pluginConnections.id });
    if (isFirst) await forgetTrust(tx, connectionId);
    if (noted.length > 0) callOut(tx, organizationId);
  });
}

/** A delivery was turned away; the set-up page says why. */
export async function noteRefusal({ connectionId, organizationId }: ConnectionTrust, objection: Objection): Promise<void> {
  if (!isDue(`${connectionId}:${objection}`, everyMs)) return;
  await noting(organizationId, connectionId, async (tx) => {
    await tx.update(pluginConnections).set({ refusedAt: clock.now(), refusedReason: objection }).where(eq(pluginConnections.id, connectionId));
    callOut(tx, organizationId);
  });
}

/** Everybody in the organization hears it, so it says nothing: whoever shows connections looks again. A call that is lost costs freshness only. */
function callOut(tx: Tx, organizationId: string): void {
  afterCommit(tx, () => void publishRealtime([{ channel: organizationChannel(organizationId), event: "connections.changed", data: {} }]));
}
