import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { systemTenant, type Tenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { webhookReceived } from "@/lib/integrations/events";
import { readWaiting } from "@/lib/integrations/ingest/commands";
import { connectionsWaiting, isWaiting } from "@/lib/integrations/ingest/queries";
import { dispatchWaiting, tellWaiting } from "@/lib/integrations/subscriptions/commands";
import { inngest } from "../client";
import { refusingBadData } from "../envelope";
import { webhooksWaitingEvent } from "../events";

const chunk = 100;
/** A step is one call of this process, which some hosts end after seconds. */
const chunksAStep = 10;
const roundsMax = 100;

const waking = z.object({ organizationId: z.string(), payload: webhookReceived.schema });

/**
 * Goes through what waits at a connection, one run at a time. Everything that comes within a second wakes one run: a burst is read in
 * chunks, not by a run each, and whoever finds nothing left ends with one question. Telling is a step of its own, because it may have to
 * ask over there: when that fails, it alone is repeated, and programs have had theirs.
 */
export const readWebhooks = inngest.createFunction(
  {
    id: "read-webhooks",
    name: "Read, dispatch and tell webhooks",
    triggers: [{ event: webhookReceived.name }, { event: webhooksWaitingEvent }],
    batchEvents: { maxSize: 100, timeout: "1s", key: "event.data.payload.connectionId" },
    concurrency: [{ limit: 10 }, { limit: 1, key: "event.data.payload.connectionId" }],
    retries: 3,
  },
  async ({ event, step, runId }) => {
    const { organizationId, payload } = await refusingBadData(async () => waking.parse(event.data));
    const { connectionId } = payload;
    const tenant = systemTenant(organizationId);
    return withLogContext({ organizationId, runId }, async () => {
      const total = { read: 0, dispatched: 0, told: 0 };
      // Not a step: asked again after one, it ends the run as soon as nothing is left to do, whoever has done it.
      for (let round = 0; round < roundsMax && (await isWaiting(tenant, connectionId)); round += 1) {
        const { read, dispatched } = await step.run(`read and dispatch ${round}`, () => readAndDispatch(tenant, connectionId));
        const told = await step.run(`tell ${round}`, () => tell(tenant, connectionId));
        total.read += read;
        total.dispatched += dispatched;
        total.told += told;
        // What is left waits for something else, as for the grant of one of its readers; the sweep looks again.
        if (read + dispatched + told === 0) break;
      }
      return total;
    });
  },
);

async function readAndDispatch(tenant: Tenant, connectionId: string): Promise<{ read: number; dispatched: number }> {
  const total = { read: 0, dispatched: 0 };
  for (let chunks = 0; chunks < chunksAStep; chunks += 1) {
    const read = await readWaiting(tenant, connectionId, chunk);
    const dispatched = await dispatchWaiting(tenant, connectionId, chunk);
    if (read === 0 && dispatched === 0) break;
    total.read += read;
    total.dispatched += dispatched;
  }
  if (total.dispatched > 0) await pokeRelay();
  return total;
}

async function tell(tenant: Tenant, connectionId: string): Promise<number> {
  let told = 0;
  try {
    for (let chunks = 0; chunks < chunksAStep; chunks += 1) {
      const some = await tellWaiting(tenant, connectionId, chunk);
      told += some;
      if (some < chunk) break;
    }
  } finally {
    await pokeRelay();
  }
  return told;
}

/** What has waited for longer than any run takes to begin. */
const leftAfterMs = 60_000;
const connectionsMax = 500;

/** Takes up what a process that died, or an engine that was away, left behind. */
export const sweepWebhooks = inngest.createFunction(
  { id: "sweep-webhooks", name: "Sweep webhooks that wait", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  async ({ step }) => {
    const waiting = await step.run("find", () => connectionsWaiting(new Date(clock.nowMs() - leftAfterMs), connectionsMax));
    if (waiting.length > 0) {
      await step.sendEvent("wake", waiting.map(({ organizationId, connectionId }) => ({ name: webhooksWaitingEvent, data: { organizationId, payload: { connectionId } } })));
    }
    return { connections: waiting.length };
  },
);
