import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { meetingFacts, meetingRescheduled, meetingResponded, meetingScheduled } from "@/lib/meetings/events";
import { claimDueReminders, fireReminders, reminderLeadMsMax } from "@/lib/meetings/reminders/commands";
import { inngest } from "../client";
import { remindersDueData, remindersDueEvent } from "../events";

/** Longer than the minute between two claims, so that a late minute still comes in time. */
const aheadMs = 90_000;

/** Meetings booked or moved to within the next minute cannot wait for the next one. */
const triggers = [
  { cron: "* * * * *" },
  ...[meetingScheduled, meetingRescheduled, meetingResponded].map(({ name }) => ({ event: name })),
];

/** Most meetings are booked days ahead: their reminders are the business of a later minute. */
function mayBeDueSoon(event: { ts?: number; data: unknown }): boolean {
  const meeting = z.object({ payload: z.object({ meeting: meetingFacts.pick({ startsAt: true }) }) }).safeParse(event.data);
  return !meeting.success || Date.parse(meeting.data.payload.meeting.startsAt) - reminderLeadMsMax <= (event.ts ?? 0) + aheadMs;
}

export const claimReminders = inngest.createFunction(
  { id: "claim-reminders", name: "Claim reminders that fall due", triggers, retries: 3 },
  async ({ event, step }) => {
    if (!mayBeDueSoon(event)) return { due: 0 };
    const due = await step.run("claim", () => claimDueReminders(new Date(clock.nowMs() + aheadMs)));
    if (due.length > 0) await step.sendEvent("wait", due.map((data) => ({ name: remindersDueEvent, data })));
    return { due: due.length };
  },
);

/** Sleeps until the very instant and fires; what still applies is decided then. */
export const fireDueReminders = inngest.createFunction(
  { id: "fire-reminders", name: "Fire the reminders of a meeting", triggers: [{ event: remindersDueEvent }], retries: 10 },
  async ({ event, step, runId }) => {
    const { organizationId, dueAt, ...meeting } = remindersDueData.parse(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      await step.sleepUntil("until it is due", dueAt);
      return step.run("fire", async () => {
        const outcome = await fireReminders(systemTenant(organizationId), { ...meeting, dueAt: new Date(dueAt) });
        await pokeRelay();
        return outcome;
      });
    });
  },
);
