import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { adoptGuest } from "@/lib/meetings/guests/commands";
import { memberJoined } from "@/lib/organizations/events";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Whoever was invited to meetings by e-mail before they joined finds them in their calendar. */
export const adoptGuestMeetings = inngest.createFunction(
  {
    id: "adopt-guest",
    name: "Give a new member the meetings they were invited to",
    triggers: [{ event: memberJoined.name }],
    retries: 10,
    onFailure: parking("adopt-guest"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { member } = await refusingBadData(async () => memberJoined.schema.parse(payload));
      return { meetings: await step.run("adopt", () => adoptGuest(systemTenant(organizationId), member)) };
    });
  },
);
