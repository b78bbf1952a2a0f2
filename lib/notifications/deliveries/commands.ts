import { and, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import type { ProviderAnswer } from "@/lib/platform/provider";
import type { Member } from "@/lib/organizations/actor";
import type { NotificationType } from "../catalog";
import type { Category, ChannelName } from "../inputs";
import { deliveryRequested } from "../events";
import { attempts, deliveries, notifications, type holds, type RenderedMessage } from "../tables";
import { deliverySubject } from "./queries";

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
}

/**
 * What a killed run held waits this long, and then for the sweep. A living run renews before every call, and between two calls lie at
 * most one answer (10 s) and one wait (10 s).
 */
const leaseMs = 45_000;
const leaseEnd = () => new Date(clock.nowMs() + leaseMs);
const oldestFirst = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/**
 * Takes those of `ids` whose turn has come. A delivery waits while an earlier one of its merge key is unsettled, because two mails
 * about one meeting must reach their reader in order; a lapsed lease (a run that died) is taken over.
 */
export async function claimDeliveries(tenant: Tenant, channel: ChannelName, ids: string[]): Promise<ClaimedDelivery[]> {
  const now = clock.now().toISOString();
  return inTenant(tenant, async (tx) => {
    const claimed = await tx.execute<{ id: string }>(sql`
      update deliveries set state = 'sending', claimed_until = ${leaseEnd().toISOString()}::timestamptz
      where id in (
        select id from deliveries mine
        where id = any(${sql.param(ids)}::text[]) and channel = ${channel} and deliver_after <= ${now}::timestamptz
          and (state = 'pending' or (state = 'sending' and claimed_until < ${now}::timestamptz))
          and not exists (
            select 1 from deliveries earlier
            where earlier.merge_key = mine.merge_key and earlier.id < mine.id and earlier.channel = ${channel} and earlier.state in ('pending', 'sending')
          )
        order by id for update skip locked
      )
      returning id`);
    if (claimed.length === 0) return [];
    const rows = await tx
      .select({ delivery: deliveries, notification: notifications })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(inArray(deliveries.id, claimed.map(({ id }) => id)));
    return rows
      .map(({ delivery, notification }) => ({
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
      }))
      .sort(oldestFirst);
  });
}

/** Keeps what this run still holds; a long run renews, so that nobody takes over what is in good hands. */
export async function keepLease(tenant: Tenant, ids: string[]): Promise<void> {
  await inTenant(tenant, (tx) =>
    tx.update(deliveries).set({ claimedUntil: leaseEnd() }).where(and(inArray(deliveries.id, ids), eq(deliveries.state, "sending"))),
  );
}

/** Stores messages as rendered, before the first call, so that every retry sends the same bytes under the same key. */
export async function keepMessages(tenant: Tenant, rendered: { id: string; message: RenderedMessage }[]): Promise<void> {
  if (rendered.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx.execute(sql`
      update deliveries set message = fresh.message::jsonb, rendered_at = ${clock.now().toISOString()}::timestamptz
      from unnest(${sql.param(rendered.map(({ id }) => id))}::text[], ${sql.param(rendered.map(({ message }) => JSON.stringify(message)))}::text[]) as fresh (id, message)
      where deliveries.id = fresh.id`),
  );
}

/** Records that these no longer apply, each with its reason. */
export async function skipDeliveries(tenant: Tenant, skipped: { id: string; reason: string; state?: "skipped" | "failed" }[]): Promise<void> {
  if (skipped.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx.execute(sql`
      update deliveries set state = settled.state, reason = settled.reason, settled_at = ${clock.now().toISOString()}::timestamptz, claimed_until = null
      from unnest(
        ${sql.param(skipped.map(({ id }) => id))}::text[], ${sql.param(skipped.map(({ reason }) => reason))}::text[],
        ${sql.param(skipped.map(({ state }) => state ?? "skipped"))}::text[]
      ) as settled (id, reason, state)
      where deliveries.id = settled.id and deliveries.state = 'sending'`),
  );
}

/** Gives deliveries back untried: they are due again at `deliverAfter`. */
export async function putBack(tenant: Tenant, ids: string[], deliverAfter: Date): Promise<void> {
  if (ids.length === 0) return;
  await inTenant(tenant, (tx) =>
    tx
      .update(deliveries)
      .set({ state: "pending", claimedUntil: null, deliverAfter })
      .where(and(inArray(deliveries.id, ids), eq(deliveries.state, "sending"))),
  );
}

export interface Attempt {
  startedAt: Date;
  finishedAt: Date;
  answer: ProviderAnswer;
}

export type Settlement =
  | { state: "sent" }
  | { state: "failed"; reason: string }
  | { state: "pending"; deliverAfter: Date };

/**
 * Records one call and, when it decided something, settles its deliveries in the same transaction. A success is recorded even if
 * another run took the delivery over meanwhile; a refusal never overwrites what that run found.
 */
export async function recordAttempt(tenant: Tenant, calls: { id: string; generation: number }[], attempt: Attempt, settlement: Settlement | null): Promise<void> {
  const now = clock.now();
  const { answer } = attempt;
  await inTenant(tenant, async (tx) => {
    const ids = calls.map(({ id }) => id);
    const counted = await tx
      .update(deliveries)
      .set({ attemptCount: sql`${deliveries.attemptCount} + 1` })
      .where(inArray(deliveries.id, ids))
      .returning({ id: deliveries.id, number: deliveries.attemptCount });
    await tx.insert(attempts).values(
      counted.map(({ id, number }) => ({
        id: newId("attempt"),
        organizationId: tenant.organizationId,
        deliveryId: id,
        number,
        startedAt: attempt.startedAt,
        finishedAt: attempt.finishedAt,
        succeeded: answer.ok,
        statusCode: answer.statusCode,
        retryable: answer.retryable,
        answer: answer.answer.slice(0, 2000).replaceAll("\u0000", "\uFFFD"),
      })),
    );
    if (!settlement) return;
    // Compared pair by pair: a generation that rose meanwhile belongs to a newer wish.
    const mine = and(
      sql`(${deliveries.id}, ${deliveries.generation}) in (select * from unnest(${sql.param(ids)}::text[], ${sql.param(calls.map(({ generation }) => generation))}::int[]))`,
      settlement.state === "sent" ? inArray(deliveries.state, ["sending", "pending"]) : eq(deliveries.state, "sending"),
    );
    await tx.update(deliveries).set({ claimedUntil: null, ...columnsOf(settlement, answer, now) }).where(mine);
  });
}

function columnsOf(settlement: Settlement, answer: ProviderAnswer, now: Date) {
  if (settlement.state === "pending") return settlement;
  const settled = { state: settlement.state, providerId: answer.providerId, settledAt: now };
  // What was sent is not kept: its links would let in whoever reads the database.
  if (settlement.state === "sent") return { ...settled, reason: null, message: null };
  return { ...settled, reason: settlement.reason.slice(0, 500).replaceAll("\u0000", "\uFFFD") };
}

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

/**
 * Tries a failed delivery again: a new generation, rendered anew, under a new idempotency key. `mayResend` is the policy of the
 * domain the delivery speaks about.
 * @throws Refused NOT_FOUND when the delivery does not exist here or may not be seen, CONFLICT when it has not failed.
 */
export async function sendAgain(
  member: Member,
  deliveryId: string,
  mayResend: (subjectId: string) => Promise<boolean>,
): Promise<void> {
  const subject = isId("delivery", deliveryId) ? await deliverySubject(member, deliveryId) : null;
  if (!subject || !(await mayResend(subject.subjectId))) throw new Refused("NOT_FOUND");
  await inTenant(member, async (tx) => {
    const [renewed] = await tx
      .update(deliveries)
      .set({
        state: "pending",
        reason: null,
        generation: sql`${deliveries.generation} + 1`,
        attemptCount: 0,
        message: null,
        renderedAt: null,
        claimedUntil: null,
        providerId: null,
        settledAt: null,
        deliverAfter: clock.now(),
      })
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.state, "failed")))
      .returning({ channel: deliveries.channel, generation: deliveries.generation });
    if (!renewed) throw new Refused("CONFLICT", { detail: "Only a delivery that failed can be sent again." });
    await append(tx, member, deliveryRequested, {
      actor: { memberId: member.id, name: member.name },
      deliveryId,
      channel: renewed.channel,
      generation: renewed.generation,
    });
  });
}
