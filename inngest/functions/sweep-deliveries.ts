import { dueDeliveries } from "@/lib/notifications/deliveries/queries";
import { inngest } from "../client";
import { deliverEvent } from "../events";

const deliveriesMax = 10_000;

/** Takes up what waits for a provider to come back, and what a run that died left behind. */
export const sweepDeliveries = inngest.createFunction(
  { id: "sweep-deliveries", name: "Sweep due deliveries", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  async ({ step }) => {
    const batches = await step.run("find", () => dueDeliveries(deliveriesMax));
    if (batches.length > 0) await step.sendEvent("deliver", batches.map((data) => ({ name: deliverEvent, data })));
    return { batches: batches.length };
  },
);
