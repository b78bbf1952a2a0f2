import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { meetingCancelled, meetingFacts, meetingRescheduled } from "@/lib/meetings/events";
import { meetingEnds } from "@/lib/meetings/queries";
import { announceInboxes } from "@/lib/notifications/inbox/commands";
import { followSubject, wake } from "@/lib/notifications/inbox/snoozes/commands";
import { dueSnoozes, sleepersDue } from "@/lib/notifications/inbox/snoozes/queries";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { snoozesDueData, snoozesDueEvent } from "../events";

/** Longer than the minute between two looks, so that a late minute still wakes in time. */
const aheadMs = 90_000;
const groupsMax = 5_000;

export const findDueSnoozes = inngest.createFunction(
  { id: "find-due-snoozes", name: "Find what wakes within the next minute", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 3 },
  async ({ step }) => {
    const due = await step.run("find", () => dueSnoozes(new Date(clock.nowMs() + aheadMs), groupsMax));
    if (due.length > 0) await step.sendEvent("wait", due.map((data) => ({ name: snoozesDueEvent, data })));
    return { due: due.length };
  },
);

/** Sleeps until the very instant; what is over by then is read from the meetings as they stand. */
export const wakeSnoozed = inngest.createFunction(
  { id: "wake-snoozed", name: "Bring back what was snoozed", triggers: [{ event: snoozesDueEvent }], concurrency: 10, retries: 5 },
  async ({ event, step, runId }) => {
    const { organizationId, dueAt, receiverIds } = snoozesDueData.parse(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      if (Date.parse(dueAt) > (event.ts ?? 0)) await step.sleepUntil("until it is time", dueAt);
      const tenant = systemTenant(organizationId);
      const sleepers = await sleepersDue(tenant, receiverIds);
      const ends = await meetingEnds(tenant, sleepers.flatMap(({ snoozedFor, subjectId }) => (snoozedFor === "subject-end" ? [subjectId] : [])));
      const woken = await wake(tenant, sleepers, ends);
      await announceInboxes(tenant, woken.map(({ id, ...about }) => ({ receiverId: id, ...about })));
      return { woken: woken.length };
    });
  },
);

const about = z.object({ meeting: meetingFacts.pick({ id: true, endsAt: true }) });

/** What sleeps until a meeting ends follows it when it moves, and wakes when there is nothing left to wait for. */
export const followMeetings = inngest.createFunction(
  {
    id: "follow-meetings",
    name: "Let snoozes follow their meeting",
    triggers: [{ event: meetingRescheduled.name }, { event: meetingCancelled.name }],
    concurrency: 5,
    retries: 5,
  },
  async ({ event, runId }) => {
    const { organizationId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      const { meeting } = await refusingBadData(() => Promise.resolve(about.parse(payload)));
      const ends = await meetingEnds(systemTenant(organizationId), [meeting.id]);
      return { followed: await followSubject(systemTenant(organizationId), meeting.id, ends.get(meeting.id) ?? new Date(meeting.endsAt)) };
    });
  },
);
