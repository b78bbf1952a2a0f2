import { z } from "zod";
import { log } from "@/lib/platform/log";
import { parkEvent } from "@/lib/platform/outbox/parking";

const failed = z.object({ data: z.object({ event: z.object({ name: z.string(), data: z.object({ eventId: z.string() }) }) }) });

/** What becomes of an outbox event when its function failed for good: it is a dead letter, shown with its reason until somebody replays it. */
export function parking(what: string) {
  return async ({ event, error }: { event: unknown; error: Error }): Promise<void> => {
    const { success, data } = failed.safeParse(event);
    if (!success) return log.error("a function failed on what is no outbox event", { what, error: error.message });
    const { name, data: { eventId } } = data.data.event;
    log.error("outbox event parked", { what, eventId, name, error: error.message });
    await parkEvent(eventId, `${what}: ${error.message}`);
  };
}
