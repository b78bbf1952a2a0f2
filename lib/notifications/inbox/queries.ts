import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import type { CatalogType } from "../catalog";
import { notifications, receivers } from "../tables";
import type { ListNotificationsInput } from "./inputs";
import { lineOf, type InboxLine } from "./rules";

/** How many are unread, and when that was true: a higher version is newer. */
export interface InboxCount {
  unread: number;
  version: number;
}

/** What a member's tabs hear when their inbox changes. */
export type InboxChange = InboxCount & { receiverId: string | null; type: string | null; subjectId: string | null };

export interface InboxItem {
  id: string;
  type: CatalogType;
  category: string;
  subjectId: string;
  /** What the catalog kept of the event. */
  facts: Record<string, unknown>;
  /** The same for people: what the row's sentence needs. */
  line: InboxLine;
  occurredAt: Date;
  readAt: Date | null;
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

/** Inbox row ids by `<notification> <member>`. */
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
}

/** The member's inbox, newest first, with the count as of the same moment. The cursor is the id of the last row seen. */
export async function inboxPage(member: Member, { cursor, limit, unread }: ListNotificationsInput): Promise<InboxPage> {
  if (cursor !== undefined && !isId("receiver", cursor)) {
    throw new Refused("INVALID", { fields: [{ path: ["cursor"], code: "invalid", detail: "Use the nextCursor of an earlier answer." }] });
  }
  return inTenant(member, async (tx) => {
    const rows = await tx
      .select({ receiver: receivers, notification: notifications })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(
        and(
          eq(receivers.memberId, member.id),
          sql`${receivers.head} and ${receivers.shown} and ${receivers.snoozedUntil} is null`,
          cursor ? lt(receivers.position, cursor) : undefined,
          unread ? isNull(receivers.readAt) : undefined,
        ),
      )
      .orderBy(desc(receivers.position))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const counts = await countsIn(tx, [member.id]);
    return {
      items: shown.map(({ receiver, notification }) => ({
        id: receiver.id,
        // Only the catalog writes types.
        type: notification.type as CatalogType,
        category: notification.category,
        subjectId: notification.subjectId,
        facts: notification.payload,
        line: lineOf(notification.payload),
        occurredAt: notification.occurredAt,
        readAt: receiver.readAt,
      })),
      nextCursor: last && rows.length > limit ? last.receiver.position : null,
      count: counts.get(member.id) ?? { unread: 0, version: 0 },
    };
  });
}
