import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { gapFound, hooksAbandoned } from "@/lib/integrations/events";
import { lookAfterHooks, removeAbandonedHooks } from "@/lib/integrations/hooks/upkeep/commands";
import { hooksToLookAfter } from "@/lib/integrations/hooks/upkeep/queries";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { renewHooksData, renewHooksEvent } from "../events";
import { parking } from "../parking";

/** Once a day every registered webhook is looked at; what failed or has little left, every hour. */
const dailyAtHour = 4;

export const findHooks = inngest.createFunction(
  { id: "find-hooks", name: "Find registered webhooks that want a look", triggers: [{ cron: "23 * * * *" }], concurrency: 1, retries: 3 },
  async ({ step }) => {
    const found = await step.run("find", () => hooksToLookAfter({ all: clock.now().getUTCHours() === dailyAtHour }));
    if (found.length > 0) await step.sendEvent("look after", found.map((data) => ({ name: renewHooksEvent, data })));
    return { found: found.length };
  },
);

/** One connection a run, so that none waits for another whose grant is broken or whose site is away. */
export const renewHooks = inngest.createFunction(
  {
    id: "renew-hooks",
    name: "Renew a connection's webhooks, or remove what it left behind",
    triggers: [{ event: renewHooksEvent }],
    concurrency: [{ limit: 5 }, { limit: 1, key: "event.data.connectionId" }],
    retries: 2,
  },
  async ({ event, step, runId }) => {
    const { organizationId, connectionId, abandoned } = renewHooksData.parse(event.data);
    const tenant = systemTenant(organizationId);
    return withLogContext({ organizationId, runId }, () =>
      abandoned ? step.run("remove", () => removeAbandonedHooks(tenant, connectionId)) : step.run("renew", () => lookAfterHooks(tenant, connectionId)),
    );
  },
);

/** What a broken grant or a pause let lapse is made anew as soon as it is mended, not only with the next hour. */
export const restoreHooks = inngest.createFunction(
  {
    id: "restore-hooks",
    name: "Look after a connection's webhooks when it may have missed something",
    triggers: [{ event: gapFound.name }],
    concurrency: [{ limit: 5 }, { limit: 1, key: "event.data.payload.connectionId" }],
    retries: 5,
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { connectionId } = await refusingBadData(async () => gapFound.schema.parse(payload));
      return step.run("look after", () => lookAfterHooks(systemTenant(organizationId), connectionId));
    });
  },
);

export const removeHooks = inngest.createFunction(
  {
    id: "remove-hooks",
    name: "Remove webhooks that a connection left over there",
    triggers: [{ event: hooksAbandoned.name }],
    concurrency: 5,
    retries: 15,
    onFailure: parking("remove-hooks"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { connectionId } = await refusingBadData(async () => hooksAbandoned.schema.parse(payload));
      return step.run("remove", () => removeAbandonedHooks(systemTenant(organizationId), connectionId));
    });
  },
);
