import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { dispatchProductEvent } from "@/lib/integrations/outgoing/product-events/commands";
import { dispatchedEvents } from "@/lib/integrations/outgoing/product-events/registry";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { inTens } from "../in-tens";
import { parking } from "../parking";

/** What happens in the product itself goes to the endpoints that subscribed to it; one at a time for an organization, to keep their order. */
export const dispatchFunctions = inTens("dispatch-product-events", dispatchedEvents).map((heard) =>
  inngest.createFunction(
    {
      ...heard,
      name: "Put the product's events on their way to endpoints",
      // One limit for all of these functions together.
      concurrency: [{ key: `"dispatch " + event.data.organizationId`, scope: "env", limit: 1 }, { limit: 10 }],
      retries: 10,
      onFailure: parking("dispatch-product-events"),
    },
    async ({ event, runId }) => {
      const envelope = envelopeOf(event.data);
      const { organizationId, eventId } = envelope;
      return withLogContext({ organizationId, eventId, runId }, async () => {
        const enqueued = await refusingBadData(() => dispatchProductEvent(systemTenant(organizationId), envelope));
        if (enqueued > 0) await pokeRelay();
        return { enqueued };
      });
    },
  ),
);
