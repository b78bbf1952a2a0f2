import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { publishScheduled as publish, scheduledBefore } from "@/lib/feed/articles/scheduling/commands";
import { articleScheduled } from "@/lib/feed/events";
import { inngest } from "../client";
import { articleDueData, articleDueEvent } from "../events";

/** Longer than the minute between two rounds, so that a late minute still comes in time. */
const aheadMs = 90_000;

/** What is scheduled for within the next minute cannot wait for the next one. */
const triggers = [{ cron: "* * * * *" }, { event: articleScheduled.name }];

/** Most are scheduled hours ahead: those are the business of a later minute. */
function mayBeDueSoon(event: { ts?: number; data: unknown }): boolean {
  const scheduled = z.object({ payload: articleScheduled.schema.pick({ publishAt: true }) }).safeParse(event.data);
  return !scheduled.success || Date.parse(scheduled.data.payload.publishAt) <= (event.ts ?? 0) + aheadMs;
}

export const findScheduled = inngest.createFunction(
  { id: "find-scheduled", name: "Find articles whose instant is near", triggers, retries: 3 },
  async ({ event, step }) => {
    if (!mayBeDueSoon(event)) return { due: 0 };
    const due = await step.run("find", () => scheduledBefore(new Date(clock.nowMs() + aheadMs)));
    if (due.length > 0) await step.sendEvent("wait", due.map((data) => ({ name: articleDueEvent, data })));
    return { due: due.length };
  },
);

/** Sleeps until the very instant and publishes; whether it still is to be is decided then. */
export const publishScheduled = inngest.createFunction(
  { id: "publish-scheduled", name: "Publish a scheduled article", triggers: [{ event: articleDueEvent }], retries: 10 },
  async ({ event, step, runId }) => {
    const { organizationId, articleId, publishAt } = articleDueData.parse(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      await step.sleepUntil("until its instant", publishAt);
      return step.run("publish", async () => {
        const outcome = await publish(systemTenant(organizationId), { articleId, publishAt: new Date(publishAt) });
        await pokeRelay();
        return { outcome };
      });
    });
  },
);
