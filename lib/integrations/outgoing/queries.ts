import { aliasedTable, and, asc, desc, eq, exists, inArray, lt, sql } from "drizzle-orm";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { mayManageIntegrations } from "../policy";
import { endpointOf } from "./endpoints/queries";
import type { ListDeliveriesInput } from "./inputs";
import { endpoints, outgoingAttempts, outgoingDeliveries } from "./tables";

const earlier = aliasedTable(outgoingDeliveries, "earlier");

/** Whether something before it in its entity is still on its way. */
const waitsForEarlier = (tx: Tx) =>
  exists(
    tx
      .select({ one: sql`1` })
      .from(earlier)
      .where(
        and(
          eq(earlier.endpointId, outgoingDeliveries.endpointId),
          eq(earlier.entity, outgoingDeliveries.entity),
          lt(earlier.sequence, outgoingDeliveries.sequence),
          inArray(earlier.state, ["pending", "sending"]),
        ),
      ),
  );

const summaryColumns = (tx: Tx) => ({
  id: outgoingDeliveries.id,
  endpointId: outgoingDeliveries.endpointId,
  endpointName: endpoints.name,
  endpointPaused: sql<boolean>`${endpoints.pausedAt} is not null`,
  eventId: outgoingDeliveries.eventId,
  generation: outgoingDeliveries.generation,
  event: outgoingDeliveries.event,
  entity: outgoingDeliveries.entity,
  sequence: outgoingDeliveries.sequence,
  state: outgoingDeliveries.state,
  reason: outgoingDeliveries.reason,
  attemptCount: outgoingDeliveries.attemptCount,
  nextAttemptAt: outgoingDeliveries.nextAttemptAt,
  test: outgoingDeliveries.test,
  settledAt: outgoingDeliveries.settledAt,
  createdAt: outgoingDeliveries.createdAt,
  waitsForEarlier: sql<boolean>`${outgoingDeliveries.state} = 'pending' and ${waitsForEarlier(tx)}`,
});

const summaries = (tx: Tx) =>
  tx
    .select({
      ...summaryColumns(tx),
      lastStatus: sql<number | null>`(select status_code from outgoing_attempts where delivery_id = ${outgoingDeliveries.id} order by number desc limit 1)`,
    })
    .from(outgoingDeliveries)
    .innerJoin(endpoints, eq(endpoints.id, outgoingDeliveries.endpointId));

const attemptColumns = {
  id: outgoingAttempts.id,
  number: outgoingAttempts.number,
  startedAt: outgoingAttempts.startedAt,
  finishedAt: outgoingAttempts.finishedAt,
  succeeded: outgoingAttempts.succeeded,
  requestHeaders: outgoingAttempts.requestHeaders,
  statusCode: outgoingAttempts.statusCode,
  responseHeaders: outgoingAttempts.responseHeaders,
  responseBody: outgoingAttempts.responseBody,
  fault: outgoingAttempts.fault,
};

export type DeliverySummary = Awaited<ReturnType<typeof summaries>>[number];
export type OutgoingAttempt = Omit<typeof outgoingAttempts.$inferSelect, "organizationId" | "deliveryId">;
export type DeliveryDetails = DeliverySummary & { body: string; subscriptionIds: string[]; attempts: OutgoingAttempt[] };

/** What an endpoint was sent, the newest first. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function deliveriesTo(member: Member, endpointId: string, filter: ListDeliveriesInput): Promise<{ deliveries: DeliverySummary[]; nextCursor: string | null }> {
  const { id } = await endpointOf(member, endpointId);
  const rows = await inTenant(member, (tx) =>
    summaries(tx)
      .where(
        and(
          eq(outgoingDeliveries.organizationId, member.organizationId),
          eq(outgoingDeliveries.endpointId, id),
          filter.state ? eq(outgoingDeliveries.state, filter.state) : undefined,
          filter.event ? eq(outgoingDeliveries.event, filter.event) : undefined,
          filter.cursor ? lt(outgoingDeliveries.id, filter.cursor) : undefined,
        ),
      )
      .orderBy(desc(outgoingDeliveries.id))
      .limit(filter.limit + 1),
  );
  const deliveries = rows.slice(0, filter.limit);
  return { deliveries, nextCursor: rows.length > filter.limit ? (deliveries.at(-1)?.id ?? null) : null };
}

/** One delivery with what was said and every attempt, the newest first. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function outgoingDelivery(member: Member, deliveryId: string): Promise<DeliveryDetails> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  if (!isId("outgoingDelivery", deliveryId)) throw new Refused("NOT_FOUND");
  return inTenant(member, async (tx) => {
    const own = and(eq(outgoingDeliveries.organizationId, member.organizationId), eq(outgoingDeliveries.id, deliveryId));
    const [found] = await summaries(tx).where(own);
    const [content] = await tx.select({ body: outgoingDeliveries.body, subscriptionIds: outgoingDeliveries.subscriptionIds }).from(outgoingDeliveries).where(own);
    if (!found || !content) throw new Refused("NOT_FOUND");
    const attempts = await tx.select(attemptColumns).from(outgoingAttempts).where(eq(outgoingAttempts.deliveryId, deliveryId)).orderBy(desc(outgoingAttempts.number));
    return { ...found, ...content, attempts };
  });
}

/** Every event name in an endpoint's log, for its filter. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function eventsSentTo(member: Member, endpointId: string): Promise<string[]> {
  const { id } = await endpointOf(member, endpointId);
  const rows = await inTenant(member, (tx) =>
    tx.selectDistinct({ event: outgoingDeliveries.event }).from(outgoingDeliveries).where(eq(outgoingDeliveries.endpointId, id)).orderBy(asc(outgoingDeliveries.event)).limit(200),
  );
  return rows.map(({ event }) => event);
}

export const outgoingDeliveryUrl = (id: string) => `${env().APP_URL}/api/outgoing-deliveries/${id}`;
