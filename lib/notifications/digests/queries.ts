import { sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { CatalogType } from "../catalog";
import type { Category } from "../inputs";
import { foldedTypes } from "../templates/many";

/** The newest state of one thread in a gathered mail or push. */
export interface BundleItem {
  /** The delivery that was folded into the bundle. */
  deliveryId: string;
  notificationId: string;
  /** The reader's inbox row of it; null when the row is gone. */
  receiverId: string | null;
  type: CatalogType;
  category: Category;
  subjectId: string;
  thread: string;
  workspaceId: string | null;
  memberId: string | null;
  /** The domain's own id of the reader at the subject, e.g. the attendee. */
  participantId: string | null;
  /** What the catalog kept of the event. */
  facts: Record<string, unknown>;
  occurredAt: Date;
  /** After this instant nobody wants to hear of it any more. */
  expiresAt: Date | null;
  /** When its reader saw it, or a later line of its thread; null while they have not. */
  readAt: Date | null;
  /** How many notifications of the thread the bundle covers, this one included. */
  count: number;
}

interface ItemRow extends Record<string, unknown> {
  bundle_id: string;
  delivery_id: string;
  notification_id: string;
  receiver_id: string | null;
  type: string;
  category: string;
  subject_id: string;
  thread: string;
  workspace_id: string | null;
  member_id: string | null;
  participant_id: string | null;
  facts: Record<string, unknown>;
  occurred_at: string;
  expires_at: string | null;
  read_at: string | null;
  count: number;
}

/** What is gone does not stand in front of what came before it in its thread. */
const notWithdrawn = sql`not exists (
  select 1 from withdrawals where withdrawals.organization_id = notifications.organization_id and withdrawals.key in (notifications.thread, notifications.subject_id))`;

/**
 * What each of these bundles covers and is not over, by bundle: one item a thread, the newest, oldest thread first. Read state is as of now, so
 * whoever renders can leave out what was seen meanwhile.
 */
export async function bundleItems(tenant: Tenant, bundleDeliveryIds: string[]): Promise<Map<string, BundleItem[]>> {
  const items = new Map<string, BundleItem[]>(bundleDeliveryIds.map((id) => [id, []]));
  if (bundleDeliveryIds.length === 0) return items;
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<ItemRow>(sql`
      select * from (
        select distinct on (folded.reason, notifications.thread)
          folded.reason as bundle_id, folded.id as delivery_id, folded.member_id, folded.participant_id, notifications.id as notification_id,
          notifications.type, notifications.category, notifications.subject_id, notifications.thread, notifications.workspace_id,
          notifications.payload as facts, notifications.occurred_at, notifications.expires_at,
          receivers.id as receiver_id, ${seenAt(sql`receivers`)} as read_at,
          count(*) over (partition by folded.reason, notifications.thread)::int as count
        from deliveries folded
        join notifications on notifications.id = folded.notification_id
        left join receivers on receivers.notification_id = folded.notification_id and receivers.member_id = folded.member_id
        where folded.state = 'merged' and folded.reason = any(${sql.param(bundleDeliveryIds)}::text[])
          and (notifications.expires_at is null or notifications.expires_at > ${clock.now().toISOString()}::timestamptz) and ${notWithdrawn}
        order by folded.reason, notifications.thread, notifications.occurred_at desc, notifications.id desc
      ) newest
      order by bundle_id, occurred_at, notification_id`),
  );
  for (const row of rows) {
    items.get(row.bundle_id)?.push({
      deliveryId: row.delivery_id,
      notificationId: row.notification_id,
      receiverId: row.receiver_id,
      // Only the catalog writes types and categories.
      type: row.type as CatalogType,
      category: row.category as Category,
      subjectId: row.subject_id,
      thread: row.thread,
      workspaceId: row.workspace_id,
      memberId: row.member_id,
      participantId: row.participant_id,
      facts: row.facts,
      occurredAt: new Date(row.occurred_at),
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
      readAt: row.read_at === null ? null : new Date(row.read_at),
      count: row.count,
    });
  }
  return items;
}

/** An item as its subject is asked about it. */
export const toldOf = ({ deliveryId, subjectId, memberId, participantId, facts }: Pick<BundleItem, "deliveryId" | "subjectId" | "memberId" | "participantId" | "facts">) => ({
  id: deliveryId,
  subjectId,
  memberId,
  participantId,
  payload: facts,
});

/** A digest tells the newest state of a thread; so many of what led there is counted. */
const happenedMax = 50;

/** One of several of a thread that a digest tells as one. */
export type UnseenItem = Pick<BundleItem, "deliveryId" | "type" | "subjectId" | "memberId" | "participantId" | "facts" | "occurredAt">;

/** What these bundles cover of types that are told together, and their readers have not seen, by bundle and thread, newest first. */
export async function unseenInBundles(tenant: Tenant, bundleDeliveryIds: string[]): Promise<Map<string, Map<string, UnseenItem[]>>> {
  if (bundleDeliveryIds.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<Pick<ItemRow, "bundle_id" | "delivery_id" | "thread" | "type" | "subject_id" | "member_id" | "participant_id" | "facts" | "occurred_at">>(sql`
      select bundle_id, delivery_id, thread, type, subject_id, member_id, participant_id, facts, occurred_at from (
        select folded.reason as bundle_id, folded.id as delivery_id, notifications.thread, notifications.type, notifications.subject_id, folded.member_id,
          folded.participant_id, notifications.payload as facts, notifications.occurred_at, notifications.id,
          row_number() over (partition by folded.reason, notifications.thread order by notifications.occurred_at desc, notifications.id desc) as place
        from deliveries folded
        join notifications on notifications.id = folded.notification_id
        left join receivers on receivers.notification_id = folded.notification_id and receivers.member_id = folded.member_id
        where folded.state = 'merged' and folded.reason = any(${textArray(bundleDeliveryIds)}) and notifications.type = any(${textArray([...foldedTypes])})
          and ${seenAt(sql`receivers`)} is null and ${notWithdrawn}
      ) unseen
      where place <= ${happenedMax} order by occurred_at desc, id desc`),
  );
  const unseen = new Map<string, Map<string, UnseenItem[]>>();
  for (const row of rows) {
    const threads = unseen.get(row.bundle_id) ?? new Map<string, UnseenItem[]>();
    const item: UnseenItem = {
      deliveryId: row.delivery_id,
      type: row.type as CatalogType,
      subjectId: row.subject_id,
      memberId: row.member_id,
      participantId: row.participant_id,
      facts: row.facts,
      occurredAt: new Date(row.occurred_at),
    };
    threads.set(row.thread, [...(threads.get(row.thread) ?? []), item]);
    unseen.set(row.bundle_id, threads);
  }
  return unseen;
}

/**
 * When the reader of a receiver's row saw it. Its head carries the read state of a thread, so a row was seen as well when a later line
 * of the thread was, or when the line it was put under was read after that. Two look-ups, because heads and earlier rows have an
 * index each.
 */
export const seenAt = (row: SQL) => sql`case when ${row}.head then ${row}.read_at else least(
  ${row}.read_at,
  (select head.read_at from receivers head
   where head.member_id = ${row}.member_id and head.thread = ${row}.thread and head.head and (head.id > ${row}.id or head.read_at >= ${row}.created_at)),
  (select min(earlier.read_at) from receivers earlier
   where earlier.member_id = ${row}.member_id and earlier.thread = ${row}.thread and not earlier.head and earlier.id > ${row}.id)
) end`;
