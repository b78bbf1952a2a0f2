import { z } from "zod";
import { channelNames } from "../inputs";
import { deliveryStateNames } from "./inputs";
import type { AttemptOfNotification } from "./attempts/queries";
import type { AttemptRecord, ConsoleDelivery } from "./queries";

const instant = z.iso.datetime().meta({ description: "Instant in UTC, RFC 3339" });

export const attemptResource = z.strictObject({
  id: z.string(),
  number: z.int().meta({ description: "Counts the calls of one delivery" }),
  startedAt: instant,
  finishedAt: instant,
  succeeded: z.boolean(),
  statusCode: z.int().nullable().meta({ description: "The provider's HTTP status; null when no answer came" }),
  answer: z.string().meta({ description: "The provider's own words" }),
});

export const deliveryResource = z.strictObject({
  id: z.string(),
  notificationId: z.string(),
  type: z.string(),
  channel: z.enum(channelNames),
  memberId: z.string().nullable(),
  name: z.string().nullable(),
  address: z.string().nullable(),
  device: z.string().nullable(),
  state: z.enum(deliveryStateNames),
  hold: z.string().nullable().meta({ description: "Why it waits for its reader: quiet-hours, mute, daily or weekly" }),
  cause: z.string().nullable().meta({ description: "What a failed one died of" }),
  reason: z.string().nullable().meta({ description: "Why it was skipped or failed; of what was merged, the delivery that speaks for it" }),
  deliverAfter: instant,
  settledAt: instant.nullable(),
  createdAt: instant,
  attemptCount: z.int(),
  lastAttempt: attemptResource.nullable(),
});

export const attemptOfNotificationResource = attemptResource.extend({
  deliveryId: z.string(),
  channel: z.enum(channelNames),
  memberId: z.string().nullable(),
  address: z.string().nullable(),
  device: z.string().nullable(),
});

const attemptFacts = ({ id, number, startedAt, finishedAt, succeeded, statusCode, answer }: AttemptRecord): z.output<typeof attemptResource> => ({
  id,
  number,
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt.toISOString(),
  succeeded,
  statusCode,
  answer,
});

export const attemptResourceOf = (attempt: AttemptOfNotification): z.output<typeof attemptOfNotificationResource> => ({
  ...attemptFacts(attempt),
  deliveryId: attempt.deliveryId,
  channel: attempt.channel,
  memberId: attempt.memberId,
  address: attempt.address,
  device: attempt.device,
});

export const deliveryResourceOf = (delivery: ConsoleDelivery & { lastAttempt: AttemptRecord | null }): z.output<typeof deliveryResource> => ({
  id: delivery.id,
  notificationId: delivery.notificationId,
  type: delivery.type,
  channel: delivery.channel,
  memberId: delivery.memberId,
  name: delivery.name,
  address: delivery.address,
  device: delivery.device,
  state: delivery.state,
  hold: delivery.hold,
  cause: delivery.cause,
  reason: delivery.reason,
  deliverAfter: delivery.deliverAfter.toISOString(),
  settledAt: delivery.settledAt?.toISOString() ?? null,
  createdAt: delivery.createdAt.toISOString(),
  attemptCount: delivery.attemptCount,
  lastAttempt: delivery.lastAttempt && attemptFacts(delivery.lastAttempt),
});
