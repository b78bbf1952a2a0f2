import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { reconsiderHeldOf } from "@/lib/notifications/preferences/held/commands";
import { memberZoneChanged } from "@/lib/organizations/events";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Quiet hours and digests go by the clock on their reader's wall, and that is another one now. */
export const reconsiderHeld = inngest.createFunction(
  {
    id: "reconsider-held",
    name: "Decide anew about what is held for somebody who has moved",
    triggers: [{ event: memberZoneChanged.name }],
    retries: 10,
    onFailure: parking("reconsider-held"),
  },
  async ({ event, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { member } = await refusingBadData(async () => memberZoneChanged.schema.parse(payload));
      await reconsiderHeldOf(systemTenant(organizationId), member.id);
      await pokeRelay();
    });
  },
);
