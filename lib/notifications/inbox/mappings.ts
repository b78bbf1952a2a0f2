import { z } from "zod";
import { notificationTypes } from "../catalog";
import type { Marked } from "./commands";
import type { InboxItem, InboxRow } from "./queries";
import type { Snoozed } from "./snoozes/commands";

/** Something a member was told, as the REST API shows it. */
export const notificationRow = z.strictObject({
  id: z.string(),
  type: z.enum(notificationTypes),
  category: z.string(),
  subjectId: z.string().meta({ description: "What it is about, e.g. a meeting's id" }),
  text: z.string().meta({ description: "What happened, in your language" }),
  facts: z.record(z.string(), z.unknown()).meta({ description: "What the event said, by type" }),
  occurredAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
});

/** A line of the inbox: the newest row of its thread, which speaks for the others. */
export const notificationResource = notificationRow.extend({
  thread: z.strictObject({
    earlier: z.int().meta({ description: "Rows under this one, counted up to 50" }),
    more: z.boolean().meta({ description: "There are more than were counted" }),
    unreadEarlier: z.int().meta({ description: "Of the earlier ones, how many were never read" }),
    people: z.array(z.string()).meta({ description: "Who did what this line speaks for, at most three" }),
    otherPeople: z.int(),
  }),
  snoozedUntil: z.iso.datetime().nullable(),
});

export const inboxState = z.strictObject({
  unread: z.int(),
  version: z.int().meta({ description: "Rises with every change of the inbox; a lower one is older" }),
});

export const inboxMoment = z.string().meta({ description: "This moment; send it back to mark read what could be seen in it" });
export const markedState = inboxState.extend({ readAt: z.iso.datetime().meta({ description: "Takes this back: send it to `unread`" }) });
export const snoozedState = inboxState.extend({ until: z.iso.datetime().nullable() });

export const notificationRowOf = (row: InboxRow): z.output<typeof notificationRow> => ({
  id: row.id,
  type: row.type,
  category: row.category,
  subjectId: row.subjectId,
  text: row.sentence,
  facts: row.facts,
  occurredAt: row.occurredAt.toISOString(),
  readAt: row.readAt?.toISOString() ?? null,
});

export function notificationResourceOf(item: InboxItem): z.output<typeof notificationResource> {
  const { earlier, more, unreadEarlier, people, otherPeople } = item.summary;
  return {
    ...notificationRowOf(item),
    thread: { earlier, more, unreadEarlier, people, otherPeople },
    snoozedUntil: item.snoozedUntil?.toISOString() ?? null,
  };
}

export const markedStateOf = ({ unread, version, readAt }: Marked): z.output<typeof markedState> => ({ unread, version, readAt: readAt.toISOString() });

export const snoozedStateOf = ({ unread, version, until }: Snoozed): z.output<typeof snoozedState> => ({
  unread,
  version,
  until: until?.toISOString() ?? null,
});
