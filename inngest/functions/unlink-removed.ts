import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { unlinkRemoved as unlink } from "@/lib/integrations/people/commands";
import { memberRemoved } from "@/lib/organizations/events";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Tokens of somebody who has left are kept for nothing. */
export const unlinkRemoved = inngest.createFunction(
  {
    id: "unlink-removed",
    name: "Forget the accounts of a removed member",
    triggers: [{ event: memberRemoved.name }],
    retries: 10,
    onFailure: parking("unlink-removed"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { member } = await refusingBadData(async () => memberRemoved.schema.parse(payload));
      return { accounts: await step.run("unlink", () => unlink(systemTenant(organizationId), member.id)) };
    });
  },
);
