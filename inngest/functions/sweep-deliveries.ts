import { dueDeliveries } from "@/lib/notifications/deliveries/queries";
import { channelNames, channels } from "@/lib/notifications/registry";
import { channelAwayUntil } from "@/lib/notifications/sending/commands";
import { inngest } from "../client";
import { deliverEvent, resumeEvent } from "../events";

const deliveriesMax = 10_000;

/** Takes up what waits for a provider to come back, and what a run that died left behind. */
export const sweepDeliveries = inngest.createFunction(
  { id: "sweep-deliveries", name: "Sweep due deliveries", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  async ({ step }) => {
    const { batches, away } = await step.run("find", async () => {
      const due = await dueDeliveries(deliveriesMax);
      const away = channelNames.flatMap((channel) => {
        const until = due.some((batch) => batch.channel === channel) && channelAwayUntil(channels[channel]);
        return until ? [{ channel, at: until.toISOString() }] : [];
      });
      return { batches: due.filter((batch) => !away.some(({ channel }) => channel === batch.channel)), away };
    });
    // The wish to resume may have died with its run.
    if (away.length > 0) await step.sendEvent("resume", away.map((data) => ({ name: resumeEvent, data })));
    if (batches.length > 0) await step.sendEvent("deliver", batches.map((data) => ({ name: deliverEvent, data })));
    return { batches: batches.length };
  },
);
