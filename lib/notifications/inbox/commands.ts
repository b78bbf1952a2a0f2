import { and, eq, sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { firstIdAt } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { memberChannel, organizationChannel, publishRealtime, realtimeBatch, type RealtimeMessage } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { inboxChanged, inboxStale } from "../channels/realtime";
import { spreadSeconds } from "../fan-out/rules";
import { receivers } from "../tables";
import { readSeen, type ReadNotificationsInput, type UnreadNotificationsInput } from "./inputs";
import { inboxCount, inboxCounts, listed, type InboxChange, type InboxCount } from "./queries";
import { threadsOfPage } from "./rules";

/** What is left, and the instant that takes it back (`unread`). */
export interface Marked extends InboxCount {
  readAt: Date;
}

/**
 * Marks as read, whole threads, and says what is left. Rows of other people are not found and change nothing. "Everything" is what the
 * list that the member looked at could show: what has arrived meanwhile stays unread, even with an older id.
 */
export async function markRead(member: Member, input: ReadNotificationsInput): Promise<Marked> {
  const readAt = clock.now();
  await inTenant(member, (tx) => {
    if (input.ids) return readThreads(tx, member.id, threadsOf(member.id, input.ids), sql`true`, readAt);
    const known = knownAt(input.seen);
    if (input.subject) return readThreads(tx, member.id, threadsAbout(member.id, input.subject), known, readAt);
    return readListed(tx, member.id, listed(input.tab ?? "all", input.category), known, readAt);
  });
  return { ...(await inboxCount(member)), readAt };
}

/** Who has answered has read what asked for it, on whichever road the answer came. */
export async function readAnswered(tenant: Tenant, answer: { memberId: string; subjectId: string; answeredAt: Date }): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const before = sql`created_at <= ${answer.answeredAt.toISOString()}::timestamptz`;
    return readThreads(tx, answer.memberId, threadsAbout(answer.memberId, answer.subjectId), before, clock.now());
  });
}

/** Puts lines back among the unread, or takes one "mark read" back by its instant. */
export async function markUnread(member: Member, { ids, readAt }: UnreadNotificationsInput): Promise<InboxCount> {
  await inTenant(member, async (tx) => {
    if (ids) {
      await tx
        .update(receivers)
        .set({ readAt: null })
        .where(and(eq(receivers.memberId, member.id), sql`id = any(${sql.param(ids)}::text[]) and head`));
      return;
    }
    const then = sql`member_id = ${member.id} and read_at = ${readAt}::timestamptz`;
    // Each half spells the condition of one partial index; together they are all that "mark read" may have touched.
    await tx.execute(sql`
      with lines as (update receivers set read_at = null where ${then} and head and shown and snoozed_until is null)
      update receivers set read_at = null where ${then} and not head`);
  });
  return inboxCount(member);
}

const threadsOf = (memberId: string, ids: string[]) =>
  sql`select thread from receivers where member_id = ${memberId} and id = any(${sql.param(ids)}::text[])`;

const threadsAbout = (memberId: string, subjectId: string) => sql`
  select distinct r.thread from notifications n join receivers r on r.notification_id = n.id and r.member_id = ${memberId}
  where n.subject_id = ${subjectId}
  union select unnest(${textArray(threadsOfPage(subjectId))})`;

/**
 * Rows lie for minutes before a list is shown to be old; those count as known whatever their transaction's number says, because a
 * database that was restored from a dump counts its transactions anew.
 */
const settledMs = 5 * 60_000;

function knownAt(text: string | undefined): SQL {
  const seen = text === undefined ? null : readSeen(text);
  if (!seen) return sql`true`;
  const settled = firstIdAt("receiver", new Date(Math.max(0, seen.at.getTime() - settledMs)));
  return sql`(pg_visible_in_snapshot(written_in, ${seen.snapshot}::pg_snapshot) or position < ${settled})`;
}

/** Heads and the rows under them are two statements, because each has an index of its own; answers how many lines became read. */
async function readThreads(tx: Tx, memberId: string, threads: SQL, which: SQL, readAt: Date): Promise<number> {
  const unread = sql`member_id = ${memberId} and thread = any(array(select thread from meant)) and read_at is null and ${which}`;
  const lines = await tx.execute(sql`
    with meant as (${threads}),
    earlier as (update receivers set read_at = ${readAt.toISOString()}::timestamptz where ${unread} and not head)
    update receivers set read_at = ${readAt.toISOString()}::timestamptz where ${unread} and head returning id`);
  return lines.length;
}

async function readListed(tx: Tx, memberId: string, list: SQL, which: SQL, readAt: Date): Promise<number> {
  const at = sql`${readAt.toISOString()}::timestamptz`;
  const lines = await tx.execute(sql`
    with lines as (
      select id, thread, ${which} as known from receivers where member_id = ${memberId} and ${list} and read_at is null
    ), earlier as (
      update receivers set read_at = ${at}
      where member_id = ${memberId} and thread = any(array(select thread from lines)) and not head and read_at is null and ${which}
    )
    update receivers set read_at = ${at} where id = any(array(select id from lines where known)) and read_at is null returning id`);
  return lines.length;
}

/**
 * Tells the member's other tabs and devices. Straight to the provider, because a second is all they should wait; a tab that misses
 * it asks for itself when it is looked at again or reconnects.
 */
export async function announceInbox(member: Tenant & { readonly id: string }, { unread, version }: InboxCount): Promise<void> {
  await publish([messageFor(member.id, { unread, version, receiverId: null, type: null, subjectId: null })]);
}

/** The same for several members whose inboxes have just changed; the counts are read now, after the change was committed. */
export async function announceInboxes(tenant: Tenant, changes: { memberId: string; receiverId: string | null; type: string | null; subjectId: string | null }[]): Promise<void> {
  const counts = await inboxCounts(tenant, changes.map(({ memberId }) => memberId));
  const messages = changes.flatMap(({ memberId, ...what }) => {
    const count = counts.get(memberId);
    return count ? [messageFor(memberId, { ...count, ...what })] : [];
  });
  for (let from = 0; from < messages.length; from += realtimeBatch) await publish(messages.slice(from, from + realtimeBatch));
}

/** One message to all of an organization, after a change of very many inboxes: each tab asks at a moment of its own. */
export async function announceStale(tenant: Tenant, readers: number): Promise<void> {
  await publish([{ channel: organizationChannel(tenant.organizationId), event: inboxStale, data: { withinSeconds: spreadSeconds(readers) } }]);
}

const messageFor = (memberId: string, change: InboxChange): RealtimeMessage => ({ channel: memberChannel(memberId), event: inboxChanged, data: { ...change } });

async function publish(messages: RealtimeMessage[]): Promise<void> {
  const answer = await publishRealtime(messages);
  if (!answer.ok) log.warn("inbox change not published", { channels: messages.map(({ channel }) => channel), answer: answer.answer });
}
