import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { endDevicesOf } from "@/lib/notifications/devices/commands";
import { memberRemoved } from "@/lib/organizations/events";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Who was removed is pushed nothing from that moment, because deliveries ask; this keeps it so should they join again. */
export const endDevices = inngest.createFunction(
  {
    id: "end-devices",
    name: "End the devices of a removed member",
    triggers: [{ event: memberRemoved.name }],
    retries: 10,
    onFailure: parking("end-devices"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { member } = await refusingBadData(async () => memberRemoved.schema.parse(payload));
      return { devices: await step.run("end", () => endDevicesOf(systemTenant(organizationId), member.id)) };
    });
  },
);
