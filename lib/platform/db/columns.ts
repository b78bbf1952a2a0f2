import { sql } from "drizzle-orm";
import { customType, pgPolicy, text, timestamp } from "drizzle-orm/pg-core";
import { newId, type IdKind } from "../ids";

/** Column and policy shapes shared by every table; the names here are the names in the database. */
export const id = <K extends IdKind>(kind: K) =>
  text("id")
    .primaryKey()
    .$defaultFn(() => newId(kind));

/** An instant in UTC, microseconds in the database, `Date` in code. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** A transaction's number, which `pg_visible_in_snapshot` compares with a snapshot; text in code, because it has 64 bits. */
export const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

export const createdAt = () => instant("created_at").notNull().defaultNow();

/**
 * Tenancy in the database: a row is visible and writable only inside its organization's scope, or in the explicit system scope.
 * The settings are wrapped in sub-selects so that PostgreSQL evaluates them once a statement, not once a row.
 */
export const inSystemScope = sql`(select current_setting('app.scope', true)) = 'system'`;
export const tenantRows = sql`(organization_id = (select current_setting('app.organization_id', true)) or ${inSystemScope})`;

export const tenantPolicy = (table: string) =>
  pgPolicy(`${table}_tenant`, { as: "permissive", for: "all", to: "public", using: tenantRows, withCheck: tenantRows });
