import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant, tenantPolicy } from "../db/columns";

/**
 * Events on their way out, written in the transaction of the change they report. A row without `sent_at` is a promise not yet
 * kept; the partial index keeps finding those cheap however long the history grows.
 */
export const outboxEvents = pgTable(
  "outbox_events",
  {
    id: id("event"),
    organizationId: text("organization_id").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    occurredAt: instant("occurred_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** A relay that dies while holding rows loses them to the next one at this instant. */
    claimedUntil: instant("claimed_until"),
    sentAt: instant("sent_at"),
    /**
     * Set when Inngest refuses this very event (not when it is down), or when what it causes failed for good: it must not stop the
     * others of its batch. A parked event counts as unsent until somebody replays it.
     */
    parkedAt: instant("parked_at"),
    /** How often it was sent anew after it had been parked; part of the message's id, because Inngest drops an id it has seen. */
    replays: integer("replays").notNull().default(0),
    lastError: text("last_error"),
    createdAt: createdAt(),
  },
  (table) => [
    index("outbox_unsent").on(table.id).where(sql`sent_at is null`),
    index("outbox_sent").on(table.sentAt).where(sql`sent_at is not null`),
    tenantPolicy("outbox_events"),
  ],
);
