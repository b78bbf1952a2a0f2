import { z } from "zod";
import { deliveriesReplayed, deliveryRequested } from "@/lib/notifications/events";
import { withLogContext } from "@/lib/platform/log";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { deliverEvent } from "../events";

const requested = z.union([
  deliveriesReplayed.schema,
  deliveryRequested.schema.transform(({ channel, deliveryId }) => ({ channel, deliveryIds: [deliveryId] })),
]);

/** Somebody pressed "send again", or replayed dead letters. */
export const deliverRequested = inngest.createFunction(
  {
    id: "deliver-requested",
    name: "Deliver what was asked for again",
    triggers: [{ event: deliveryRequested.name }, { event: deliveriesReplayed.name }],
    retries: 10,
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, occurredAt, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { channel, deliveryIds } = await refusingBadData(async () => requested.parse(payload));
      await step.sendEvent("deliver", { name: deliverEvent, data: { organizationId, eventId, channel, deliveryIds, deliverAfter: occurredAt } });
    });
  },
);
