import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, tenantPolicy } from "../db/columns";

/** Results kept for `Idempotency-Key`: the row is inserted in the transaction of the work, so the second request waits for the first. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    organizationId: text("organization_id").notNull(),
    /** Who sent it; two people may use the same key. */
    actorId: text("actor_id").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of operation and input; the same key with another input is refused. */
    fingerprint: text("fingerprint").notNull(),
    resultId: text("result_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.actorId, table.key] }),
    index("idempotency_keys_age").on(table.createdAt),
    tenantPolicy("idempotency_keys"),
  ],
);
