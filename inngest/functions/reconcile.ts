import { RetryAfterError } from "inngest";
import { z } from "zod";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { gapFound } from "@/lib/integrations/events";
import { beginReconciliation, endReconciliation, reconcilePage, reconciliation, type Asked } from "@/lib/integrations/reconciliation/commands";
import { connectionsToAsk } from "@/lib/integrations/reconciliation/queries";
import { inngest } from "../client";
import { refusingBadData } from "../envelope";
import { reconcileEvent } from "../events";

const wish = z.object({
  organizationId: z.string(),
  payload: z.object({ connectionId: z.string() }),
  /** A reconciliation that is under way, and where its last page ended. */
  going: z.object({ begun: reconciliation, after: z.string() }).optional(),
});

/** A run has a thousand steps at most. What began anew each time it had used them up would never end, so another run goes on. */
const pagesMax = 800;
/** What a run goes by that goes on: by the connection's name, the one before it, which has not ended yet, would keep it out. */
const nameOf = (connectionId: string, after: string) => `${connectionId} after ${after}`;

/** Without an answer for how long, and at most: a run that waits for hours would only hold what the next look begins anew. */
const restSeconds = 30;
const restSecondsMax = 3_600;

/** Asks a place for what its webhooks did not tell, a page a step, so that it goes on where it was. What is put off is begun by a later look. */
export const reconcile = inngest.createFunction(
  {
    id: "reconcile",
    name: "Ask a connection for what was missed",
    triggers: [{ event: gapFound.name }, { event: reconcileEvent }],
    concurrency: 3,
    // A run that a site keeps waiting for an hour is asked for again every ten minutes: each would begin anew and ask the same.
    singleton: { key: "event.data.payload.connectionId", mode: "skip" },
    retries: 5,
  },
  async ({ event, step, runId }) => {
    const { organizationId, payload, going } = await refusingBadData(async () => wish.parse(event.data));
    const tenant = systemTenant(organizationId);
    return withLogContext({ organizationId, runId }, async () => {
      const begun = going?.begun ?? (await step.run("begin", () => beginReconciliation(tenant, payload.connectionId)));
      if (!begun) return { asked: false };
      let fed = 0;
      for (let pages = 0, after: string | null = going?.after ?? null; ; pages += 1) {
        const from: string | null = after;
        const page: Asked = await step.run(`page ${pages}`, async () => {
          const asked = await reconcilePage(tenant, begun, from);
          if ("later" in asked && asked.later !== "refused") {
            throw new RetryAfterError(`put off: ${asked.later}`, Math.min(asked.retryAfterSeconds ?? restSeconds, restSecondsMax) * 1000);
          }
          await pokeRelay();
          return asked;
        });
        if ("later" in page) return { asked: true, fed, later: page.later };
        fed += page.fed;
        after = page.next;
        if (after === null) break;
        if (pages + 1 >= pagesMax) {
          await step.sendEvent("go on", { name: reconcileEvent, data: { organizationId, payload: { connectionId: nameOf(begun.connectionId, after) }, going: { begun, after } } });
          return { asked: true, fed, goesOn: true };
        }
      }
      await step.run("end", () => endReconciliation(tenant, begun));
      return { asked: true, fed };
    });
  },
);

export const findReconciliations = inngest.createFunction(
  { id: "find-reconciliations", name: "Find connections to ask for what was missed", triggers: [{ cron: "*/10 * * * *" }], concurrency: 1, retries: 0 },
  async ({ step }) => {
    const found = await step.run("find", () => connectionsToAsk());
    if (found.length > 0) {
      await step.sendEvent("ask", found.map(({ organizationId, connectionId }) => ({ name: reconcileEvent, data: { organizationId, payload: { connectionId } } })));
    }
    return { found: found.length };
  },
);
