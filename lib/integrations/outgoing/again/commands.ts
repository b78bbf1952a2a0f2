import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import { audit } from "@/lib/organizations/audit";
import type { Member } from "@/lib/organizations/actor";
import { mayManageIntegrations } from "../../policy";
import { enqueue } from "../commands";
import { lockEndpoint } from "../endpoints/commands";
import type { ReplayRangeInput } from "../inputs";
import { testEntity, testEvent } from "../rules";
import { endpoints, outgoingDeliveries } from "../tables";

const testsPerHour = 120;
/** So many bodies of 20 kB are read and written in one transaction. */
const replayMax = 5_000;
const replayedAtOnce = 250;

interface Options {
  /** A repeated request with the same key answers the first one's result. */
  idempotencyKey?: string;
}

/**
 * Sends an event that says it is a test, even to a paused endpoint: once, and no sign of its health.
 * @throws Refused FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS.
 */
export async function sendTest(member: Member, endpointId: string, options: Options = {}): Promise<{ deliveryId: string }> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  await limitRate(`endpoint-tests:${member.id}`, testsPerHour, 3600);
  return inTenant(member, async (tx) => {
    const { id, name } = await openEndpoint(tx, member, endpointId);
    const eventId = newId("event");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "test-endpoint", input: id }, eventId);
      if (!claim.fresh) return { deliveryId: await deliveryOfEvent(tx, id, claim.resultId) };
    }
    const data = { test: true, endpoint: { id, name }, sentBy: { memberId: member.id, name: member.name } };
    const [deliveryId] = await enqueue(tx, member, [
      { endpointId: id, eventId, event: testEvent, entity: testEntity(id), subscriptionIds: [], data, occurredAt: clock.now(), test: true },
    ]);
    if (!deliveryId) throw new Error("a test was not put on its way");
    return { deliveryId };
  });
}

/**
 * Sends what was sent before once more, under the same `webhook-id` and with a new place in the order.
 * @throws Refused FORBIDDEN, NOT_FOUND (its endpoint was deleted, too), CONFLICT while it is on its way.
 */
export async function resendDelivery(member: Member, deliveryId: string): Promise<{ deliveryId: string }> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  if (!isId("outgoingDelivery", deliveryId)) throw new Refused("NOT_FOUND");
  return inTenant(member, async (tx) => {
    const [delivery] = await tx
      .select({ endpointId: outgoingDeliveries.endpointId, eventId: outgoingDeliveries.eventId, test: outgoingDeliveries.test })
      .from(outgoingDeliveries)
      .where(and(eq(outgoingDeliveries.organizationId, member.organizationId), eq(outgoingDeliveries.id, deliveryId)));
    if (!delivery) throw new Refused("NOT_FOUND");
    // Two who press at once take turns here; the second then finds it on its way.
    const endpoint = await lockEndpoint(tx, member, delivery.endpointId);
    const [made] = await again(tx, member, endpoint.id, [delivery.eventId]);
    if (!made) throw new Refused("CONFLICT", { detail: "It is on its way already." });
    await audit(tx, member, [{ action: "endpoint.replayed", subject: endpoint.name, detail: { event: delivery.eventId } }]);
    return { deliveryId: made };
  });
}

/**
 * Sends everything once more that was put on its way, or settled, in a range; in its order. What is still on its way is left out.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID when there is too much at once.
 */
export async function replayRange(member: Member, endpointId: string, { from, to }: ReplayRangeInput, options: Options = {}): Promise<{ replayed: number }> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const endpoint = await lockEndpoint(tx, member, endpointId);
    const rows = await tx.execute<{ event_id: string }>(sql`
      select event_id from outgoing_deliveries as delivery
      where endpoint_id = ${endpoint.id} and state in ('delivered', 'failed') and not test
        and ((created_at >= ${from}::timestamptz and created_at < ${to}::timestamptz) or (settled_at >= ${from}::timestamptz and settled_at < ${to}::timestamptz))
        and not exists (
          select 1 from outgoing_deliveries as other
          where other.endpoint_id = delivery.endpoint_id and other.event_id = delivery.event_id and other.state in ('pending', 'sending'))
      group by event_id order by min(id) limit ${replayMax + 1}`);
    if (rows.length > replayMax) throw refusedField("from", "too-many", describeFault("too-many"));
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "replay-endpoint", input: [endpoint.id, from, to] }, String(rows.length));
      if (!claim.fresh) return { replayed: Number(claim.resultId) };
    }
    const eventIds = rows.map(({ event_id: id }) => id);
    for (let at = 0; at < eventIds.length; at += replayedAtOnce) await again(tx, member, endpoint.id, eventIds.slice(at, at + replayedAtOnce));
    if (eventIds.length > 0) await audit(tx, member, [{ action: "endpoint.replayed", subject: endpoint.name, detail: { from, to, events: eventIds.length } }]);
    return { replayed: eventIds.length };
  });
}

const stored = z.looseObject({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()), entity: z.string() });

/** The newest generation of each of these events once more, in this order; those that are on their way are left out. */
async function again(tx: Tx, member: Member, endpointId: string, eventIds: string[]): Promise<string[]> {
  const rows = await tx.execute<{ event_id: string; body: string; subscription_ids: string[]; state: string; test: boolean }>(sql`
    select distinct on (asked.place) delivery.event_id, delivery.body, delivery.subscription_ids, delivery.state, delivery.test
    from unnest(${textArray(eventIds)}) with ordinality as asked (event_id, place)
    join outgoing_deliveries as delivery on delivery.endpoint_id = ${endpointId} and delivery.event_id = asked.event_id
    order by asked.place, delivery.generation desc`);
  return enqueue(
    tx,
    member,
    rows.flatMap(({ event_id: eventId, body, subscription_ids: subscriptionIds, state, test }) => {
      if (state === "pending" || state === "sending") return [];
      const { type, timestamp, data, entity } = stored.parse(JSON.parse(body));
      return [{ endpointId, eventId, event: type, entity, subscriptionIds, data, occurredAt: timestamp, again: true, test }];
    }),
  );
}

async function openEndpoint(tx: Tx, member: Member, endpointId: string): Promise<{ id: string; name: string }> {
  const [found] = isId("endpoint", endpointId)
    ? await tx
        .select({ id: endpoints.id, name: endpoints.name })
        .from(endpoints)
        .where(and(eq(endpoints.organizationId, member.organizationId), eq(endpoints.id, endpointId), isNull(endpoints.deletedAt)))
    : [];
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

async function deliveryOfEvent(tx: Tx, endpointId: string, eventId: string): Promise<string> {
  const [found] = await tx
    .select({ id: outgoingDeliveries.id })
    .from(outgoingDeliveries)
    .where(and(eq(outgoingDeliveries.endpointId, endpointId), eq(outgoingDeliveries.eventId, eventId)));
  if (!found) throw new Refused("NOT_FOUND");
  return found.id;
}
