import { and, desc, eq, inArray, lt, sql, type SQL } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import type { CatalogType } from "../catalog";
import { personalCategories } from "../inputs";
import { foldedNewsTypes } from "../news/rules";
import { pathOf } from "../paths";
import { isPluginType } from "../plugin-events/rules";
import { canBeMuted } from "../preferences/rules";
import { notifications, receivers } from "../tables";
import { inboxWhy } from "../templates/inbox-line";
import { foldedTypes } from "../templates/many";
import { happeningOf, pluginBrief } from "../templates/plugin-words";
import { readerOf, type Reader } from "../templates/reader";
import type { InboxTab, ListNotificationsInput } from "./inputs";
import { detailOf, earlierMax, lineOf, sentenceOf, summaryOf, threadsOfPage, type InboxLine, type ThreadRow, type ThreadSummary } from "./rules";

/** How many are unread, and when that was true: a higher version is newer. */
export interface InboxCount {
  unread: number;
  version: number;
}

/** What a member's tabs hear when their inbox changes. */
export type InboxChange = InboxCount & { receiverId: string | null; type: string | null; subjectId: string | null };

/** One thing a member was told. */
export interface InboxRow {
  id: string;
  type: CatalogType;
  category: string;
  subjectId: string;
  /** What the catalog kept of the event. */
  facts: Record<string, unknown>;
  /** The same for people: what stands around the row's sentence. */
  line: InboxLine;
  /** What happened, in the reader's language. */
  sentence: string;
  /** What came of it, of an event at a linked service. */
  detail: string | null;
  /** Who did what, for where the thing itself is named already: under a line of an event at a linked service. */
  brief: string | null;
  /** Why the reader hears of it. */
  why: string;
  /** The page here that it is about, below the organization's own address, where the type and the meeting do not say it. */
  path: string | null;
  occurredAt: Date;
  readAt: Date | null;
}

/** A line of the inbox: the newest row of its thread, and what the thread amounts to. */
export interface InboxItem extends InboxRow {
  thread: string;
  /** Whether more of its thread may come by mail or push. */
  canBeMuted: boolean;
  summary: ThreadSummary;
  snoozedUntil: Date | null;
  snoozedFor: "subject-end" | null;
}

export async function inboxCount(member: Member): Promise<InboxCount> {
  return (await inboxCounts(member, [member.id])).get(member.id) ?? { unread: 0, version: 0 };
}

/** The counts of several members. One statement, so that a count always belongs to the version beside it. */
export function inboxCounts(tenant: Tenant, memberIds: string[]): Promise<Map<string, InboxCount>> {
  return inTenant(tenant, (tx) => countsIn(tx, memberIds));
}

/** A badge says 99+; beyond this nobody counts, and counting must not cost more for who reads least. */
export const unreadMax = 1000;

/**
 * The version is the snapshot that the count was read in: a snapshot taken later has a higher `xmax`, or the same one and fewer
 * transactions under way. So it rises by itself with every change, without a row that everybody who changes an inbox would wait for.
 * Never publish a count from inside the transaction that changed it: its snapshot is older than its commit.
 */
export async function countsIn(tx: Tx, memberIds: string[]): Promise<Map<string, InboxCount>> {
  const rows = await tx.execute<{ member_id: string; unread: number; version: string }>(sql`
    select asked.member_id, taken.version,
      (select count(*)::int from (
        select 1 from receivers
        where receivers.member_id = asked.member_id and head and shown and snoozed_until is null and read_at is null limit ${unreadMax}
      ) as counted) as unread
    from unnest(${sql.param([...new Set(memberIds)])}::text[]) as asked (member_id),
      (select (pg_snapshot_xmax(seen)::text::bigint * 4096 + 4095 - least(4095, (select count(*) from pg_snapshot_xip(seen))))::text as version
       from (select pg_current_snapshot() as seen) as moment) as taken`);
  return new Map(rows.map((row) => [row.member_id, { unread: row.unread, version: Number(row.version) }]));
}

/**
 * This moment, for "all I have seen" (`readSeen`). Ask before reading the rows: each statement has a snapshot of its own, and what a
 * later one shows in addition must not count as seen. The time is the database's, whose rows it is compared with.
 */
async function seenIn(tx: Tx): Promise<string> {
  const [moment] = await tx.execute<{ seen: string }>(sql`select ${momentNow} as seen`);
  if (!moment) throw new Error("the database has no moment");
  return moment.seen;
}

const momentNow = sql`pg_current_snapshot()::text || '@' || (extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * The same, and from here to the end of the transaction a list is read along its index. Left alone, the planner takes the policy of
 * row level security for a filter that hardly any row passes, and then reads and sorts the member's whole inbox for its first twenty
 * lines (bench/inbox.ts shows its plan).
 */
async function seenBeforeWalking(tx: Tx): Promise<string> {
  const [moment] = await tx.execute<{ seen: string }>(
    sql`select ${momentNow} as seen, set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
  );
  if (!moment) throw new Error("the database has no moment");
  return moment.seen;
}

/** How many members were told each of these. */
export async function readersOf(tenant: Tenant, notificationIds: string[]): Promise<Map<string, number>> {
  if (notificationIds.length === 0) return new Map();
  return inTenant(tenant, async (tx) => {
    const rows = await tx
      .select({ id: receivers.notificationId, readers: sql<number>`count(*)::int` })
      .from(receivers)
      .where(inArray(receivers.notificationId, notificationIds))
      .groupBy(receivers.notificationId);
    return new Map(rows.map(({ id, readers }) => [id, readers]));
  });
}

/** The inbox row ids by `<notification> <member>`. */
export async function receiversOf(tenant: Tenant, notificationIds: string[], memberIds: string[]): Promise<Map<string, string>> {
  return inTenant(tenant, async (tx) => {
    const rows = await tx
      .select({ id: receivers.id, notificationId: receivers.notificationId, memberId: receivers.memberId })
      .from(receivers)
      .where(and(inArray(receivers.notificationId, notificationIds), inArray(receivers.memberId, memberIds)));
    return new Map(rows.map((row) => [`${row.notificationId} ${row.memberId}`, row.id]));
  });
}

export interface InboxPage {
  items: InboxItem[];
  nextCursor: string | null;
  count: InboxCount;
  /** Goes back with "all read". */
  seen: string;
}

const personalOnes = sql`any(${sql.param([...personalCategories])}::text[])`;

/**
 * What came after it in its thread must not hide what is meant for the reader: a line is personal while anything is that it speaks for,
 * which is what is unread with it, and afterwards what was read with it.
 */
const personal = sql`(receivers.category = ${personalOnes} or exists (
  select 1 from receivers under where under.member_id = receivers.member_id and under.thread = receivers.thread and not under.head and under.shown
    and under.category = ${personalOnes} and under.read_at is not distinct from receivers.read_at))`;

/** The conditions of a list are spelled as its partial index has them, or the planner would not recognize it. */
export function listed(tab: InboxTab, category: string | undefined): SQL {
  const asleep = tab === "snoozed" ? sql`snoozed_until is not null` : sql`snoozed_until is null`;
  return sql.join(
    [
      sql`head and shown and ${asleep}`,
      ...(tab === "unread" ? [sql`read_at is null`] : []),
      ...(tab === "personal" ? [personal] : []),
      ...(category ? [sql`receivers.category = ${category}`] : []),
    ],
    sql` and `,
  );
}

/** The member's inbox, newest first, with the count as of the same moment. The cursor is the place of the last line seen. */
export async function inboxPage(member: Member, { cursor, limit, tab, category }: ListNotificationsInput): Promise<InboxPage> {
  if (cursor !== undefined && !isId("receiver", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const reader = await readerOf(member);
  return inTenant(member, async (tx) => {
    const seen = await seenBeforeWalking(tx);
    const counts = await countsIn(tx, [member.id]);
    const rows = await tx
      .select({ receiver: receivers, notification: notifications })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(and(eq(receivers.memberId, member.id), listed(tab, category), cursor ? lt(receivers.position, cursor) : undefined))
      .orderBy(desc(receivers.position))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const under = await earlierIn(tx, member, shown.map(({ receiver }) => receiver.thread));
    const people = await peopleInAll(tx, member, [...under].flatMap(([thread, rows]) => (rows.length > earlierMax ? [thread] : [])));
    return {
      items: shown.map((row) => itemOf(row, under.get(row.receiver.thread) ?? [], people.get(row.receiver.thread) ?? 0, reader)),
      nextCursor: last && rows.length > limit ? last.receiver.position : null,
      count: counts.get(member.id) ?? { unread: 0, version: 0 },
      seen,
    };
  });
}

interface Stored {
  receiver: typeof receivers.$inferSelect;
  notification: typeof notifications.$inferSelect;
}

function itemOf({ receiver, notification }: Stored, under: ThreadRow[], people: number, reader: Reader): InboxItem {
  const actor = actorOf(notification.payload);
  const { type, payload, occurredAt } = notification;
  const head: ThreadRow = { type, read: receiver.readAt !== null, ...actor, occurredAt, payload: foldedTypes.includes(type) ? payload : null };
  const summary = summaryOf(head, under, people);
  return {
    ...rowOf({ receiver, notification }, reader, summary),
    thread: receiver.thread,
    canBeMuted: canBeMuted(type, notification.category),
    summary,
    snoozedUntil: receiver.snoozedUntil,
    snoozedFor: receiver.snoozedFor,
  };
}

function rowOf({ receiver, notification }: Stored, reader: Reader, summary: ThreadSummary | null): InboxRow {
  // Only the catalog writes types.
  const type = notification.type as CatalogType;
  const { payload, occurredAt } = notification;
  return {
    id: receiver.id,
    type,
    category: notification.category,
    subjectId: notification.subjectId,
    facts: payload,
    line: lineOf(type, payload),
    sentence: sentenceOf({ type, payload, occurredAt }, summary, reader),
    detail: detailOf({ type, payload, occurredAt }, summary, reader),
    brief: isPluginType(type) ? pluginBrief(happeningOf({ payload, occurredAt }, type), reader) : null,
    why: inboxWhy({ type, payload }, reader, receiver.memberId),
    path: pathOf(type, notification.subjectId, payload),
    occurredAt,
    readAt: receiver.readAt,
  };
}

function actorOf({ actor }: Record<string, unknown>): { actorId: string | null; actorName: string | null } {
  const { memberId, name } = (typeof actor === "object" && actor !== null ? actor : {}) as { memberId?: unknown; name?: unknown };
  return { actorId: typeof memberId === "string" ? memberId : null, actorName: typeof name === "string" ? name : null };
}

/** The rows under these threads' heads, newest first, so many of each that one long thread costs no more than the others. */
async function earlierIn(tx: Tx, member: Member, threads: string[]): Promise<Map<string, ThreadRow[]>> {
  if (threads.length === 0) return new Map();
  const rows = await tx.execute<{
    thread: string;
    type: string;
    read: boolean;
    actor_id: string | null;
    actor_name: string | null;
    occurred_at: string;
    payload: Record<string, unknown> | null;
  }>(sql`
    select asked.thread, under.* from unnest(${sql.param(threads)}::text[]) as asked (thread)
    cross join lateral (
      select n.type, r.read_at is not null as read, n.payload -> 'actor' ->> 'memberId' as actor_id, n.payload -> 'actor' ->> 'name' as actor_name,
        n.occurred_at, case when n.type = any(${textArray([...foldedTypes])}) then n.payload end as payload
      from receivers r join notifications n on n.id = r.notification_id
      where r.member_id = ${member.id} and r.thread = asked.thread and not r.head and r.shown
      order by r.id desc limit ${earlierMax + 1}
    ) as under`);
  const byThread = new Map<string, ThreadRow[]>();
  for (const { thread, type, read, actor_id: actorId, actor_name: actorName, occurred_at, payload } of rows) {
    const row: ThreadRow = { type, read, actorId, actorName, occurredAt: new Date(occurred_at), payload };
    const known = byThread.get(thread);
    if (known) known.push(row);
    else byThread.set(thread, [row]);
  }
  return byThread;
}

/**
 * How many people did what the lines of these long threads speak for, of the types that name them: what is unread while the line is,
 * and everything of its kind afterwards.
 */
async function peopleInAll(tx: Tx, member: Member, threads: string[]): Promise<Map<string, number>> {
  if (threads.length === 0) return new Map();
  const rows = await tx.execute<{ thread: string; people: number }>(sql`
    select head.thread, count(distinct n.payload -> 'actor' ->> 'memberId')::int as people
    from receivers head
    join notifications first on first.id = head.notification_id and first.type = any(${textArray([...foldedNewsTypes])})
    join lateral (
      select under.notification_id from receivers under
      where under.member_id = ${member.id} and under.thread = head.thread and not under.head and under.shown and (head.read_at is not null or under.read_at is null)
      union all select head.notification_id
    ) as told on true
    join notifications n on n.id = told.notification_id and (n.type = first.type or first.type like 'comment.%' and n.type like 'comment.%')
    where head.member_id = ${member.id} and head.thread = any(${textArray(threads)}) and head.head
    group by head.thread`);
  return new Map(rows.map(({ thread, people }) => [thread, people]));
}

/**
 * The rows under one line, newest first. `receiverId` names any row of the thread.
 * @throws Refused NOT_FOUND also when it is somebody else's.
 */
export async function threadRows(member: Member, receiverId: string): Promise<{ rows: InboxRow[]; more: boolean }> {
  if (!isId("receiver", receiverId)) throw new Refused("NOT_FOUND");
  const reader = await readerOf(member);
  return inTenant(member, async (tx) => {
    const [named] = await tx
      .select({ thread: receivers.thread })
      .from(receivers)
      .where(and(eq(receivers.id, receiverId), eq(receivers.memberId, member.id)));
    if (!named) throw new Refused("NOT_FOUND");
    const rows = await tx
      .select({ receiver: receivers, notification: notifications })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(and(eq(receivers.memberId, member.id), eq(receivers.thread, named.thread), sql`not head and shown`))
      .orderBy(desc(receivers.id))
      .limit(earlierMax + 1);
    return { rows: rows.slice(0, earlierMax).map((row) => rowOf(row, reader, null)), more: rows.length > earlierMax };
  });
}

/** How much about one thing this member has not read, for the page of that thing, which marks it read when it is really looked at. */
export async function unreadAbout(member: Member, subjectId: string): Promise<{ unread: number; seen: string }> {
  return inTenant(member, async (tx) => {
    const seen = await seenIn(tx);
    const [counted] = await tx.execute<{ unread: number }>(sql`
      select count(*)::int as unread from receivers where shown and read_at is null and id in (
        select r.id from notifications n join receivers r on r.notification_id = n.id and r.member_id = ${member.id} where n.subject_id = ${subjectId}
        union all select id from receivers where member_id = ${member.id} and thread = any(${textArray(threadsOfPage(subjectId))}) and head
        union all select id from receivers where member_id = ${member.id} and thread = any(${textArray(threadsOfPage(subjectId))}) and not head)`);
    return { unread: counted?.unread ?? 0, seen };
  });
}
