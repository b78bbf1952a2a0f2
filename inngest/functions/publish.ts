import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { publicationRequested } from "@/lib/notifications/events";
import { startPublication } from "@/lib/notifications/publications/commands";
import { duePublications } from "@/lib/notifications/publications/queries";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";

/** Sleeps until the time that was asked for; whether it still goes out is decided then, under the lock of its row. */
export const publishRequested = inngest.createFunction(
  { id: "publish", name: "Publish at the time that was asked for", triggers: [{ event: publicationRequested.name }], retries: 10 },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { publicationId, sendAt } = await refusingBadData(async () => publicationRequested.schema.parse(payload));
      // Compared with the event's own time, which is the same at every replay of this function.
      if (Date.parse(sendAt) > (event.ts ?? 0)) await step.sleepUntil("until its time", sendAt);
      return step.run("start", () => start(organizationId, publicationId));
    });
  },
);

const dueMax = 500;

/** Takes up what a sleep that was lost, e.g. with the engine that slept it, left behind. */
export const sweepPublications = inngest.createFunction(
  { id: "sweep-publications", name: "Sweep due publications", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  ({ step }) =>
    step.run("start", async () => {
      const due = await duePublications(dueMax);
      for (const { organizationId, id } of due) await start(organizationId, id);
      return { due: due.length };
    }),
);

async function start(organizationId: string, publicationId: string) {
  const outcome = await startPublication(systemTenant(organizationId), publicationId);
  if (outcome.started) await pokeRelay();
  return outcome;
}
