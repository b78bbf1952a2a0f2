import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { channelNames, channels } from "@/lib/notifications/registry";
import { deliver, type DeliveryOutcome } from "@/lib/notifications/sending/commands";
import { inngest } from "../client";
import { deliverData, deliverEvent, resumeEvent } from "../events";
import { subjects } from "../subjects";

/** Runs of one channel at a time: a slow or absent provider holds up its own channel only. */
const runsAtOnce = { realtime: 10, email: 5, push: 10 } as const;

/** After as many rounds the sweep takes over; one mail after another to the same person is rare. */
const followersMax = 10;

/**
 * One function a channel, so that none waits for another. Delivering is no step: done again it finds nothing left to claim, and a step
 * would be one more call for every mail.
 */
export const deliverFunctions = channelNames.map((channel) =>
  inngest.createFunction(
    {
      id: `deliver-${channel}`,
      name: `Deliver by ${channel}`,
      triggers: [{ event: deliverEvent, if: `event.data.channel == "${channel}"` }],
      concurrency: runsAtOnce[channel],
      retries: 3,
    },
    async ({ event, step, runId }) => {
      const { organizationId, eventId, deliveryIds, deliverAfter } = deliverData.parse(event.data);
      return withLogContext({ organizationId, eventId, runId }, async () => {
        // Compared with the event's own time, which is the same at every replay of this function.
        if (Date.parse(deliverAfter) > (event.ts ?? 0)) await step.sleepUntil("until it is due", deliverAfter);
        const outcomes: DeliveryOutcome[] = [];
        const once = (ids: string[]) => deliver(systemTenant(organizationId), channels[channel], ids, subjects);
        for (let round = 0, ids = deliveryIds; ids.length > 0 && round < followersMax; round += 1) {
          const outcome = await once(ids);
          outcomes.push(outcome);
          ids = outcome.followers;
        }
        // Most likely an earlier call of this very run, which was killed: what it held is taken over when its lease lapses.
        const leasedUntil = outcomes[0]?.leasedUntil;
        if (leasedUntil) {
          await step.sleepUntil("until the lease lapses", new Date(leasedUntil.getTime() + 1_000));
          outcomes.push(await once(deliveryIds));
        }
        const recovered = outcomes.some((outcome) => outcome.recovered);
        const resumeAt = recovered ? clock.now() : outcomes.find((outcome) => outcome.resumeAt)?.resumeAt;
        if (resumeAt) await inngest.send({ name: resumeEvent, data: { channel, at: resumeAt.toISOString(), recovered } });
        return outcomes;
      });
    },
  ),
);
