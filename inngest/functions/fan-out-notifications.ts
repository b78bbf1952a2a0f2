import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { heardEvents } from "@/lib/notifications/registry";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { deliverEvent } from "../events";

/**
 * One event of the product becomes inbox rows and deliveries; each channel then goes its own way. Without steps, because a repeated
 * fan-out changes nothing and returns what still waits: every step would be one more call between a reminder's instant and its reader.
 */
export const fanOutNotifications = inngest.createFunction(
  { id: "fan-out-notifications", name: "Fan out notifications", triggers: heardEvents.map((event) => ({ event })), concurrency: 20, retries: 10 },
  async ({ event, runId }) => {
    const envelope = envelopeOf(event.data);
    const { organizationId, eventId } = envelope;
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const batches = await refusingBadData(() => fanOut(systemTenant(organizationId), event.name, envelope));
      if (batches.length > 0) await inngest.send(batches.map((batch) => ({ name: deliverEvent, data: { organizationId, eventId, ...batch } })));
      return { batches: batches.length };
    });
  },
);
