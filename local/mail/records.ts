import { z } from "zod";
import { summarySchema, webhookEvents } from "./message";

const rememberedSchema = z.object({
  scope: z.string(),
  key: z.string(),
  payloadHash: z.string(),
  answer: z.unknown(),
  expiresAt: z.number(),
});

/** The headers of the journal: everything that ever changes the mailbox is one of these. */
export const recordSchema = z.discriminatedUnion("kind", [
  /** Mails and the idempotency key that brought them, in one record: both are kept or neither is. */
  z.object({ kind: z.literal("accepted"), messages: z.array(summarySchema), remembered: rememberedSchema.nullable() }),
  z.object({
    kind: z.literal("event"),
    id: z.string(),
    lastEvent: summarySchema.shape.lastEvent,
    scheduledAt: z.number().nullable(),
    deliveredAt: z.number().nullable(),
    unreported: summarySchema.shape.unreported,
  }),
  /** A webhook was answered, or given up. */
  z.object({ kind: z.literal("reported"), id: z.string(), event: z.enum(webhookEvents) }),
  /** A key copied forward so that the segment that held it can go. */
  z.object({ kind: z.literal("remembered"), remembered: rememberedSchema }),
  z.object({ kind: z.literal("cleared"), forgetKeys: z.boolean() }),
]);

export type MailRecord = z.infer<typeof recordSchema>;
export type Remembered = z.infer<typeof rememberedSchema>;
