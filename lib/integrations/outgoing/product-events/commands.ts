import { and, asc, eq, gte, inArray, isNull, lte, sql } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { firstIdAt } from "@/lib/platform/ids";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { productEvents } from "../../subscriptions/inputs";
import { subscriptions } from "../../subscriptions/tables";
import { enqueue, type OutgoingItem } from "../commands";
import { publicForms, type ProductEvent } from "./mappings";

/** How far back an event looks for what should have come before it. */
const lookBackMs = 2 * 60_000;
const lookBackMax = 200;

type Name = (typeof productEvents)[number];
const isProductEvent = (name: string): name is Name => name in publicForms;

/**
 * Puts an event of the product on its way to the endpoints that subscribed to it. Events may arrive here in another order than they
 * happened in, after a retry or from two relays; so whatever happened shortly before goes first, unless it went already. Safe to repeat.
 * @returns how many deliveries are new.
 */
export async function dispatchProductEvent(tenant: Tenant, { eventId, occurredAt }: Pick<EventEnvelope, "eventId" | "occurredAt">): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const wishes = await programWishes(tx, tenant);
    if (wishes.length === 0) return 0;
    const asked = wishes.some(({ events: names }) => names.length === 0) ? [...productEvents] : [...new Set(wishes.flatMap(({ events: names }) => names))];
    const events = await eventsUpTo(tx, tenant, eventId, new Date(Date.parse(occurredAt) - lookBackMs), asked);
    const items = events.flatMap(({ id, name, payload, occurredAt: at }): OutgoingItem[] => {
      if (!isProductEvent(name)) return [];
      const wanting = wishes.filter(
        ({ events: asked, since }) =>
          (asked.length === 0 || asked.includes(name)) &&
          // Who subscribed after it happened is not told of it because something else happened since.
          (id === eventId || since <= at),
      );
      if (wanting.length === 0) return [];
      const said = id === eventId ? publicForms[name].of(payload) : readable(name, payload);
      if (!said) return [];
      return wanting.map(({ id: subscriptionId, endpointId }) => ({ endpointId, eventId: id, event: name, ...said, subscriptionIds: [subscriptionId], occurredAt: at }));
    });
    return (await enqueue(tx, tenant, items)).length;
  });
}

/** What cannot be said fails in its own run, which parks it; it must not stop what happened after it. */
function readable(name: Name, payload: Record<string, unknown>): ProductEvent | null {
  try {
    return publicForms[name].of(payload);
  } catch {
    return null;
  }
}

async function programWishes(tx: Tx, tenant: Tenant) {
  const rows = await tx
    .select({ id: subscriptions.id, events: subscriptions.events, endpointId: subscriptions.endpointId, since: subscriptions.updatedAt })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, tenant.organizationId),
        isNull(subscriptions.connectionId),
        eq(subscriptions.target, "endpoint"),
        isNull(subscriptions.pausedAt),
      ),
    );
  return rows.flatMap(({ endpointId, ...rest }) => (endpointId ? [{ ...rest, endpointId }] : []));
}

/** Those of these names that did not go yet, oldest first, this one the last of them. An event goes to all its endpoints at once. */
async function eventsUpTo(tx: Tx, tenant: Tenant, eventId: string, from: Date, names: string[]) {
  const latest = tx
    .select({ id: outboxEvents.id })
    .from(outboxEvents)
    .where(
      and(
        eq(outboxEvents.organizationId, tenant.organizationId),
        sql`${outboxEvents.name} = any(${textArray(names)})`,
        gte(outboxEvents.id, firstIdAt("event", from)),
        lte(outboxEvents.id, eventId),
        sql`(${outboxEvents.id} = ${eventId} or not exists (select 1 from outgoing_deliveries where event_id = outbox_events.id))`,
      ),
    )
    .orderBy(sql`${outboxEvents.id} desc`)
    .limit(lookBackMax);
  return tx.select().from(outboxEvents).where(inArray(outboxEvents.id, latest)).orderBy(asc(outboxEvents.id));
}
