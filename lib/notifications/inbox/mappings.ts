import { z } from "zod";
import { notificationTypes } from "../catalog";
import type { InboxItem } from "./queries";

/** An inbox row as the REST API shows it. */
export const notificationResource = z.strictObject({
  id: z.string(),
  type: z.enum(notificationTypes),
  category: z.string(),
  subjectId: z.string().meta({ description: "What it is about, e.g. a meeting's id" }),
  facts: z.record(z.string(), z.unknown()).meta({ description: "What the event said, by type" }),
  occurredAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
});

export const inboxState = z.strictObject({
  unread: z.int(),
  version: z.int().meta({ description: "Rises with every change of the inbox; a lower one is older" }),
});

export const notificationResourceOf = (item: InboxItem): z.output<typeof notificationResource> => ({
  id: item.id,
  type: item.type,
  category: item.category,
  subjectId: item.subjectId,
  facts: item.facts,
  occurredAt: item.occurredAt.toISOString(),
  readAt: item.readAt?.toISOString() ?? null,
});
