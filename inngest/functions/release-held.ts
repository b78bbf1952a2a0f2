import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { heldChanged } from "@/lib/notifications/events";
import { releaseHeld } from "@/lib/notifications/releases/commands";
import { dueMembers } from "@/lib/notifications/releases/queries";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { releaseData, releaseEvent } from "../events";
import { sendDeliveries } from "../send-deliveries";

/** Longer than the minute between two looks, so that a late minute still comes in time. */
const aheadMs = 90_000;

/** Looks once a minute for whom something falls due; what somebody else had locked at its instant is found again as well. */
export const findHeld = inngest.createFunction(
  { id: "find-held", name: "Find what is held and falls due", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  async ({ step }) => {
    const due = await step.run("find", () => dueMembers(new Date(clock.nowMs() + aheadMs)));
    if (due.length > 0) await step.sendEvent("wait", due.map((data) => ({ name: releaseEvent, data })));
    return { groups: due.length };
  },
);

/** Sleeps until the very instant and releases. That is no step: done again it finds nothing more to release. */
export const releaseMembers = inngest.createFunction(
  { id: "release-held", name: "Release what was held", triggers: [{ event: releaseEvent }], concurrency: 5, retries: 3 },
  async ({ event, step, runId }) => {
    const { organizationId, memberIds, dueAt } = releaseData.parse(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      // Compared with the event's own time, which is the same at every replay of this function.
      if (Date.parse(dueAt) > (event.ts ?? 0)) await step.sleepUntil("until it is due", dueAt);
      return releaseAndDeliver(organizationId, memberIds);
    });
  },
);

/** A reader has chosen differently, and something that was held for them may go at once. */
export const releaseChanged = inngest.createFunction(
  { id: "release-changed", name: "Release what its reader wants now", triggers: [{ event: heldChanged.name }], concurrency: 5, retries: 3 },
  async ({ event, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { memberId } = await refusingBadData(async () => heldChanged.schema.parse(payload));
      return releaseAndDeliver(organizationId, [memberId]);
    });
  },
);

async function releaseAndDeliver(organizationId: string, memberIds: string[]): Promise<{ batches: number }> {
  return { batches: await sendDeliveries(organizationId, await releaseHeld(systemTenant(organizationId), memberIds)) };
}
