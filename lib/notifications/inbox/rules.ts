import { z } from "zod";
import type { CatalogType } from "../catalog";
import { isId } from "@/lib/platform/ids";
import { threadsOfArticle } from "../news/mappings";
import { isNewsType, namedAndOthers, newsFactsOf, speaksFor } from "../news/rules";
import { isPluginType } from "../plugin-events/rules";
import { inboxLine } from "../templates/inbox-line";
import { detailOfMany, foldable, lineOfMany } from "../templates/many";
import type { Matter } from "../templates/matter";
import { newsQuote } from "../templates/news-words";
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
  /** The article that it is about; its picture where the article itself is the news. */
  article: { id: string; cover: { mediaId: string; alt: string } | null } | null;
}

export function lineOf(type: string, kept: Record<string, unknown>): InboxLine {
  const { actor, meeting, before, reason, comment, partstat } = facts.parse(kept);
  const news = isNewsType(type) ? newsFactsOf(kept) : null;
  return {
    actor: actor?.name ?? null,
    meeting: meeting ?? null,
    startedAt: before && before.startsAt !== meeting?.startsAt ? before.startsAt : null,
    words: reason || comment || (isNewsType(type) && news && newsQuote(type, news)) || null,
    partstat: partstat ?? null,
    article: news?.article ? { id: news.article.id, cover: type === "article.published" || type === "article.mentioned" ? (news.article.cover ?? null) : null } : null,
  };
}

/** One row of a thread as far as its summary needs it. */
export interface ThreadRow {
  type: string;
  read: boolean;
  actorId: string | null;
  actorName: string | null;
  occurredAt: Date;
  /** What was kept, of types that are told together; null for everything else. */
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
  /** What this line tells as one, newest first, the head among them; empty for types that are never told together. */
  folded: Matter[];
}

/** A thread is summed up from this many of its newest rows: one long thread must not cost what a page of others does. */
export const earlierMax = 50;
const peopleMax = 3;

/**
 * What the one line of a thread says of all its rows. An unread line speaks for what came since the reader last looked, a read one
 * for everything of its kind. `earlier` is newest first and one longer than `earlierMax` when there is more; `peopleInAll` are then those
 * who did what it speaks for, counted in the database.
 */
export function summaryOf(head: ThreadRow, earlier: ThreadRow[], peopleInAll = 0): ThreadSummary {
  const counted = earlier.slice(0, earlierMax);
  const spokenFor = counted.filter(({ read }) => head.read || !read);
  const alike = [head, ...spokenFor.filter(({ type }) => type === head.type || speaksFor(head.type, type))];
  const people = new Map(alike.flatMap(({ actorId, actorName }): [string, string][] => (actorName ? [[actorId ?? actorName, actorName]] : [])));
  const names = [...people.values()];
  const inAll = Math.max(names.length, peopleInAll);
  return {
    earlier: counted.length,
    more: earlier.length > earlierMax,
    unreadEarlier: counted.filter(({ read }) => !read).length,
    alike: alike.length,
    people: names.slice(0, peopleMax),
    otherPeople: Math.max(0, inAll - peopleMax),
    // Only the catalog writes types.
    folded: foldable([head, ...spokenFor]).flatMap(({ type, payload, occurredAt }) => (payload ? [{ type: type as CatalogType, payload, occurredAt }] : [])),
  };
}

/** The sentence of a line: of its newest row alone, or of all that it speaks for ("Ada, Bora and 2 others answered Plan"). */
export function sentenceOf(
  row: { type: CatalogType; payload: Record<string, unknown>; occurredAt: Date },
  summary: ThreadSummary | null,
  reader: Pick<Reader, "lines" | "locale" | "list">,
): string {
  const { lines, list } = reader;
  if (summary && summary.folded.length > 1) return lineOfMany(summary.folded, reader, summary.people.length + summary.otherPeople);
  const { meeting } = lineOf(row.type, row.payload);
  if (summary && meeting && row.type === "meeting.responded" && summary.people.length > 1) {
    const { named, others } = namedAndOthers(summary.people, summary.people.length + summary.otherPeople);
    return lines("meeting.responded.many", { people: list([...named, ...(others > 0 ? [lines("others", { count: others })] : [])]), title: meeting.title });
  }
  if (summary && meeting && row.type === "meeting.updated" && summary.alike > 1 && summary.people.length === 1) {
    return lines("meeting.updated.many", { actor: summary.people[0] ?? "", title: meeting.title, count: summary.alike });
  }
  return inboxLine(row, reader);
}

/** What came of an event at a linked service, or of all that its line speaks for. */
export function detailOf(row: { type: CatalogType; payload: Record<string, unknown>; occurredAt: Date }, summary: ThreadSummary | null, reader: Pick<Reader, "lines">): string | null {
  if (!isPluginType(row.type)) return null;
  return detailOfMany(summary && summary.folded.length > 0 ? summary.folded : [row], reader);
}

/** The threads that a page shows in whole, besides what is about its very subject: an article's page shows its comments and likes. */
export const threadsOfPage = (subjectId: string): string[] => (isId("article", subjectId) ? threadsOfArticle(subjectId) : []);
