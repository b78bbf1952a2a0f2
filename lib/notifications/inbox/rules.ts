import { z } from "zod";
import type { CatalogType } from "../catalog";
import { isPluginType, together, type Happening } from "../plugin-events/rules";
import { inboxLine } from "../templates/inbox-line";
import { happeningOf, pluginDetail, pluginLineOfMany } from "../templates/plugin-words";
import type { Reader } from "../templates/reader";

/** What an inbox row can say of the facts the catalog kept, whatever its type. A fact that is missing is null; nothing is refused. */
const instant = z.iso.datetime();
const facts = z.object({
  actor: z.object({ name: z.string() }).optional().catch(undefined),
  meeting: z.object({ id: z.string(), title: z.string(), startsAt: instant, endsAt: instant }).optional().catch(undefined),
  before: z.object({ startsAt: instant }).optional().catch(undefined),
  reason: z.string().nullish().catch(null),
  comment: z.string().nullish().catch(null),
  partstat: z.string().optional().catch(undefined),
});

export interface InboxLine {
  actor: string | null;
  meeting: { id: string; title: string; startsAt: string; endsAt: string } | null;
  /** The start before the change, when that is what changed. */
  startedAt: string | null;
  /** The organizer's reason for cancelling, or the words that came with an answer. */
  words: string | null;
  partstat: string | null;
}

export function lineOf(kept: Record<string, unknown>): InboxLine {
  const { actor, meeting, before, reason, comment, partstat } = facts.parse(kept);
  return {
    actor: actor?.name ?? null,
    meeting: meeting ?? null,
    startedAt: before && before.startsAt !== meeting?.startsAt ? before.startsAt : null,
    words: reason || comment || null,
    partstat: partstat ?? null,
  };
}

/** One row of a thread as far as its summary needs it. */
export interface ThreadRow {
  type: string;
  read: boolean;
  actorId: string | null;
  actorName: string | null;
  occurredAt: Date;
  /** What was kept of an event at a linked service, whose rows are folded; null for everything else. */
  payload: Record<string, unknown> | null;
}

export interface ThreadSummary {
  /** Rows under the head, at most `earlierMax`. */
  earlier: number;
  /** There are more than were counted. */
  more: boolean;
  /** Of the earlier ones, how many were never read. */
  unreadEarlier: number;
  /** How many rows of the head's type this line speaks for, the head among them. */
  alike: number;
  /** Who did them, newest first, at most `peopleMax` by name. */
  people: string[];
  otherPeople: number;
  /** Events at a linked service that this line tells as one, newest first, the head among them; empty for everything else. */
  folded: Happening[];
}

/** A thread is summed up from this many of its newest rows: one long thread must not cost what a page of others does. */
export const earlierMax = 50;
const peopleMax = 3;

/**
 * What the one line of a thread says of all its rows. An unread line speaks for what came since the reader last looked, a read one
 * for everything of its kind. `earlier` is newest first and one longer than `earlierMax` when there is more.
 */
export function summaryOf(head: ThreadRow, earlier: ThreadRow[]): ThreadSummary {
  const counted = earlier.slice(0, earlierMax);
  const spokenFor = counted.filter(({ read }) => head.read || !read);
  const alike = [head, ...spokenFor.filter(({ type }) => type === head.type)];
  const people = new Map(alike.flatMap(({ actorId, actorName }): [string, string][] => (actorName ? [[actorId ?? actorName, actorName]] : [])));
  const names = [...people.values()];
  return {
    earlier: counted.length,
    more: earlier.length > earlierMax,
    unreadEarlier: counted.filter(({ read }) => !read).length,
    alike: alike.length,
    people: names.slice(0, peopleMax),
    otherPeople: Math.max(0, names.length - peopleMax),
    folded: together([head, ...spokenFor]).flatMap(({ type, payload, occurredAt }) => (payload && isPluginType(type) ? [happeningOf({ payload, occurredAt }, type)] : [])),
  };
}

/** The sentence of a line: of its newest row alone, or of all that it speaks for ("Ada, Bora and 2 others answered Plan"). */
export function sentenceOf(
  row: { type: CatalogType; payload: Record<string, unknown>; occurredAt: Date },
  summary: ThreadSummary | null,
  reader: Pick<Reader, "lines" | "locale" | "list">,
): string {
  const { lines, list } = reader;
  if (summary && summary.folded.length > 1) return pluginLineOfMany(summary.folded, reader);
  const { meeting } = lineOf(row.payload);
  if (summary && meeting && row.type === "meeting.responded" && summary.people.length > 1) {
    // Two names and "2 others" read better than three names and one.
    const named = summary.people.slice(0, summary.otherPeople > 0 ? peopleMax - 1 : peopleMax);
    const rest = summary.people.length + summary.otherPeople - named.length;
    return lines("meeting.responded.many", { people: list([...named, ...(rest > 0 ? [lines("others", { count: rest })] : [])]), title: meeting.title });
  }
  if (summary && meeting && row.type === "meeting.updated" && summary.alike > 1 && summary.people.length === 1) {
    return lines("meeting.updated.many", { actor: summary.people[0] ?? "", title: meeting.title, count: summary.alike });
  }
  return inboxLine(row, reader);
}

/** What came of an event at a linked service, or of all that its line speaks for. */
export function detailOf(row: { type: CatalogType; payload: Record<string, unknown>; occurredAt: Date }, summary: ThreadSummary | null, reader: Pick<Reader, "lines">): string | null {
  if (!isPluginType(row.type)) return null;
  return pluginDetail(summary && summary.folded.length > 0 ? summary.folded : [happeningOf(row, row.type)], reader);
}
