import { and, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { catalog, type Told } from "../catalog";
import { standingByDefault } from "../preferences/rules";
import { plan, storable, type Plan, type PlannedReceiver } from "../rules";
import { deliveries, notifications } from "../tables";
import { inBatches, type DeliveryBatch } from "./rules";

/**
 * Turns one event into notifications, inbox rows and deliveries, all in one transaction and by a handful of statements whatever the
 * audience. Running it again changes nothing and returns what still waits, so that a crash in between costs no time.
 * @throws ZodError when the payload breaks the contract of its event.
 */
export async function fanOut(tenant: Tenant, event: string, envelope: EventEnvelope<unknown>): Promise<DeliveryBatch[]> {
  const payload = storable(envelope.payload);
  const tolds = catalog.filter((row) => row.event === event).map((row) => row.read(payload));
  if (tolds.length === 0) return [];
  return inTenant(tenant, async (tx) => {
    await oneThreadAtATime(tx, tolds);
    const notificationIds: string[] = [];
    for (const told of tolds) {
      const planned = plan(told, Array.isArray(told.audience) ? told.audience : [], () => standingByDefault(told.category), clock.now());
      if (planned.deliveries.length + planned.receivers.length > 0) notificationIds.push(await write(tx, tenant, envelope, told, planned));
    }
    return notificationIds.length > 0 ? waiting(tx, notificationIds) : [];
  });
}

/** Merging compares what waits for one subject, and each reader's thread has one head: fan-outs of one thread take turns. */
async function oneThreadAtATime(tx: Tx, tolds: Told[]): Promise<void> {
  for (const thread of [...new Set(tolds.map((told) => told.thread))].sort()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`fan-out:${thread}`}, 0))`);
  }
}

async function write(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, told: Told, planned: Plan): Promise<string> {
  const notificationId = await writeNotification(tx, tenant, envelope, told);
  await writeReceivers(tx, tenant, notificationId, told, planned.receivers);
  const written = await writeDeliveries(tx, tenant, notificationId, planned);
  const overtaken = await overtake(tx, written);
  log.info("fanned out", { type: told.type, notificationId, members: planned.receivers.length, deliveries: written.length, overtaken });
  return notificationId;
}

async function writeNotification(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, told: Told): Promise<string> {
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
  const [existing] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.eventId, envelope.eventId), eq(notifications.type, told.type)));
  if (!existing) throw new Error(`notification of ${envelope.eventId} belongs to another organization`);
  return existing.id;
}

/** Removed members are left out here, in the statement that writes, so that no moment lies between looking and writing. */
async function writeReceivers(tx: Tx, tenant: Tenant, notificationId: string, told: Told, planned: PlannedReceiver[]): Promise<void> {
  if (planned.length === 0) return;
  const memberIds = planned.map(({ memberId }) => memberId);
  await tx.execute(sql`
    update receivers earlier set head = false
    where earlier.member_id = any(${array(memberIds)}) and earlier.thread = ${told.thread} and earlier.head
      and not exists (select 1 from receivers mine where mine.notification_id = ${notificationId} and mine.member_id = earlier.member_id)`);
  await tx.execute(sql`
    insert into receivers (id, organization_id, notification_id, member_id, category, thread, shown, position, decisions, created_at)
    select planned.id, ${tenant.organizationId}, ${notificationId}, planned.member_id, ${told.category}, ${told.thread}, planned.shown::boolean, planned.id,
      planned.decisions::jsonb, ${clock.now().toISOString()}::timestamptz
    from unnest(
      ${array(planned.map(() => newId("receiver")))}, ${array(memberIds)}, ${array(planned.map(({ shown }) => String(shown)))},
      ${array(planned.map(({ decisions }) => JSON.stringify(decisions)))}
    ) as planned (id, member_id, shown, decisions)
    join members on members.id = planned.member_id and members.organization_id = ${tenant.organizationId} and members.removed_at is null
    on conflict (notification_id, member_id) do nothing`);
}

async function writeDeliveries(tx: Tx, tenant: Tenant, notificationId: string, planned: Plan): Promise<string[]> {
  const rows = planned.deliveries;
  const ids = rows.map(() => newId("delivery"));
  const written = await tx.execute<{ id: string }>(sql`
    insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, participant_id, email, merge_key, state, hold, deliver_after, created_at)
    select planned.id, ${tenant.organizationId}, ${notificationId}, planned.channel, planned.recipient, planned.member_id,
      planned.participant_id, planned.email, planned.merge_key, case when planned.hold is null then 'pending' else 'held' end, planned.hold,
      planned.deliver_after::timestamptz, ${clock.now().toISOString()}::timestamptz
    from unnest(
      ${array(ids)}, ${array(rows.map((row) => row.channel))}, ${array(rows.map((row) => row.recipient))},
      ${array(rows.map((row) => row.memberId))}, ${array(rows.map((row) => row.participantId))}, ${array(rows.map((row) => row.email))},
      ${array(rows.map((row) => row.mergeKey))}, ${array(rows.map((row) => row.hold))}, ${array(rows.map((row) => row.deliverAfter.toISOString()))}
    ) as planned (id, channel, recipient, member_id, participant_id, email, merge_key, hold, deliver_after)
    left join members on members.id = planned.member_id and members.organization_id = ${tenant.organizationId}
    where planned.member_id is null or (members.id is not null and members.removed_at is null)
    on conflict do nothing
    returning id`);
  return written.map((row) => row.id);
}

/**
 * What waits under the same merge key gives way to the new delivery, which keeps the earlier time: the window counts from the first
 * change. A message that was rendered already may have reached its reader, so it is never replaced; the new one follows it.
 * The overtaken rows name their successor in `reason`, which is how an answers mail knows all answers it has to list.
 */
async function overtake(tx: Tx, written: string[]): Promise<number> {
  if (written.length === 0) return 0;
  const [row] = await tx.execute<{ overtaken: number }>(sql`
    with fresh as (
      select id, merge_key, deliver_after from deliveries where id = any(${array(written)}) and merge_key is not null
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
      returning newer.id
    )
    select count(*)::int as overtaken from merged`);
  return row?.overtaken ?? 0;
}

async function waiting(tx: Tx, notificationIds: string[]): Promise<DeliveryBatch[]> {
  const rows = await tx
    .select({ id: deliveries.id, channel: deliveries.channel, deliverAfter: deliveries.deliverAfter })
    .from(deliveries)
    .where(and(inArray(deliveries.notificationId, notificationIds), eq(deliveries.state, "pending")))
    .orderBy(deliveries.deliverAfter, deliveries.id);
  return inBatches(rows);
}

/** One text[] parameter; drizzle would otherwise spread a list into as many parameters as it has entries. */
const array = (values: (string | null)[]) => sql`${sql.param(values)}::text[]`;
