import { NonRetriableError } from "inngest";
import { z } from "zod";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";

const envelope = z.object({
  eventId: z.templateLiteral(["evt_", z.string()]),
  organizationId: z.string().min(1),
  version: z.number().int(),
  occurredAt: z.iso.datetime(),
  payload: z.record(z.string(), z.unknown()),
});

/** @throws NonRetriableError: an event that is none of ours will not become one by waiting. */
export function envelopeOf(data: unknown): EventEnvelope {
  const result = envelope.safeParse(data);
  if (!result.success) throw new NonRetriableError(`not an outbox event: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Runs `work`; data that breaks its contract fails at once and stays visible, instead of failing again and again. */
export async function refusingBadData<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof z.ZodError) throw new NonRetriableError(`the payload breaks its contract: ${z.prettifyError(error)}`, { cause: error });
    throw error;
  }
}
