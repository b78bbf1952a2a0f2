import { z } from "zod";
import { defineEvent } from "@/lib/platform/outbox/outbox";

/** Somebody asked for a failed delivery to be tried again; travels by the outbox so that the wish survives a crash. */
export const deliveryRequested = defineEvent(
  "delivery.requested",
  1,
  z.object({
    actor: z.object({ memberId: z.string().nullable(), name: z.string() }),
    deliveryId: z.string(),
    channel: z.string(),
    generation: z.number().int(),
  }),
);
