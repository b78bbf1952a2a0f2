import { and, desc, eq, inArray, isNotNull, lt, sql } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem, inTenant, type Tenant, type Tx } from "../db/client";
import { outboxEvents } from "./tables";

/** An event that could not become what it should: a dead letter, with what it died of. */
export interface ParkedEvent {
  id: string;
  name: string;
  payload: Record<string, unknown>;
  occurredAt: Date;
  parkedAt: Date;
  reason: string;
  /** How often somebody has replayed it already. */
  replays: number;
}

const reasonMax = 500;

/**
 * Takes one event out of the way of the others, with its reason, until somebody replays it. It counts as not done: it is shown by
 * `/api/health` and kept for as long as it takes.
 */
export async function parkEvent(eventId: string, reason: string): Promise<void> {
  const words = reason.replaceAll("\u0000", "\uFFFD").slice(0, reasonMax);
  await asSystem("relay", (tx) =>
    tx.update(outboxEvents).set({ parkedAt: clock.now(), sentAt: null, claimedUntil: null, lastError: words }).where(eq(outboxEvents.id, eventId)),
  );
}

/** The organization's dead letters, newest first; `before` is the id of the last one seen. */
export function parkedEvents(tenant: Tenant, { limit = 50, before }: { limit?: number; before?: string } = {}): Promise<ParkedEvent[]> {
  return inTenant(tenant, async (tx) => {
    const rows = await tx
      .select()
      .from(outboxEvents)
      .where(and(parkedIn(tenant), before ? lt(outboxEvents.id, before) : undefined))
      .orderBy(desc(outboxEvents.id))
      .limit(limit);
    return rows.map(({ id, name, payload, occurredAt, parkedAt, lastError, replays }) => ({
      id,
      name,
      payload,
      occurredAt,
      parkedAt: parkedAt ?? occurredAt,
      reason: lastError ?? "",
      replays,
    }));
  });
}

/**
 * Sends parked events again: these, or all of the organization. Everything behind an event may be repeated, so what had been done
 * already is not done twice. The caller wakes the relay after its commit (`pokeRelay`).
 * @returns the ids of those that were parked.
 */
export async function replayEvents(tx: Tx, tenant: Tenant, eventIds: string[] | "all"): Promise<string[]> {
  const replayed = await tx
    .update(outboxEvents)
    .set({ parkedAt: null, sentAt: null, claimedUntil: null, lastError: null, replays: sql`${outboxEvents.replays} + 1` })
    .where(and(parkedIn(tenant), eventIds === "all" ? undefined : inArray(outboxEvents.id, eventIds)))
    .returning({ id: outboxEvents.id });
  return replayed.map(({ id }) => id);
}

/** One of them. False when it is not parked (any more), or not this organization's. */
export async function replayEvent(tenant: Tenant, eventId: string): Promise<boolean> {
  const replayed = await inTenant(tenant, (tx) => replayEvents(tx, tenant, [eventId]));
  return replayed.length > 0;
}

const parkedIn = (tenant: Tenant) => and(eq(outboxEvents.organizationId, tenant.organizationId), isNotNull(outboxEvents.parkedAt), sql`${outboxEvents.sentAt} is null`);
