import { z } from "zod";
import { notificationTypes } from "../catalog";
import { categories, preferenceChannels } from "../inputs";
import { deliveryStates, failureCauses, holds } from "../tables";
import type { Receipt, ReceiptDelivery } from "./queries";

const decision = z.looseObject({
  verdict: z.enum(["now", "hold", "digest", "skip"]),
  source: z.enum(["default", "organization", "mine", "workspace", "critical"]).meta({ description: "Whose choice it followed" }),
  why: z.string().optional(),
  every: z.enum(["daily", "weekly"]).optional(),
  until: z.iso.datetime().optional(),
});

const message = z.strictObject({
  id: z.string(),
  type: z.string(),
  state: z.enum(deliveryStates),
  hold: z.enum(holds).nullable(),
  reason: z.string().nullable(),
  cause: z.enum(failureCauses).nullable(),
  deliverAfter: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
  device: z.string().nullable(),
  attempts: z.array(
    z.strictObject({ number: z.int(), startedAt: z.iso.datetime(), finishedAt: z.iso.datetime(), succeeded: z.boolean(), statusCode: z.int().nullable(), answer: z.string() }),
  ),
});

/** Why and how somebody was told something, as the REST API shows it. */
export const receiptResource = z.strictObject({
  id: z.string(),
  notificationId: z.string(),
  type: z.enum(notificationTypes),
  category: z.enum(categories),
  subjectId: z.string(),
  text: z.string(),
  occurredAt: z.iso.datetime(),
  decidedAt: z.iso.datetime(),
  shown: z.boolean().meta({ description: "False when you keep this category out of your inbox" }),
  readAt: z.iso.datetime().nullable(),
  snoozedUntil: z.iso.datetime().nullable(),
  channels: z.array(
    z.strictObject({
      channel: z.enum(preferenceChannels),
      decision,
      deliveries: z.array(message.extend({ carriedBy: z.array(message).meta({ description: "The messages that took its place, first to last" }) })),
    }),
  ),
});

export const receiptResourceOf = (receipt: Receipt): z.output<typeof receiptResource> => ({
  id: receipt.id,
  notificationId: receipt.notificationId,
  type: receipt.type,
  category: receipt.category,
  subjectId: receipt.subjectId,
  text: receipt.sentence,
  occurredAt: receipt.occurredAt.toISOString(),
  decidedAt: receipt.decidedAt.toISOString(),
  shown: receipt.shown,
  readAt: receipt.readAt?.toISOString() ?? null,
  snoozedUntil: receipt.snoozedUntil?.toISOString() ?? null,
  channels: receipt.channels.map(({ channel, decision: decided, deliveries }) => ({
    channel,
    decision: decided,
    deliveries: deliveries.map((delivery) => ({ ...messageOf(delivery), carriedBy: carriersOf(delivery).map(messageOf) })),
  })),
});

const carriersOf = ({ carriedBy }: ReceiptDelivery): ReceiptDelivery[] => (carriedBy ? [carriedBy, ...carriersOf(carriedBy)] : []);

const messageOf = ({ id, type, state, hold, reason, cause, deliverAfter, settledAt, device, attempts }: ReceiptDelivery): z.output<typeof message> => ({
  id,
  type,
  state,
  hold,
  reason,
  cause,
  deliverAfter: deliverAfter.toISOString(),
  settledAt: settledAt?.toISOString() ?? null,
  device: device?.name ?? null,
  attempts: attempts.map(({ startedAt, finishedAt, ...rest }) => ({ ...rest, startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString() })),
});
