import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { newId } from "@/lib/platform/ids";
import { appendAll } from "@/lib/platform/outbox/outbox";
import { outgoingReady } from "../events";
import { bodyOf } from "./body";

/** One event for one endpoint. */
export interface OutgoingItem {
  endpointId: string;
  /** An inbound webhook's id or an event's; it becomes the `webhook-id`, so it holds no ".". */
  eventId: string;
  event: string;
  /** What keeps its order: `issue:10042`. The same event has the same entity each time. */
  entity: string;
  subscriptionIds: string[];
  data: Record<string, unknown>;
  occurredAt: Date | string;
  /** Sends it once more although it was sent, or is on its way. */
  again?: boolean;
  /** Tried once, sent even while the endpoint is paused, and no sign of its health. */
  test?: boolean;
}

/** Rows of one statement; each carries a body of up to 20 kB. */
const rowsMax = 500;

/**
 * Puts events on their way in the caller's transaction. What an endpoint was given before is left out, unless it is asked for again; two
 * subscriptions that want the same become one delivery. The row of `endpoint_sequences` is locked until the commit, so that numbers have
 * no gaps and become visible in their order: what is enqueued first is sent first.
 * @returns the ids of the deliveries that are new.
 */
export async function enqueue(tx: Tx, tenant: Tenant, items: OutgoingItem[]): Promise<string[]> {
  const wanted = oncePerEndpoint(items);
  if (wanted.length === 0) return [];
  const open = await openEndpoints(tx, tenant, wanted);
  const kept = wanted.filter(({ endpointId }) => open.has(endpointId));
  if (kept.length === 0) return [];

  const last = await lockSequences(tx, tenant, kept);
  const generations = await generationsOf(tx, kept);
  const now = clock.now();
  const given = new Map<string, number>();
  const rows = kept.flatMap((item) => {
    const generation = generations.get(eventKey(item)) ?? 0;
    if (generation > 0 && !item.again) return [];
    const place = placeKey(item);
    const count = (given.get(place) ?? 0) + 1;
    given.set(place, count);
    const sequence = (last.get(place) ?? 0) + count;
    const occurredAt = typeof item.occurredAt === "string" ? item.occurredAt : item.occurredAt.toISOString();
    return [
      {
        id: newId("outgoingDelivery"),
        endpoint_id: item.endpointId,
        event_id: item.eventId,
        generation: generation + 1,
        event: item.event,
        subscription_ids: item.subscriptionIds,
        entity: item.entity,
        sequence,
        body: bodyOf({ ...item, occurredAt, sequence }),
        test: item.test ?? false,
      },
    ];
  });
  if (rows.length === 0) return [];

  await tx.execute(sql`
    update endpoint_sequences set last = last + given.count
    from unnest(${textArray([...given.keys()].map((key) => placeOf(key)[0]))}, ${textArray([...given.keys()].map((key) => placeOf(key)[1]))},
      ${textArray([...given.values()].map(String))}::bigint[]) as given (endpoint_id, entity, count)
    where endpoint_sequences.endpoint_id = given.endpoint_id and endpoint_sequences.entity = given.entity`);
  for (let from = 0; from < rows.length; from += rowsMax) {
    await tx.execute(sql`
      insert into outgoing_deliveries
        (id, organization_id, endpoint_id, event_id, generation, event, subscription_ids, entity, sequence, body, test, next_attempt_at, created_at)
      select id, ${tenant.organizationId}, endpoint_id, event_id, generation, event, subscription_ids, entity, sequence, body, test,
        ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
      from json_to_recordset(${JSON.stringify(rows.slice(from, from + rowsMax))}::json) as made (id text, endpoint_id text, event_id text,
        generation integer, event text, subscription_ids text[], entity text, sequence bigint, body text, test boolean)`);
  }
  const awake = new Set(rows.filter(({ endpoint_id, test }) => test || !open.get(endpoint_id)?.paused).map(({ endpoint_id }) => endpoint_id));
  await appendAll(tx, tenant, outgoingReady, [...awake].map((endpointId) => ({ endpointId })));
  return rows.map(({ id }) => id);
}

const eventKey = ({ endpointId, eventId }: Pick<OutgoingItem, "endpointId" | "eventId">) => `${endpointId} ${eventId}`;
const placeKey = ({ endpointId, entity }: Pick<OutgoingItem, "endpointId" | "entity">) => `${endpointId} ${entity}`;
const placeOf = (key: string): [string, string] => [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];

function oncePerEndpoint(items: OutgoingItem[]): OutgoingItem[] {
  const found = new Map<string, OutgoingItem>();
  for (const item of items) {
    const known = found.get(eventKey(item));
    if (!known) found.set(eventKey(item), item);
    else found.set(eventKey(item), { ...known, again: known.again || item.again, subscriptionIds: [...new Set([...known.subscriptionIds, ...item.subscriptionIds])] });
  }
  return [...found.values()];
}

/** Locked against being deleted meanwhile: nothing is put on its way to what is gone. Sending does not touch these rows while all is well. */
async function openEndpoints(tx: Tx, tenant: Tenant, items: OutgoingItem[]): Promise<Map<string, { paused: boolean }>> {
  const rows = await tx.execute<{ id: string; paused: boolean }>(sql`
    select id, paused_at is not null as paused from endpoints
    where organization_id = ${tenant.organizationId} and id = any(${textArray([...new Set(items.map(({ endpointId }) => endpointId))])}) and deleted_at is null
    order by id for share`);
  return new Map(rows.map(({ id, paused }) => [id, { paused }]));
}

/** Each place's row, made if need be, locked in one order so that two who enqueue cannot wait for each other; with its last number. */
async function lockSequences(tx: Tx, tenant: Tenant, items: OutgoingItem[]): Promise<Map<string, number>> {
  const places = [...new Set(items.map(placeKey))].map(placeOf);
  const rows = await tx.execute<{ endpoint_id: string; entity: string; last: string }>(sql`
    insert into endpoint_sequences (organization_id, endpoint_id, entity, last)
    select ${tenant.organizationId}, endpoint_id, entity, 0
    from unnest(${textArray(places.map(([endpointId]) => endpointId))}, ${textArray(places.map(([, entity]) => entity))}) as place (endpoint_id, entity)
    order by endpoint_id collate "C", entity collate "C"
    on conflict (endpoint_id, entity) do update set last = endpoint_sequences.last
    returning endpoint_id, entity, last`);
  return new Map(rows.map(({ endpoint_id: endpointId, entity, last }) => [placeKey({ endpointId, entity }), Number(last)]));
}

/** The highest generation of each event that an endpoint already has. A statement of its own: it sees what committed while the lock was awaited. */
async function generationsOf(tx: Tx, items: OutgoingItem[]): Promise<Map<string, number>> {
  const rows = await tx.execute<{ endpoint_id: string; event_id: string; generation: number }>(sql`
    select endpoint_id, event_id, max(generation) as generation from outgoing_deliveries
    where (endpoint_id, event_id) in (
      select * from unnest(${textArray(items.map(({ endpointId }) => endpointId))}, ${textArray(items.map(({ eventId }) => eventId))}))
    group by endpoint_id, event_id`);
  return new Map(rows.map((row) => [eventKey({ endpointId: row.endpoint_id, eventId: row.event_id }), row.generation]));
}
