import { and, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import { log } from "../log";
import { parkEvent } from "./parking";
import { outboxEvents } from "./tables";

/** How an event travels: `id` is the outbox id, which Inngest uses to drop a second copy; a replay adds its number. */
export interface OutboxMessage {
  id: string;
  name: string;
  data: { eventId: string; organizationId: string; version: number; occurredAt: string; payload: Record<string, unknown> };
}

/** Hands messages to Inngest; throws `Rejected` when the message itself is refused and any other error when nobody answers. */
export type Sender = (messages: OutboxMessage[]) => Promise<void>;
export class Rejected extends Error {}

const batchSize = 500;
const claimSeconds = 30;

/**
 * Carries what the outbox holds to Inngest until nothing is left. Several relays may run at once: rows are claimed with
 * SKIP LOCKED, and one that dies in between lets its claim lapse, so a message may be sent twice but never lost.
 * @returns how many were sent and how many Inngest refused for good.
 */
export async function relayOutbox(send: Sender): Promise<{ sent: number; parked: number }> {
  const total = { sent: 0, parked: 0 };
  for (;;) {
    const messages = await claim();
    if (messages.length === 0) return total;
    try {
      await send(messages);
      await markSent(messages.map((message) => message.data.eventId));
      total.sent += messages.length;
    } catch (error) {
      if (!(error instanceof Rejected)) {
        await release(messages.map((message) => message.data.eventId), error);
        throw error;
      }
      const outcome = await sendOneByOne(messages, send);
      total.sent += outcome.sent;
      total.parked += outcome.parked;
    }
  }
}

/** One refused message must not hold back the others of its batch: it is parked with its reason and shown by `/api/health`. */
async function sendOneByOne(messages: OutboxMessage[], send: Sender): Promise<{ sent: number; parked: number }> {
  const outcome = { sent: 0, parked: 0 };
  for (const [position, message] of messages.entries()) {
    try {
      await send([message]);
      await markSent([message.data.eventId]);
      outcome.sent += 1;
    } catch (error) {
      if (!(error instanceof Rejected)) {
        await release(messages.slice(position).map((rest) => rest.data.eventId), error);
        throw error;
      }
      log.error("outbox event refused by Inngest", { eventId: message.id, name: message.name, reason: error.message });
      await parkEvent(message.data.eventId, error.message);
      outcome.parked += 1;
    }
  }
  return outcome;
}

function claim(): Promise<OutboxMessage[]> {
  const now = clock.now();
  return asSystem("relay", async (tx) => {
    const due = tx
      .select({ id: outboxEvents.id })
      .from(outboxEvents)
      .where(
        sql`${outboxEvents.sentAt} is null and ${outboxEvents.parkedAt} is null
          and (${outboxEvents.claimedUntil} is null or ${outboxEvents.claimedUntil} < ${now.toISOString()}::timestamptz)`,
      )
      .orderBy(outboxEvents.id)
      .limit(batchSize)
      .for("update", { skipLocked: true });
    const rows = await tx
      .update(outboxEvents)
      .set({ claimedUntil: new Date(now.getTime() + claimSeconds * 1000), attempts: sql`${outboxEvents.attempts} + 1` })
      .where(inArray(outboxEvents.id, due))
      .returning();
    return rows
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((row) => ({
        id: row.replays === 0 ? row.id : `${row.id}/${row.replays}`,
        name: row.name,
        data: {
          eventId: row.id,
          organizationId: row.organizationId,
          version: row.version,
          occurredAt: row.occurredAt.toISOString(),
          payload: row.payload,
        },
      }));
  });
}

async function markSent(ids: string[]): Promise<void> {
  await asSystem("relay", (tx) =>
    tx
      .update(outboxEvents)
      .set({ sentAt: clock.now(), claimedUntil: null, lastError: null })
      // What it causes may fail before the sender has answered.
      .where(and(inArray(outboxEvents.id, ids), isNull(outboxEvents.parkedAt))),
  );
}

async function release(ids: string[], error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await asSystem("relay", (tx) =>
    tx
      .update(outboxEvents)
      .set({ claimedUntil: null, lastError: reason.slice(0, 500) })
      .where(and(inArray(outboxEvents.id, ids), sql`${outboxEvents.sentAt} is null`)),
  );
}
