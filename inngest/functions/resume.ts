import { channelNames, channels } from "@/lib/notifications/registry";
import { hasten } from "@/lib/notifications/deliveries/commands";
import { dueDeliveries } from "@/lib/notifications/deliveries/queries";
import { channelAwayUntil, channelIsWell } from "@/lib/notifications/sending/commands";
import { inngest } from "../client";
import { deliverEvent, resumeData, resumeEvent } from "../events";

/** As much as the runs of a channel finish before the next sweep; the rest is the sweep's. */
const deliveriesMax = 2_000;

/**
 * What was held while a provider was away comes out when it may be asked again. Many runs meet the same absence and say so: debounced,
 * they are one. The first call finds out whether the provider is back; until it has, the breaker lets no other through.
 */
export const resumeFunctions = channelNames.map((channel) =>
  inngest.createFunction(
    {
      id: `resume-${channel}`,
      name: `Resume ${channel} when its provider is back`,
      triggers: [{ event: resumeEvent, if: `event.data.channel == "${channel}"` }],
      debounce: { period: "1s", timeout: "10s" },
      concurrency: 1,
      retries: 3,
    },
    async ({ event, step }) => {
      const { at, recovered } = resumeData.parse(event.data);
      if (Date.parse(at) > (event.ts ?? 0)) await step.sleepUntil("until it may be asked again", at);
      const batches = await step.run("find", async () => {
        if (channelAwayUntil(channels[channel])) return [];
        if (recovered || channelIsWell(channels[channel])) await hasten(channel);
        return dueDeliveries(deliveriesMax, { channel });
      });
      if (batches.length > 0) await step.sendEvent("deliver", batches.map((data) => ({ name: deliverEvent, data })));
      return { batches: batches.length };
    },
  ),
);
