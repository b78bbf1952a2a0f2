import { and, eq, gt, inArray, lte, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import type { ProviderAnswer } from "@/lib/platform/provider";
import type { NotificationType } from "../catalog";
import type { Category, ChannelName } from "../inputs";
import { attempts, deliveries, notifications, type holds, type RenderedMessage } from "../tables";
import { providerAway, type FailureCause } from "./rules";

/** A delivery that this run holds until its lease lapses. */
export interface ClaimedDelivery {
  id: string;
  notificationId: string;
  type: NotificationType;
  category: Category;
  subjectId: string;
  thread: string;
  workspaceId: string | null;
  payload: Record<string, unknown>;
  occurredAt: Date;
  expiresAt: Date | null;
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  deviceId: string | null;
  mergeKey: string | null;
  /** What it was held for before it was released; null when it was never held. */
  hold: (typeof holds)[number] | null;
  generation: number;
  attemptCount: number;
  message: RenderedMessage | null;
  renderedAt: Date | null;
  /** Names the call that carries it, once one was planned: a repetition is the same call. */
  callKey: string | null;
  /** Since when it has been due. */
  dueAt: Date;
  /** A run that died held it: whether its call was made, and what came of it, is not known. */
  abandoned: boolean;
  /** One of its calls since it was rendered had no answer: it may have arrived. */
  uncertain: boolean;
}

/** What a killed run held waits this long; a living one renews every few seconds, whatever it waits for. */
const leaseMs = 20_000;
export const leaseRenewalMs = 5_000;
const leaseEnd = () => new Date(clock.nowMs() + leaseMs);
const oldestFirst = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/**
 * Takes those of `ids` whose turn has come, and what travels in one call with them: a call is repeated whole or not at all. A delivery
 * waits while an earlier one of its merge key is unsettled, because two mails about one meeting must reach their reader in order. A
 * lapsed lease (a run that died) is taken over.
 */
export async function claimDeliveries(tenant: Tenant, channel: ChannelName, ids: string[]): Promise<ClaimedDelivery[]> {
  const now = clock.now().toISOString();
  return inTenant(tenant, async (tx) => {
    const wanted = [...new Set([...ids, ...(await companions(tx, ids))])];
    // What was called already can no longer wait for an earlier one to be told first.
    const found = await tx.execute<{ id: string; abandoned: boolean }>(sql`
      with mine as (
        select id, state = 'sending' as abandoned from deliveries mine
        where id = any(${sql.param(wanted)}::text[]) and channel = ${channel} and deliver_after <= ${now}::timestamptz
          and (state = 'pending' or (state = 'sending' and claimed_until < ${now}::timestamptz))
          and (call_key is not null or not exists (
            select 1 from deliveries earlier
            where earlier.merge_key = mine.merge_key and earlier.id < mine.id and earlier.channel = ${channel} and earlier.state in ('pending', 'sending')
          ))
        order by id for update skip locked
      )
      update deliveries set state = 'sending', claimed_until = ${leaseEnd().toISOString()}::timestamptz
      from mine where deliveries.id = mine.id
      returning deliveries.id, mine.abandoned`);
    if (found.length === 0) return [];
    const abandoned = new Set(found.filter((row) => row.abandoned).map(({ id }) => id));
    const silent = sql<boolean>`${deliveries.attemptCount} > 0 and exists (
      select 1 from attempts where attempts.delivery_id = ${deliveries.id} and attempts.status_code is null and attempts.retryable
        and attempts.finished_at >= ${deliveries.renderedAt})`;
    const rows = await tx
      .select({ delivery: deliveries, notification: notifications, silent })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(inArray(deliveries.id, found.map(({ id }) => id)));
    return rows
      .map(({ delivery, notification, silent }) => ({
        id: delivery.id,
        notificationId: notification.id,
        // Only the catalog writes types and categories.
        type: notification.type as NotificationType,
        category: notification.category as Category,
        subjectId: notification.subjectId,
        thread: notification.thread,
        workspaceId: notification.workspaceId,
        payload: notification.payload,
        occurredAt: notification.occurredAt,
        expiresAt: notification.expiresAt,
        memberId: delivery.memberId,
        participantId: delivery.participantId,
        email: delivery.email,
        deviceId: delivery.deviceId,
        mergeKey: delivery.mergeKey,
        hold: delivery.hold,
        generation: delivery.generation,
        attemptCount: delivery.attemptCount,
        message: delivery.message,
        renderedAt: delivery.renderedAt,
        callKey: delivery.callKey,
        dueAt: delivery.deliverAfter,
        abandoned: abandoned.has(delivery.id),
        uncertain: silent,
      }))
      .sort(oldestFirst);
  });
}

/**
 * The deliveries that travel with some of `ids` in one call. They are locked in one order by whoever comes for any of them, so that two
 * claims cannot take a part of the call each.
 */
async function companions(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from deliveries
    where state in ('pending', 'sending') and call_key is not null and call_key in (
      select call_key from deliveries where id = any(${sql.param(ids)}::text[]) and call_key is not null and state in ('pending', 'sending')
    )
    order by id for update`);
  return rows.map(({ id }) => id);
}

/** When the last lease lapses of those of `ids` that another run holds; null when none is held. */
export async function leasedUntil(tenant: Tenant, ids: string[]): Promise<Date | null> {
  return inTenant(tenant, async (tx) => {
    const [row] = await tx
      .select({ until: sql<string | null>`max(${deliveries.claimedUntil})` })
      .from(deliveries)
      .where(and(inArray(deliveries.id, ids), eq(deliveries.state, "sending")));
    return row?.until ? new Date(row.until) : null;
  });
}

/** Keeps what this run still holds; a long run renews, so that nobody takes over what is in good hands. */
export async function keepLease(tenant: Tenant, ids: string[]): Promise<void> {
  await inTenant(tenant, (tx) =>
    tx.update(deliveries).set({ claimedUntil: leaseEnd() }).where(and(inArray(deliveries.id, ids), eq(deliveries.state, "sending"))),
  );
}

export interface KeptMessage {
  id: string;
  message: RenderedMessage;
  /** Names the call that will carry it. */
  callKey: string;
}

/** Stores messages as rendered and how they travel, before the first call: every retry makes the same call with the same bytes. */
export async function keepMessages(tenant: Tenant, rendered: KeptMessage[]): Promise<void> {
  if (rendered.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx.execute(sql`
      update deliveries set message = coalesce(deliveries.message, fresh.message::jsonb), call_key = fresh.call_key,
        rendered_at = coalesce(deliveries.rendered_at, ${clock.now().toISOString()}::timestamptz)
      from unnest(
        ${sql.param(rendered.map(({ id }) => id))}::text[], ${sql.param(rendered.map(({ message }) => JSON.stringify(message)))}::text[],
        ${sql.param(rendered.map(({ callKey }) => callKey))}::text[]
      ) as fresh (id, message, call_key)
      where deliveries.id = fresh.id`),
  );
}

/** Forgets what was rendered so long ago, and never tried, that it must be said anew. */
export async function forgetMessages(tenant: Tenant, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await inTenant(tenant, (tx) => tx.update(deliveries).set({ message: null, renderedAt: null, callKey: null }).where(inArray(deliveries.id, ids)));
}

/** Records that these are not sent, each with its reason: they no longer apply, or, with a cause, they never arrived. */
export async function skipDeliveries(tenant: Tenant, skipped: { id: string; reason: string; cause?: FailureCause }[]): Promise<void> {
  if (skipped.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx.execute(sql`
      update deliveries set state = case when settled.cause is null then 'skipped' else 'failed' end, reason = settled.reason, cause = settled.cause,
        settled_at = ${clock.now().toISOString()}::timestamptz, claimed_until = null
      from unnest(
        ${sql.param(skipped.map(({ id }) => id))}::text[], ${sql.param(skipped.map(({ reason }) => reason))}::text[],
        ${sql.param(skipped.map(({ cause }) => cause ?? null))}::text[]
      ) as settled (id, reason, cause)
      where deliveries.id = settled.id and deliveries.state = 'sending'`),
  );
}

/** Gives deliveries back untried: they are due again at `deliverAfter`. */
export async function putBack(tenant: Tenant, ids: string[], deliverAfter: Date, reason: string | null = null): Promise<void> {
  if (ids.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx
      .update(deliveries)
      .set({ state: "pending", claimedUntil: null, deliverAfter, reason })
      .where(and(inArray(deliveries.id, ids), eq(deliveries.state, "sending"))),
  );
}

/** Makes due what waits for a provider that is back. */
export async function hasten(channel: ChannelName): Promise<void> {
  const now = clock.now();
  const horizon = new Date(now.getTime() + hastenAheadMs);
  await asSystem("sweep", (tx) =>
    tx
      .update(deliveries)
      .set({ deliverAfter: now })
      .where(
        and(
          eq(deliveries.channel, channel),
          eq(deliveries.state, "pending"),
          gt(deliveries.deliverAfter, now),
          lte(deliveries.deliverAfter, horizon),
          eq(deliveries.reason, providerAway),
        ),
      ),
  );
}

/** Longer than any wait for a provider (`awayWaitSeconds`). */
const hastenAheadMs = 5 * 60_000;

export type Settlement =
  | { state: "sent" }
  | { state: "failed"; cause: FailureCause; reason: string }
  | { state: "pending"; deliverAfter: Date; reason: string | null }
  /** Stays in hand, and travels by itself from now on, under its own key. */
  | { state: "sending"; callKey: string };

/** What one call meant for one delivery; without a settlement the same call is made again. */
export interface Attempt {
  id: string;
  generation: number;
  answer: ProviderAnswer;
  settlement: Settlement | null;
}

/**
 * Records one call for each delivery it carried and, where it decided something, settles them in the same transaction. A success is
 * recorded even if another run took the delivery over meanwhile; anything else never overwrites what that run found.
 */
export async function recordAttempts(tenant: Tenant, times: { startedAt: Date; finishedAt: Date }, made: Attempt[]): Promise<void> {
  if (made.length === 0) return;
  await inTenant(tenant, async (tx) => {
    const counted = await tx
      .update(deliveries)
      .set({ attemptCount: sql`${deliveries.attemptCount} + 1` })
      .where(inArray(deliveries.id, made.map(({ id }) => id)))
      .returning({ id: deliveries.id, number: deliveries.attemptCount });
    const numbers = new Map(counted.map(({ id, number }) => [id, number]));
    await tx.insert(attempts).values(
      made.map(({ id, answer }) => ({
        id: newId("attempt"),
        organizationId: tenant.organizationId,
        deliveryId: id,
        number: numbers.get(id) ?? 1,
        ...times,
        succeeded: answer.ok,
        statusCode: answer.statusCode,
        retryable: answer.retryable,
        answer: storable(answer.answer, 2000),
      })),
    );
    await settle(tx, made.flatMap(({ settlement, ...rest }) => (settlement ? [{ ...rest, ...settlement }] : [])));
  });
}

async function settle(tx: Tx, settled: (Omit<Attempt, "settlement"> & Settlement)[]): Promise<void> {
  if (settled.length === 0) return;
  const column = (of: (one: (typeof settled)[number]) => string | null) => sql`${sql.param(settled.map(of))}::text[]`;
  // A generation that rose meanwhile belongs to a newer wish. What was sent is not kept: its links would let in whoever reads the database.
  await tx.execute(sql`
    update deliveries set
      state = settled.state, reason = settled.reason, cause = settled.cause,
      claimed_until = case when settled.state = 'sending' then deliveries.claimed_until end,
      deliver_after = coalesce(settled.deliver_after::timestamptz, deliveries.deliver_after),
      call_key = coalesce(settled.call_key, deliveries.call_key),
      provider_id = coalesce(settled.provider_id, deliveries.provider_id),
      settled_at = case when settled.state in ('sent', 'failed') then ${clock.now().toISOString()}::timestamptz end,
      message = case when settled.state <> 'sent' then deliveries.message end
    from unnest(
      ${column(({ id }) => id)}, ${column(({ generation }) => String(generation))}, ${column(({ state }) => state)},
      ${column((one) => ("reason" in one && one.reason !== null ? storable(one.reason, 500) : null))}, ${column((one) => (one.state === "failed" ? one.cause : null))},
      ${column((one) => (one.state === "pending" ? one.deliverAfter.toISOString() : null))}, ${column((one) => (one.state === "sending" ? one.callKey : null))},
      ${column(({ answer }) => answer.providerId)}
    ) as settled (id, generation, state, reason, cause, deliver_after, call_key, provider_id)
    where deliveries.id = settled.id and deliveries.generation = settled.generation::int
      and (deliveries.state = 'sending' or (deliveries.state = 'pending' and settled.state = 'sent'))`);
}

const storable = (text: string, length: number) => text.slice(0, length).replaceAll("\u0000", "\uFFFD");

/** What waited for these to settle and is due now. */
export async function followersOf(tenant: Tenant, channel: ChannelName, mergeKeys: string[]): Promise<string[]> {
  if (mergeKeys.length === 0) return [];
  return inTenant(tenant, async (tx) => {
    const rows = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(
        and(
          inArray(deliveries.mergeKey, mergeKeys),
          eq(deliveries.channel, channel),
          eq(deliveries.state, "pending"),
          sql`${deliveries.deliverAfter} <= ${clock.now().toISOString()}::timestamptz`,
        ),
      )
      .orderBy(deliveries.id);
    return rows.map(({ id }) => id);
  });
}
