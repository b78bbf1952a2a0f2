import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { endSubscriptionsOf } from "@/lib/integrations/subscriptions/wishes/commands";
import { memberRemoved } from "@/lib/organizations/events";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Nobody is told who was removed, because telling asks; this ends what they asked for, so that it does not begin anew should they come back. */
export const endSubscriptions = inngest.createFunction(
  {
    id: "end-subscriptions",
    name: "End the subscriptions of a removed member",
    triggers: [{ event: memberRemoved.name }],
    retries: 10,
    onFailure: parking("end-subscriptions"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { member } = await refusingBadData(async () => memberRemoved.schema.parse(payload));
      return { subscriptions: await step.run("end", () => endSubscriptionsOf(systemTenant(organizationId), member.id)) };
    });
  },
);
