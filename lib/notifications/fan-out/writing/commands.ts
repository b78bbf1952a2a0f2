import { and, eq, inArray, isNull, or, sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { newId, type IdKind } from "@/lib/platform/ids";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { calendarTypes, type Told } from "../../catalog";
import { publications } from "../../publications/tables";
import { notifications } from "../../tables";
import { batchesOf, type DeliveryBatch, type PlannedDelivery, type PlannedReceiver } from "../rules";

/** The notification of this event; the same one however often it is written. */
export async function writeNotification(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, told: Told): Promise<string> {
  const [inserted] = await tx
    .insert(notifications)
    .values({
      ...(told.id && { id: told.id }),
      organizationId: tenant.organizationId,
      eventId: envelope.eventId,
      type: told.type,
      category: told.category,
      subjectId: told.subjectId,
      thread: told.thread,
      workspaceId: told.workspaceId,
      payload: told.facts,
      occurredAt: new Date(envelope.occurredAt),
      expiresAt: told.expiresAt,
    })
    .onConflictDoNothing()
    .returning({ id: notifications.id });
  if (inserted) return inserted.id;
  const mine = and(eq(notifications.eventId, envelope.eventId), eq(notifications.type, told.type));
  const [existing] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(told.id ? or(mine, eq(notifications.id, told.id)) : mine);
  if (!existing) throw new Error(`notification of ${envelope.eventId} belongs to another organization`);
  return existing.id;
}

/**
 * One row for each member, and the new head of their thread. A row that the reader keeps out of the inbox is no head, and neither is
 * one that comes late, after what happened after it. Removed members are left out here, in the statement that writes, so that no
 * moment lies between looking and writing.
 * @returns how many were written; fewer than planned when some had been before.
 */
export async function writeReceivers(
  tx: Tx,
  tenant: Tenant,
  { notificationId, told, occurredAt }: { notificationId: string; told: Told; occurredAt: string },
  planned: PlannedReceiver[],
): Promise<number> {
  if (planned.length === 0) return 0;
  const verdicts = [...new Set(planned.map(({ verdict }) => verdict))];
  const numbers = new Map(verdicts.map((verdict, index) => [verdict, index + 1]));
  const shown = planned.filter(({ verdict }) => verdict.shown).map(({ memberId }) => memberId);
  // Asked once a statement: a thread that is new has no heads, and nobody's inbox need be searched for one.
  const threadIsKnown = sql`(select exists (
    select 1 from notifications other
    where other.organization_id = ${tenant.organizationId} and other.thread = ${told.thread} and other.id <> ${notificationId}))`;
  await tx.execute(sql`
    update receivers earlier set head = false, snoozed_until = null, snoozed_for = null
    from notifications cause
    where ${threadIsKnown} and earlier.member_id = any(${textArray(shown)}) and earlier.thread = ${told.thread} and earlier.head
      and cause.id = earlier.notification_id and cause.occurred_at <= ${occurredAt}::timestamptz
      and not exists (select 1 from receivers mine where mine.notification_id = ${notificationId} and mine.member_id = earlier.member_id)`);
  // Fan-outs of one notification take turns, so that looking is enough; the unique key has the last word, and costs less than asking
  // it about every row first (ON CONFLICT). Nobody looks when nothing was written yet.
  const begun = sql`(select exists (select 1 from receivers where receivers.notification_id = ${notificationId}))`;
  const written = await tx.execute(sql`
    with planned as (
      select ${idsFrom("receiver", sql`planned.number`)} as id, members.id as member_id,
        (array(select unnest(${textArray(verdicts.map(({ shown: inInbox }) => String(inInbox)))})::boolean))[planned.verdict] as shown,
        (array(select unnest(${textArray(verdicts.map(({ decisions }) => JSON.stringify(decisions)))})::jsonb))[planned.verdict] as decisions
      from unnest(${textArray(planned.map(({ memberId }) => memberId))}, ${numbersOf(planned.map(({ verdict }) => numbers.get(verdict) ?? 0))})
        with ordinality as planned (member_id, verdict, number)
      join members on members.id = planned.member_id and members.organization_id = ${tenant.organizationId} and members.removed_at is null
      where not (${begun} and exists (select 1 from receivers mine where mine.notification_id = ${notificationId} and mine.member_id = planned.member_id))
    )
    insert into receivers (id, organization_id, notification_id, member_id, category, thread, head, shown, position, decisions, created_at)
    select planned.id, ${tenant.organizationId}, ${notificationId}, planned.member_id, ${told.category}, ${told.thread},
      planned.shown and not (${threadIsKnown} and exists (
        select 1 from receivers newer where newer.member_id = planned.member_id and newer.thread = ${told.thread} and newer.head)),
      planned.shown, planned.id, planned.decisions, ${clock.now().toISOString()}::timestamptz
    from planned`);
  return written.count;
}

export interface WrittenDeliveries {
  ids: string[];
  /** Whether any of them may overtake what waits. */
  mergeable: boolean;
  /** What waits for its time, in batches. */
  batches: DeliveryBatch[];
}

/** One row a recipient and channel; a push becomes one for each device that is active where it happened. */
export async function writeDeliveries(
  tx: Tx,
  tenant: Tenant,
  { notificationId, told }: { notificationId: string; told: Told },
  planned: PlannedDelivery[],
): Promise<WrittenDeliveries> {
  if (planned.length === 0) return { ids: [], mergeable: false, batches: [] };
  const ways = [...new Set(planned.map(({ way }) => way))];
  const numbers = new Map(ways.map((way, index) => [way, index + 1]));
  const now = clock.now().toISOString();
  const begun = sql`(select exists (select 1 from deliveries where deliveries.notification_id = ${notificationId}))`;
  const rows = await tx.execute<{ state: string; channel: string; deliver_after: string; ids: string }>(sql`
    with ways as materialized (
      select way.number, way.channel, way.hold, way.deliver_after::timestamptz as deliver_after, way.skipped,
        case when way.skipped is not null then 'skipped' when way.hold is not null then 'held' else 'pending' end as state
      from unnest(${textArray(ways.map(({ channel }) => channel))}, ${textArray(ways.map(({ hold }) => hold))},
        ${textArray(ways.map(({ deliverAfter }) => deliverAfter.toISOString()))}, ${textArray(ways.map(({ skipped }) => skipped))}
      ) with ordinality as way (channel, hold, deliver_after, skipped, number)
    ), planned as (
      select planned.*, ways.channel, ways.hold, ways.deliver_after, ways.skipped, ways.state
      from unnest(${textArray(planned.map(({ recipient }) => recipient))}, ${textArray(planned.map(({ memberId }) => memberId))},
        ${textArray(planned.map(({ participantId }) => participantId))}, ${textArray(planned.map(({ email }) => email))},
        ${textArray(planned.map(({ mergeKey }) => mergeKey))}, ${numbersOf(planned.map(({ way }) => numbers.get(way) ?? 0))}
      ) with ordinality as planned (recipient, member_id, participant_id, email, merge_key, way, number)
      join ways on ways.number = planned.way
      left join members on members.id = planned.member_id and members.organization_id = ${tenant.organizationId}
      where planned.member_id is null or (members.id is not null and members.removed_at is null)
    ), addressed as (
      ${addressed(tenant, told, ways.some(({ channel }) => channel === "push"))}
    ), written as (
      insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, participant_id, email, device_id, merge_key,
        state, hold, reason, deliver_after, settled_at, created_at)
      select ${idsFrom("delivery", sql`row_number() over (order by number)`)}, ${tenant.organizationId}, ${notificationId}, channel,
        coalesce(device_id, recipient), member_id, participant_id, email, device_id, merge_key, state, hold, skipped, deliver_after,
        case when skipped is not null then ${now}::timestamptz end, ${now}::timestamptz
      from addressed
      where not (${begun} and exists (
        select 1 from deliveries mine
        where mine.notification_id = ${notificationId} and mine.channel = addressed.channel and mine.recipient = coalesce(addressed.device_id, addressed.recipient)))
      returning id, state, channel, deliver_after
    )
    select state, channel, deliver_after, string_agg(id, ' ' order by id) as ids from written group by 1, 2, 3 order by 3, 2`);
  const groups = rows.map(({ state, channel, deliver_after, ids }) => ({ state, channel, deliverAfter: new Date(deliver_after), ids: ids.split(" ") }));
  return {
    ids: groups.flatMap(({ ids }) => ids),
    mergeable: planned.some(({ mergeKey, way }) => mergeKey !== null && way.skipped === null),
    batches: groups.filter(({ state }) => state === "pending").flatMap(batchesOf),
  };
}

function addressed(tenant: Tenant, told: Told, push: boolean): SQL {
  const columns = sql`number, channel, recipient, planned.member_id, participant_id, email, merge_key, state, hold, skipped, deliver_after`;
  if (!push) return sql`select ${columns}, null::text as device_id from planned`;
  return sql`
    select ${columns}, null::text as device_id from planned where channel <> 'push'
    union all
    select ${columns}, devices.id from planned
    join devices on devices.member_id = planned.member_id and devices.organization_id = ${tenant.organizationId} and devices.ended_at is null
      and (devices.workspace_id is null or ${told.workspaceId}::text is null or devices.workspace_id = ${told.workspaceId}::text)
    where channel = 'push'`;
}

/** One message to a whole place, that its members ask for their counts; written when the last of them has a row. */
export async function writeBroadcast(tx: Tx, tenant: Tenant, notificationId: string, recipient: string): Promise<void> {
  const now = clock.now().toISOString();
  await tx.execute(sql`
    insert into deliveries (id, organization_id, notification_id, channel, recipient, deliver_after, created_at)
    values (${newId("delivery")}, ${tenant.organizationId}, ${notificationId}, 'realtime', ${recipient}, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (notification_id, channel, recipient) do nothing`);
}

/** A publication is under way until the last chunk of its audience has its rows, whatever became of the first one's meanwhile. */
export async function noteEverybodyTold(tx: Tx, publicationIds: string[]): Promise<void> {
  if (publicationIds.length === 0) return;
  await tx.update(publications).set({ settledAt: clock.now() }).where(and(inArray(publications.id, publicationIds), isNull(publications.settledAt)));
}

/**
 * What waits under the same merge key gives way to the new delivery, which keeps the earlier time: the window counts from the first
 * change. What is gathered keeps the hour of its digest; a calendar mail goes by itself, and may carry an invitation that must not wait
 * for the week of the change that overtook it. A message that was rendered already may have reached its reader, so it is never replaced;
 * the new one follows it. The overtaken rows name their successor in `reason`, which is how an answers mail knows all answers it has to list.
 */
export async function overtake(tx: Tx, told: Told, written: string[]): Promise<number> {
  if (written.length === 0) return 0;
  const [row] = await tx.execute<{ overtaken: number }>(sql`
    with fresh as (
      select id, merge_key, deliver_after from deliveries
      where id = any(${textArray(written)}) and merge_key is not null and state in ('pending', 'held')
    ), waiting as (
      select older.id, older.deliver_after, fresh.id as successor
      from fresh join deliveries older on older.merge_key = fresh.merge_key and older.state in ('pending', 'held') and older.message is null and older.id <> fresh.id
      order by older.id
      for update of older
    ), merged as (
      update deliveries older set state = 'merged', reason = waiting.successor, settled_at = ${clock.now().toISOString()}::timestamptz
      from waiting where older.id = waiting.id
      returning older.id
    ), inherited as (
      update deliveries older set reason = waiting.successor
      from waiting where older.state = 'merged' and older.reason = waiting.id
      returning older.id
    ), hastened as (
      update deliveries newer set deliver_after = least(newer.deliver_after, first.deliver_after)
      from (select successor, min(deliver_after) as deliver_after from waiting group by successor) first where newer.id = first.successor
        and (${calendarTypes.has(told.type)} or newer.hold is distinct from 'daily' and newer.hold is distinct from 'weekly')
      returning newer.id
    )
    select count(*)::int as overtaken from merged`);
  return row?.overtaken ?? 0;
}

/** Everything of these that waits for its time, whoever wrote it. */
export async function waitingFor(tx: Tx, notificationId: string, planned: PlannedDelivery[], broadcast: string | null): Promise<DeliveryBatch[]> {
  const memberIds = [...new Set(planned.flatMap(({ memberId }) => (memberId ? [memberId] : [])))];
  const others = [...planned.flatMap(({ memberId, recipient }) => (memberId ? [] : [recipient])), ...(broadcast ? [broadcast] : [])];
  const rows = await tx.execute<{ channel: string; deliver_after: string; ids: string }>(sql`
    select channel, deliver_after, string_agg(id, ' ' order by id) as ids from deliveries
    where notification_id = ${notificationId} and state = 'pending' and (member_id = any(${textArray(memberIds)}) or recipient = any(${textArray(others)}))
    group by 1, 2 order by 2, 1`);
  return rows.flatMap(({ channel, deliver_after, ids }) => batchesOf({ channel, deliverAfter: new Date(deliver_after), ids: ids.split(" ") }));
}

/**
 * Ids of many rows in one statement: a fresh id whose last characters are the row's number, so that they are made where the rows
 * are and still sort by time. Hexadecimal digits are digits of a TypeID as well (base 32 without i, l, o, u).
 */
function idsFrom(kind: IdKind, number: SQL): SQL {
  return sql`${newId(kind).slice(0, -5)} || lpad(to_hex(${number}), 5, '0')`;
}

const numbersOf = (values: number[]) => sql`${sql.param(values)}::int[]`;
