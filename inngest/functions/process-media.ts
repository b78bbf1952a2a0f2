import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { mediaDiscarded, mediaUploaded } from "@/lib/feed/events";
import { discardBytes, processMedia as process } from "@/lib/feed/media/making/commands";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";
import { parking } from "../parking";

/** Decoding pictures takes memory and a processor: few at a time, and no organization before all others. */
export const processMedia = inngest.createFunction(
  {
    id: "process-media",
    name: "Make the sizes of what was uploaded",
    triggers: [{ event: mediaUploaded.name }],
    concurrency: [{ limit: 3 }, { limit: 2, key: "event.data.organizationId" }],
    retries: 5,
    onFailure: parking("process-media"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { mediaId } = await refusingBadData(async () => mediaUploaded.schema.parse(payload));
      return { state: await step.run("make", () => process(systemTenant(organizationId), mediaId)) };
    });
  },
);

export const discardMedia = inngest.createFunction(
  {
    id: "discard-media",
    name: "Take away the bytes of what is gone",
    triggers: [{ event: mediaDiscarded.name }],
    concurrency: 3,
    retries: 10,
    onFailure: parking("discard-media"),
  },
  async ({ event, step, runId }) => {
    const { organizationId, eventId, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, eventId, runId }, async () => {
      const { mediaIds } = await refusingBadData(async () => mediaDiscarded.schema.parse(payload));
      await step.run("delete", () => discardBytes(systemTenant(organizationId), mediaIds));
      return { media: mediaIds.length };
    });
  },
);
