import { and, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { catalog } from "../catalog";
import { plan, type Plan } from "../rules";
import { deliveries, notifications } from "../tables";
import { inBatches, type DeliveryBatch } from "./rules";

/**
 * Turns one event into notifications, inbox rows and deliveries, all in one transaction and by a handful of statements whatever the
 * audience. Running it again changes nothing and returns what still waits, so that a crash in between costs no time.
 * @throws ZodError when the payload breaks the contract of its event.
 */
export async function fanOut(tenant: Tenant, event: string, envelope: EventEnvelope<unknown>): Promise<DeliveryBatch[]> {
  const now = clock.now();
  const plans = catalog
    .filter((row) => row.event === event)
    .map((row) => plan(row, envelope.payload, now))
    .filter(({ deliveries: planned }) => planned.length > 0);
  if (plans.length === 0) return [];
  return inTenant(tenant, async (tx) => {
    await oneSubjectAtATime(tx, plans);
    const notificationIds: string[] = [];
    for (const planned of plans) notificationIds.push(await write(tx, tenant, envelope, planned));
    return waiting(tx, notificationIds);
  });
}

/** Merging compares what waits for one subject, so fan-outs of one subject take turns; others do not notice. */
async function oneSubjectAtATime(tx: Tx, plans: Plan[]): Promise<void> {
  for (const subject of [...new Set(plans.map(({ subjectId }) => subjectId))].sort()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`fan-out:${subject}`}, 0))`);
  }
}

async function write(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, planned: Plan): Promise<string> {
  const notificationId = await writeNotification(tx, tenant, envelope, planned);
  await writeReceivers(tx, tenant, notificationId, planned.members);
  const written = await writeDeliveries(tx, tenant, notificationId, planned);
  const overtaken = await overtake(tx, written);
  log.info("fanned out", { type: planned.type, notificationId, members: planned.members.length, deliveries: written.length, overtaken });
  return notificationId;
}

async function writeNotification(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, planned: Plan): Promise<string> {
  const [inserted] = await tx
    .insert(notifications)
    .values({
      organizationId: tenant.organizationId,
      eventId: envelope.eventId,
      type: planned.type,
      category: planned.category,
      subjectId: planned.subjectId,
      payload: planned.facts,
      occurredAt: new Date(envelope.occurredAt),
    })
    .onConflictDoNothing()
    .returning({ id: notifications.id });
  if (inserted) return inserted.id;
  const [existing] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.eventId, envelope.eventId), eq(notifications.type, planned.type)));
  if (!existing) throw new Error(`notification of ${envelope.eventId} belongs to another organization`);
  return existing.id;
}

/** Removed members are left out here, in the statement that writes, so that no moment lies between looking and writing. */
async function writeReceivers(tx: Tx, tenant: Tenant, notificationId: string, memberIds: string[]): Promise<void> {
  if (memberIds.length === 0) return;
  const receiverIds = memberIds.map(() => newId("receiver"));
  await tx.execute(sql`
    with told as (
      insert into receivers (id, organization_id, notification_id, member_id, created_at)
      select planned.id, ${tenant.organizationId}, ${notificationId}, planned.member_id, ${clock.now().toISOString()}::timestamptz
      from unnest(${array(receiverIds)}, ${array(memberIds)}) as planned (id, member_id)
      join members on members.id = planned.member_id and members.organization_id = ${tenant.organizationId} and members.removed_at is null
      on conflict do nothing
      returning member_id
    )
    insert into inbox_versions (organization_id, member_id, version)
    -- In one order everywhere, or two fan-outs that share members wait for each other for ever.
    select ${tenant.organizationId}, member_id, 1 from told order by member_id
    on conflict (organization_id, member_id) do update set version = inbox_versions.version + 1`);
}

async function writeDeliveries(tx: Tx, tenant: Tenant, notificationId: string, planned: Plan): Promise<string[]> {
  const rows = planned.deliveries;
  const ids = rows.map(() => newId("delivery"));
  const written = await tx.execute<{ id: string }>(sql`
    insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, participant_id, email, merge_key, deliver_after, created_at)
    select planned.id, ${tenant.organizationId}, ${notificationId}, planned.channel, planned.recipient, planned.member_id,
      planned.participant_id, planned.email, planned.merge_key, planned.deliver_after::timestamptz, ${clock.now().toISOString()}::timestamptz
    from unnest(
      ${array(ids)}, ${array(rows.map((row) => row.channel))}, ${array(rows.map((row) => row.recipient))},
      ${array(rows.map((row) => row.memberId))}, ${array(rows.map((row) => row.participantId))}, ${array(rows.map((row) => row.email))},
      ${array(rows.map((row) => row.mergeKey))}, ${array(rows.map((row) => row.deliverAfter.toISOString()))}
    ) as planned (id, channel, recipient, member_id, participant_id, email, merge_key, deliver_after)
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
      from fresh join deliveries older on older.merge_key = fresh.merge_key and older.state = 'pending' and older.message is null and older.id <> fresh.id
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
