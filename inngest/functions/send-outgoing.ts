import { clock } from "@/lib/platform/clock";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { outgoingReady } from "@/lib/integrations/events";
import { sendOutgoing } from "@/lib/integrations/outgoing/sending/commands";
import { dueEndpoints } from "@/lib/integrations/outgoing/sending/queries";
import { inngest } from "../client";
import { refusingBadData } from "../envelope";
import { outgoingDueData, outgoingDueEvent } from "../events";

/**
 * Sends to one endpoint, or hands it over to the round that is under way in this process and ends. Sending is no step: done again it finds
 * nothing left to claim, and what it held when it died is taken over when the lease lapses.
 */
export const sendOutgoingDeliveries = inngest.createFunction(
  {
    id: "send-outgoing",
    name: "Send outgoing webhooks",
    triggers: [{ event: outgoingReady.name }, { event: outgoingDueEvent }],
    concurrency: 10,
    retries: 3,
  },
  async ({ event }) => {
    const { organizationId, payload } = await refusingBadData(async () => outgoingDueData.parse(event.data));
    return sendAll([{ organizationId, endpointId: payload.endpointId }]);
  },
);

/** Takes up what falls due later than in a minute, and what a process that died left behind. */
export const sweepOutgoing = inngest.createFunction(
  { id: "sweep-outgoing", name: "Sweep outgoing webhooks", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  async () => sendAll(await dueEndpoints()),
);

async function sendAll(wishes: { organizationId: string; endpointId: string }[]) {
  if (wishes.length === 0) return { attempts: {} };
  const outcome = await sendOutgoing(wishes);
  if (!outcome) return { handedOver: wishes.length };
  if (outcome.paused > 0) await pokeRelay();
  if (outcome.again.length > 0) {
    const now = clock.nowMs();
    await inngest.send(
      outcome.again.map(({ organizationId, endpointId, at }) => ({
        name: outgoingDueEvent,
        // Several rounds may wish for the same instant.
        id: `${endpointId}/${at.toISOString()}`,
        data: { organizationId, payload: { endpointId } },
        ts: Math.max(now, at.getTime()),
      })),
    );
  }
  return { attempts: outcome.attempts, again: outcome.again.length };
}
