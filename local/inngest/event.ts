import type { Tx } from "./database";
import { at } from "./database";
import { ulid } from "./ulid";

/** An event as functions receive it. */
export interface EventPayload {
  id: string;
  name: string;
  data: Record<string, unknown>;
  ts: number;
  v?: string;
  user?: unknown;
  meta?: unknown;
}

export interface StoredEvent {
  /** Ours: the identity of this arrival. */
  id: string;
  /** The sender's own id, by which a function takes an event at most once in 24 hours. */
  externalId: string | null;
  payload: EventPayload;
}

interface EventRow {
  id: string;
  external_id: string | null;
  payload: string;
}

export function storedEvent(row: EventRow): StoredEvent {
  return { id: row.id, externalId: row.external_id, payload: JSON.parse(row.payload) as EventPayload };
}

/** The engine's own events (`inngest/…`), in the transaction of what they tell. */
export async function insertInternalEvent(
  tx: Tx,
  event: { id?: string; name: string; data: Record<string, unknown>; matched: boolean },
): Promise<StoredEvent> {
  const id = ulid(tx.now);
  const payload: EventPayload = { id: event.id ?? id, name: event.name, data: event.data, ts: tx.now };
  await tx.sql`
    insert into event (id, name, payload, received_at, matched)
    values (${id}, ${event.name}, ${JSON.stringify(payload)}, ${at(tx.now)}, ${event.matched})`;
  if (!event.matched) tx.pokes.add("events");
  return { id, externalId: null, payload };
}
