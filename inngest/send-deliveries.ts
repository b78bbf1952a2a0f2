import type { DeliveryBatch } from "@/lib/notifications/fan-out/rules";
import { inngest } from "./client";
import { deliverEvent } from "./events";

/** About 3 kB a batch; a request stays below what any engine accepts. */
const batchesARequest = 100;

/** Hands what waits to the channels. Sent twice, the second finds nothing left to claim. */
export async function sendDeliveries(organizationId: string, batches: DeliveryBatch[], eventId?: string): Promise<number> {
  for (let sent = 0; sent < batches.length; sent += batchesARequest) {
    const events = batches.slice(sent, sent + batchesARequest).map((batch) => ({ name: deliverEvent, data: { organizationId, eventId, ...batch } }));
    await inngest.send(events);
  }
  return batches.length;
}
