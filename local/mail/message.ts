import { z } from "zod";

/** What can be reported by webhook; Resend's names. */
export const webhookEvents = ["email.sent", "email.delivered", "email.bounced", "email.complained", "email.suppressed"] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** What is known of a message without reading its content: kept in memory, the first part of a journal record. */
export const summarySchema = z.object({
  id: z.string(),
  /** Position in the order of acceptance; survives being copied to a later segment. */
  seq: z.number(),
  messageId: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  bcc: z.array(z.string()),
  replyTo: z.array(z.string()),
  subject: z.string(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  idempotencyKey: z.string().nullable(),
  attachmentCount: z.number(),
  hasCalendar: z.boolean(),
  createdAt: z.number(),
  scheduledAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
  lastEvent: z.enum(["scheduled", "delivered", "canceled", "bounced", "complained", "suppressed"]),
  /** What a webhook is still to say about it, in order. Mails from before there was one have nothing to be said. */
  unreported: z.array(z.enum(webhookEvents)).default([]),
});

export const attachmentSchema = z.object({
  id: z.string(),
  filename: z.string(),
  contentType: z.string(),
  contentId: z.string().nullable(),
  content: z.string(),
});

/** The heavy part: read from disk when somebody looks. */
export const contentSchema = z.object({
  html: z.string().nullable(),
  /** What was given; null asks for text made from the HTML, an empty string for none (as Resend does). */
  text: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(attachmentSchema),
});

export type Summary = z.infer<typeof summarySchema>;
export type LastEvent = Summary["lastEvent"];
export type Attachment = z.infer<typeof attachmentSchema>;
export type Content = z.infer<typeof contentSchema>;

export const recipientsOf = (message: Pick<Summary, "to" | "cc" | "bcc">): string[] => [
  ...message.to,
  ...message.cc,
  ...message.bcc,
];
