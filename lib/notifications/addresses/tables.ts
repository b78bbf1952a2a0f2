import { sql } from "drizzle-orm";
import { index, jsonb, pgPolicy, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, inSystemScope, instant, tenantPolicy } from "@/lib/platform/db/columns";
import { organizations } from "@/lib/organizations/tables";

const systemOnly = (table: string) => pgPolicy(`${table}_system`, { as: "permissive", for: "all", to: "public", using: inSystemScope, withCheck: inSystemScope });

/** Addresses that take no mail any more: it bounced for good, or its reader called it spam. True of the address, whoever writes to it. */
export const mailStops = pgTable(
  "mail_stops",
  {
    /** In lower case. */
    address: text("address").primaryKey(),
    reason: text("reason", { enum: ["bounce", "complaint"] }).notNull(),
    /** The provider's words. */
    detail: text("detail").notNull(),
    stoppedAt: instant("stopped_at").notNull(),
    /** Set when the reader asked to try again; the next bounce stops it anew. */
    liftedAt: instant("lifted_at"),
  },
  () => [systemOnly("mail_stops")],
);

/** Categories that an address left by the link in a mail. Members have preferences; this is for people without an account. */
export const mailOptOuts = pgTable(
  "mail_opt_outs",
  {
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    address: text("address").notNull(),
    category: text("category").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.address, table.category] }), tenantPolicy("mail_opt_outs")],
);

/** What the mail provider reported, kept as it came; its id makes a repeated report harmless. */
export const mailReports = pgTable(
  "mail_reports",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    /** The delivery that the mail was; null for mails that are none, such as sign-in links. */
    deliveryId: text("delivery_id"),
    receivedAt: instant("received_at").notNull(),
    handledAt: instant("handled_at"),
  },
  (table) => [
    index("mail_reports_waiting").on(table.receivedAt).where(sql`handled_at is null`),
    index("mail_reports_delivery").on(table.deliveryId).where(sql`delivery_id is not null`),
    index("mail_reports_age").on(table.receivedAt),
    systemOnly("mail_reports"),
  ],
);
