import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { fanOut, fanOutPart, takesSteps, theStart, type Position } from "@/lib/notifications/fan-out/commands";
import { heardEvents } from "@/lib/notifications/registry";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { inTens } from "../in-tens";
import { parking } from "../parking";
import { sendDeliveries } from "../send-deliveries";

/**
 * One event of the product becomes inbox rows and deliveries; each channel then goes its own way. Without steps, because a repeated
 * fan-out changes nothing and returns what still waits: every step would be one more call between a reminder's instant and its reader.
 * Only a set of many thousands goes by steps, so that a crash goes on where it was. What fails for good is parked with its reason.
 */
export const fanOutFunctions = inTens("fan-out-notifications", heardEvents).map((heard) =>
  inngest.createFunction(
    {
      ...heard,
      name: "Fan out notifications",
      concurrency: 20,
      retries: 10,
      onFailure: parking("fan-out"),
    },
    async ({ event, step, runId }) => {
      const envelope = envelopeOf(event.data);
      const { organizationId, eventId } = envelope;
      const tenant = systemTenant(organizationId);
      return withLogContext({ organizationId, eventId, runId }, async () => {
        if (!(await refusingBadData(() => takesSteps(tenant, event.name, envelope)))) {
          return { batches: await sendDeliveries(organizationId, await refusingBadData(() => fanOut(tenant, event.name, envelope)), eventId) };
        }
        let batches = 0;
        for (let position: Position | null = theStart; position; ) {
          const from: Position = position;
          const part = await step.run(`tell those after ${from.row}:${from.after}`, async () => {
            const { next, batches: waiting } = await fanOutPart(tenant, event.name, envelope, from);
            return { next, sent: await sendDeliveries(organizationId, waiting, eventId) };
          });
          batches += part.sent;
          position = part.next;
        }
        return { batches };
      });
    },
  ),
);
