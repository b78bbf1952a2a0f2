import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";
import { categories } from "../inputs";

/** `personal` is what is addressed to the reader in person; `snoozed` what sleeps. */
export const inboxTabs = ["all", "unread", "personal", "snoozed"] as const;
export type InboxTab = (typeof inboxTabs)[number];

const receiverId = z.string("wrong-type").min(1, "required").max(64, "invalid");
const someIds = z.array(receiverId, "wrong-type").min(1, "required").max(500, "too-long");
const category = z.enum(categories, "not-an-option");

export const listNotificationsInput = z.strictObject({
  cursor: z.string("wrong-type").max(64, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(20),
  tab: z.enum(inboxTabs, "not-an-option").default("all"),
  category: category.optional(),
});
export type ListNotificationsInput = z.output<typeof listNotificationsInput>;

/** The moment an answer was read at: PostgreSQL's snapshot and the time beside it. */
export interface Seen {
  snapshot: string;
  at: Date;
}

const seenPattern = /^(\d{1,20}):(\d{1,20}):((?:\d{1,20}(?:,\d{1,20})*)?)@(\d{1,15})$/;
const xidMax = 2n ** 64n;

/**
 * `xmin:xmax:xip,…@milliseconds`, as PostgreSQL writes a snapshot (https://www.postgresql.org/docs/current/functions-info.html,
 * pg_snapshot). Checked as strictly as PostgreSQL reads it, so that a wrong one is the caller's fault and no failure of ours.
 */
export function readSeen(text: string): Seen | null {
  const [, first, last, open = "", at] = seenPattern.exec(text) ?? [];
  if (!first || !last || !at) return null;
  const [xmin, xmax] = [BigInt(first), BigInt(last)];
  if (xmin < 1n || xmax < xmin || xmax >= xidMax) return null;
  let before = xmin - 1n;
  for (const xid of open === "" ? [] : open.split(",").map(BigInt)) {
    if (xid <= before || xid >= xmax) return null;
    before = xid;
  }
  return { snapshot: `${first}:${last}:${open}`, at: new Date(Number(at)) };
}

/** A transaction under way takes up to 21 characters, and a database serves some hundreds at a time. */
const seenLengthMax = 20_000;

const seen = z
  .string("wrong-type")
  .max(seenLengthMax, "too-long")
  .refine((text) => readSeen(text) !== null, "malformed")
  .meta({ description: "The `seen` of a list: everything that list could show, and nothing that came later" });

interface Meant {
  ids?: unknown;
  subject?: unknown;
  seen?: unknown;
  tab?: unknown;
  category?: unknown;
}

/** Lines, a subject, or a moment alone; a list is named with a moment alone. */
function meansOneThing({ ids, subject, seen: moment, tab, category: only }: Meant): boolean {
  const list = tab !== undefined || only !== undefined;
  if (ids !== undefined) return subject === undefined && moment === undefined && !list;
  return subject !== undefined ? !list : moment !== undefined;
}

/**
 * `ids`: these lines, each with its whole thread. `subject`: everything about one thing, whose page was opened; with `seen`, as far as
 * that page could know. `seen` alone: all that could be seen then, in the list that `tab` and `category` name.
 */
export const readNotificationsInput = z
  .strictObject({
    ids: someIds.optional(),
    subject: z.string("wrong-type").min(1, "required").max(300, "invalid").optional(),
    seen: seen.optional(),
    tab: z.enum(["all", "unread", "personal"], "not-an-option").optional(),
    category: category.optional(),
  })
  .refine(meansOneThing, "invalid");
export type ReadNotificationsInput = z.output<typeof readNotificationsInput>;

/** `ids`: these lines. `readAt`: whatever was marked read at exactly that instant, which takes one "mark read" back. */
export const unreadNotificationsInput = z
  .strictObject({ ids: someIds.optional(), readAt: instantInput.optional() })
  .refine(({ ids, readAt }) => (ids === undefined) !== (readAt === undefined), "invalid");
export type UnreadNotificationsInput = z.output<typeof unreadNotificationsInput>;

export const snoozeChoices = ["in-an-hour", "tomorrow", "next-monday", "subject-end"] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number];

export const snoozeNotificationsInput = z.strictObject({
  ids: someIds,
  until: z
    .union([z.enum(snoozeChoices), z.iso.datetime({ offset: true }), z.null()], "instant")
    .meta({ description: "A choice in your own time zone, an instant (RFC 3339), `subject-end` for when the meeting is over, or null to wake it" }),
});
export type SnoozeNotificationsInput = z.output<typeof snoozeNotificationsInput>;
