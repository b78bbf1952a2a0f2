import { z } from "zod";
import { channelNames } from "@/lib/notifications/registry";

/** Events between functions. What the product itself reports goes through the outbox under the names of the domains. */
export const deliverEvent = "notification/deliver";
export const deliverData = z.object({
  organizationId: z.string(),
  channel: z.enum(channelNames),
  deliveryIds: z.array(z.string()).max(100),
  deliverAfter: z.iso.datetime(),
  /** The event that caused them, for the logs; absent when the sweep found them. */
  eventId: z.string().optional(),
});
export type DeliverData = z.infer<typeof deliverData>;

/** What a channel holds may be tried again at an instant: its provider was away, or is back. */
export const resumeEvent = "notification/resume";
export const resumeData = z.object({ channel: z.enum(channelNames), at: z.iso.datetime(), recovered: z.boolean().default(false) });

export const remindersDueEvent = "meeting/reminders.due";
export const remindersDueData = z.object({
  organizationId: z.string(),
  meetingId: z.string(),
  sequence: z.number().int(),
  dueAt: z.iso.datetime(),
});

export const snoozesDueEvent = "inbox/snoozes.due";
export const snoozesDueData = z.object({
  organizationId: z.string(),
  dueAt: z.iso.datetime(),
  receiverIds: z.array(z.string()).max(100),
});

export const releaseEvent = "notification/release";
export const releaseData = z.object({
  organizationId: z.string(),
  memberIds: z.array(z.string()).max(100),
  dueAt: z.iso.datetime(),
});

/** Something to send to an endpoint falls due; shaped as the outbox event that says so at first. */
export const outgoingDueEvent = "outgoing/due";
export const outgoingDueData = z.object({ organizationId: z.string(), payload: z.object({ endpointId: z.string() }) });

/** A connection's registered webhooks want a look; `abandoned` when they are to be removed. */
export const renewHooksEvent = "integrations/hooks.renew";
export const renewHooksData = z.object({ organizationId: z.string(), connectionId: z.string(), abandoned: z.boolean() });

/** Something waits at a connection to be read, dispatched or told. */
export const webhooksWaitingEvent = "connection/webhooks.waiting";
/** A connection may have missed something, or has not been asked for an hour. */
export const reconcileEvent = "connection/reconcile";

/** An article is to be published at an instant that is near. */
export const articleDueEvent = "article/due";
export const articleDueData = z.object({ organizationId: z.string(), articleId: z.string(), publishAt: z.iso.datetime() });
