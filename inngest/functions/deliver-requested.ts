import { deliveryRequested } from "@/lib/notifications/events";
import { withLogContext } from "@/lib/platform/log";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { deliverEvent } from "../events";

/** Somebody pressed "send again". */
export const deliverRequested = inngest.createFunction(
  { id: "deliver-requested", name: "Deliver what was asked for again", triggers: [{ event: deliveryRequested.name }], retries: 10 },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, occurredAt, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { channel, deliveryId } = await refusingBadData(async () => deliveryRequested.schema.parse(payload));
      await step.sendEvent("deliver", { name: deliverEvent, data: { organizationId, eventId, channel, deliveryIds: [deliveryId], deliverAfter: occurredAt } });
    });
  },
);
