import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { replayEvents } from "@/lib/platform/outbox/parking";
import { audit } from "@/lib/organizations/audit";
import type { Member } from "@/lib/organizations/actor";
import { mayWatchDeliveries } from "./policy";

/**
 * Sends one event again that could not become what it should, or all of them.
 * @throws Refused FORBIDDEN, CONFLICT when none of them is parked any more.
 */
export async function replayParkedEvents(member: Member, eventIds: string[] | "all"): Promise<number> {
  if (!mayWatchDeliveries(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const replayed = await replayEvents(tx, member, eventIds);
    if (replayed.length === 0) throw new Refused("CONFLICT", { detail: "It was sent again already." });
    await audit(tx, member, [{ action: "event.replayed", subject: String(replayed.length), detail: { eventIds: replayed.slice(0, 100) } }]);
    return replayed.length;
  });
}
