import { and, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { append, appendAll } from "@/lib/platform/outbox/outbox";
import { audit } from "@/lib/organizations/audit";
import type { Member } from "@/lib/organizations/actor";
import { deliverySubject } from "../deliveries/queries";
import { deliveriesReplayed, deliveryRequested } from "../events";
import { deliveries, notifications } from "../tables";
import type { DeadLetterFilter } from "./inputs";
import { mayHandleDeadLetters } from "./policy";
import { meant, overtaken } from "./queries";

/** One transaction; whoever has more presses again. */
const replayedMax = 10_000;
const deliveriesPerEvent = 100;

/**
 * Tries a failed delivery again: a new generation, rendered anew, under a new idempotency key. `mayResend` is the policy of the
 * domain the delivery speaks about.
 * @throws Refused NOT_FOUND when the delivery does not exist here or may not be seen, CONFLICT when it has not failed, OVERTAKEN when
 * a newer message has said all that this one could.
 */
export async function sendAgain(member: Member, deliveryId: string, mayResend: (subjectId: string) => Promise<boolean>): Promise<void> {
  const subject = isId("delivery", deliveryId) ? await deliverySubject(member, deliveryId) : null;
  if (!subject || !(await mayResend(subject.subjectId))) throw new Refused("NOT_FOUND");
  await replay(member, deliveryId);
}

/** The same for an admin, whatever the delivery is about. @throws Refused FORBIDDEN, and as `sendAgain`. */
export async function replayDelivery(member: Member, deliveryId: string): Promise<void> {
  if (!mayHandleDeadLetters(member)) throw new Refused("FORBIDDEN");
  const subject = isId("delivery", deliveryId) ? await deliverySubject(member, deliveryId) : null;
  if (!subject) throw new Refused("NOT_FOUND");
  await replay(member, deliveryId, (tx, channel) => audit(tx, member, [{ action: "delivery.replayed", subject: subject.type, detail: { channel, deliveryId } }]));
}

/** `alongside` is done in the same transaction. */
async function replay(member: Member, deliveryId: string, alongside?: (tx: Tx, channel: string) => Promise<void>): Promise<void> {
  await inTenant(member, async (tx) => {
    const [failed] = await tx
      .select({ id: deliveries.id, overtaken: sql<boolean>`${overtaken}` })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.state, "failed")));
    if (failed?.overtaken) throw new Refused("OVERTAKEN", { detail: "A newer message about this has reached them; there is nothing left to send." });
    const [renewed] = failed ? await renew(tx, [failed.id]) : [];
    if (!renewed) throw new Refused("CONFLICT", { detail: "Only a delivery that failed can be sent again." });
    await append(tx, member, deliveryRequested, { actor: actorOf(member), deliveryId, channel: renewed.channel, generation: renewed.generation });
    await alongside?.(tx, renewed.channel);
  });
}

export interface Replayed {
  replayed: number;
  /** Put aside, because a newer message has said all that they could. */
  overtaken: number;
  /** There are more; press again. */
  more: boolean;
}

/**
 * Tries all dead letters again that a filter names, once their cause is gone.
 * @throws Refused FORBIDDEN for whoever is no admin.
 */
export async function replayAll(member: Member, filter: DeadLetterFilter): Promise<Replayed> {
  if (!mayHandleDeadLetters(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const chosen = await tx
      .select({ id: deliveries.id, overtaken: sql<boolean>`${overtaken}` })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(deliveries.organizationId, member.organizationId), meant(filter)))
      .orderBy(deliveries.id)
      .limit(replayedMax)
      .for("update", { of: deliveries });
    const settled = chosen.filter((one) => one.overtaken).map(({ id }) => id);
    if (settled.length > 0) {
      await tx.update(deliveries).set({ state: "skipped", reason: "nothing-changed", cause: null, settledAt: clock.now() }).where(inArray(deliveries.id, settled));
    }
    const renewed = await renew(tx, chosen.filter((one) => !one.overtaken).map(({ id }) => id));
    const payloads = [...new Set(renewed.map(({ channel }) => channel))].flatMap((channel) => {
      const ids = renewed.filter((one) => one.channel === channel).map(({ id }) => id).sort();
      return Array.from({ length: Math.ceil(ids.length / deliveriesPerEvent) }, (_, index) => ({
        actor: actorOf(member),
        channel,
        deliveryIds: ids.slice(index * deliveriesPerEvent, (index + 1) * deliveriesPerEvent),
      }));
    });
    await appendAll(tx, member, deliveriesReplayed, payloads);
    if (renewed.length > 0) await audit(tx, member, [{ action: "deliveries.replayed", subject: String(renewed.length), detail: { ...filter } }]);
    return { replayed: renewed.length, overtaken: settled.length, more: chosen.length === replayedMax };
  });
}

/** Makes failed deliveries new ones: what was rendered, tried and answered belongs to the generation before. */
async function renew(tx: Tx, ids: string[]): Promise<{ id: string; channel: string; generation: number }[]> {
  if (ids.length === 0) return [];
  return tx
    .update(deliveries)
    .set({
      state: "pending",
      reason: null,
      cause: null,
      generation: sql`${deliveries.generation} + 1`,
      attemptCount: 0,
      message: null,
      renderedAt: null,
      callKey: null,
      claimedUntil: null,
      providerId: null,
      settledAt: null,
      deliverAfter: clock.now(),
    })
    .where(and(inArray(deliveries.id, ids), eq(deliveries.state, "failed")))
    .returning({ id: deliveries.id, channel: deliveries.channel, generation: deliveries.generation });
}

const actorOf = ({ id, name }: Member) => ({ memberId: id, name });
