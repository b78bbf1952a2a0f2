import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { acrossTenants, asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import type { Category } from "../inputs";
import { mailOptOuts, mailStops } from "./tables";

export type StopReason = (typeof mailStops.$inferSelect)["reason"];

/** How addresses are kept and compared. No provider that matters tells `Ann@` from `ann@`. */
export const addressKey = (address: string) => address.trim().toLowerCase();

/**
 * Which of these addresses take no mail, and why; keyed by `addressKey`. A stop is true of the address, whichever organization met
 * it first, so it is read across tenants: the answer says nothing about who wrote to it.
 */
export async function stoppedAddresses(addresses: string[]): Promise<Map<string, StopReason>> {
  const keys = [...new Set(addresses.map(addressKey))];
  if (keys.length === 0) return new Map();
  const rows = await asSystem("mail-stops", (tx) =>
    tx
      .select({ address: mailStops.address, reason: mailStops.reason })
      .from(mailStops)
      .where(and(inArray(mailStops.address, keys), isNull(mailStops.liftedAt))),
  );
  return new Map(rows.map(({ address, reason }) => [address, reason]));
}

export interface MailStop {
  address: string;
  reason: StopReason;
  /** The provider's words. */
  detail: string;
  stoppedAt: Date;
}

/** Why the member's own address takes no mail; null when it does. */
export async function myMailStop(member: Member): Promise<MailStop | null> {
  const [stop] = await asSystem("mail-stops", (tx) =>
    tx
      .select({ address: mailStops.address, reason: mailStops.reason, detail: mailStops.detail, stoppedAt: mailStops.stoppedAt })
      .from(mailStops)
      .where(and(eq(mailStops.address, addressKey(member.email)), isNull(mailStops.liftedAt))),
  );
  return stop ?? null;
}

/** The categories that each of these addresses left in this organization, by `addressKey`. Members have preferences instead. */
export async function leftCategories(tenant: Tenant, addresses: string[]): Promise<Map<string, Set<Category>>> {
  const keys = [...new Set(addresses.map(addressKey))];
  if (keys.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select({ address: mailOptOuts.address, category: mailOptOuts.category })
      .from(mailOptOuts)
      .where(and(eq(mailOptOuts.organizationId, tenant.organizationId), inArray(mailOptOuts.address, keys))),
  );
  const left = new Map<string, Set<Category>>();
  for (const { address, category } of rows) left.set(address, (left.get(address) ?? new Set<Category>()).add(category as Category));
  return left;
}

/** Those of these members whose own address takes no mail. One statement, inside the transaction that asks about thousands. */
export async function stoppedMembers(tx: Tx, tenant: Tenant, memberIds: string[]): Promise<Map<string, StopReason>> {
  if (memberIds.length === 0) return new Map();
  const rows = await acrossTenants(tx, "mail-stops", () =>
    tx.execute<{ id: string; reason: StopReason }>(sql`
      select members.id, mail_stops.reason
      from mail_stops
      join users on users.email = mail_stops.address
      join members on members.user_id = users.id and members.organization_id = ${tenant.organizationId}
      where mail_stops.lifted_at is null and members.id = any(${sql.param(memberIds)}::text[])`),
  );
  return new Map(rows.map(({ id, reason }) => [id, reason]));
}
