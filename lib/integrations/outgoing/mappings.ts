import { z } from "zod";
import type { EndpointDetails, ShownSecret } from "./endpoints/queries";
import { attemptsMax, deliveryStates } from "./inputs";
import type { DeliveryDetails, DeliverySummary } from "./queries";

const instant = z.iso.datetime().meta({ description: "Instant in UTC, RFC 3339" });

export const endpointResource = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string().meta({ description: "Where events are sent" }),
  health: z.enum(["ok", "failing", "paused"]),
  failingSince: instant.nullable(),
  pausedAt: instant.nullable(),
  pauseReason: z.enum(["by-hand", "failing", "gone"]).nullable(),
  pauseAfterHours: z.int(),
  waiting: z.int().meta({ description: "Deliveries on their way; they are kept while it is paused" }),
  failed: z.int().meta({ description: "Deliveries of the last 30 days that could not be made" }),
  lastDeliveredAt: instant.nullable(),
  createdAt: instant,
  version: z.int(),
});

export const endpointResourceOf = (endpoint: EndpointDetails): z.output<typeof endpointResource> => ({
  id: endpoint.id,
  name: endpoint.name,
  url: endpoint.url,
  health: endpoint.health,
  failingSince: endpoint.failingSince?.toISOString() ?? null,
  pausedAt: endpoint.pausedAt?.toISOString() ?? null,
  pauseReason: endpoint.pauseReason,
  pauseAfterHours: endpoint.pauseAfterHours,
  waiting: endpoint.waiting,
  failed: endpoint.failed,
  lastDeliveredAt: endpoint.lastDeliveredAt?.toISOString() ?? null,
  createdAt: endpoint.createdAt.toISOString(),
  version: endpoint.version,
});

export const secretResource = z.strictObject({
  secret: z.string().meta({ description: "`whsec_` and the base64 of 32 bytes" }),
  overlapEndsAt: instant.nullable().meta({ description: "Until when the secret before it signs as well" }),
});

export const secretResourceOf = ({ secrets: [current, before] }: { secrets: ShownSecret[] }): z.output<typeof secretResource> => ({
  secret: current?.secret ?? "",
  overlapEndsAt: before?.validUntil?.toISOString() ?? null,
});

export const outgoingDeliveryResource = z.strictObject({
  id: z.string(),
  url: z.string(),
  endpointId: z.string(),
  eventId: z.string().meta({ description: "The `webhook-id`, the same at every repetition" }),
  generation: z.int().meta({ description: "Rises when somebody sends it again" }),
  event: z.string(),
  entity: z.string().meta({ description: "What keeps its order" }),
  sequence: z.int(),
  state: z.enum(deliveryStates),
  reason: z.string().nullable(),
  test: z.boolean(),
  attempts: z.int(),
  attemptsMax: z.int(),
  nextAttemptAt: instant.nullable().meta({ description: "Null when it is settled, or its endpoint is paused" }),
  waitsForEarlier: z.boolean().meta({ description: "Something before it in its entity is still on its way" }),
  lastStatus: z.int().nullable(),
  createdAt: instant,
  settledAt: instant.nullable(),
});

export const outgoingDeliveryResourceOf = (delivery: DeliverySummary, url: string): z.output<typeof outgoingDeliveryResource> => {
  const settled = delivery.settledAt !== null;
  return {
    id: delivery.id,
    url,
    endpointId: delivery.endpointId,
    eventId: delivery.eventId,
    generation: delivery.generation,
    event: delivery.event,
    entity: delivery.entity,
    sequence: delivery.sequence,
    state: delivery.state,
    reason: delivery.reason,
    test: delivery.test,
    attempts: delivery.attemptCount,
    attemptsMax: delivery.test ? 1 : attemptsMax,
    nextAttemptAt: settled || (delivery.endpointPaused && !delivery.test) ? null : delivery.nextAttemptAt.toISOString(),
    waitsForEarlier: delivery.waitsForEarlier,
    lastStatus: delivery.lastStatus,
    createdAt: delivery.createdAt.toISOString(),
    settledAt: delivery.settledAt?.toISOString() ?? null,
  };
};

export const outgoingDeliveryDetails = outgoingDeliveryResource.extend({
  body: z.string().meta({ description: "The bytes that every attempt signs" }),
  subscriptionIds: z.array(z.string()),
  log: z.array(
    z.strictObject({
      id: z.string(),
      number: z.int(),
      startedAt: instant,
      finishedAt: instant,
      succeeded: z.boolean(),
      requestHeaders: z.record(z.string(), z.string()),
      statusCode: z.int().nullable(),
      responseHeaders: z.record(z.string(), z.string()).nullable(),
      responseBody: z.string().nullable().meta({ description: "Its first 4 KB" }),
      fault: z.string().nullable().meta({ description: "Why no answer came" }),
    }),
  ),
});

export const outgoingDeliveryDetailsOf = (delivery: DeliveryDetails, url: string): z.output<typeof outgoingDeliveryDetails> => ({
  ...outgoingDeliveryResourceOf(delivery, url),
  body: delivery.body,
  subscriptionIds: delivery.subscriptionIds,
  log: delivery.attempts.map((attempt) => ({ ...attempt, startedAt: attempt.startedAt.toISOString(), finishedAt: attempt.finishedAt.toISOString() })),
});

export const replayedResource = z.strictObject({ replayed: z.int() });

/** What an endpoint is sent (`bodyOf`). */
export const outgoingBody = (event: string, data: z.ZodType) =>
  z.strictObject({
    type: z.literal(event),
    timestamp: instant.meta({ description: "When it happened" }),
    data,
    sequence: z.int().meta({ description: "Counts what was sent about this entity, without gaps" }),
    entity: z.string().meta({ description: "What keeps its order" }),
    truncated: z.array(z.string()).optional().meta({ description: "Paths of what was cut, because bodies stay below 20 kB" }),
  });
