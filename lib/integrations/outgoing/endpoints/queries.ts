import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { open } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { mayManageIntegrations } from "../../policy";
import { subscriptions } from "../../subscriptions/tables";
import { healthOf, secretContext, type Health } from "../rules";
import { endpoints, endpointSecrets } from "../tables";

export type EndpointDetails = typeof endpoints.$inferSelect & {
  health: Health;
  /** Deliveries on their way, kept while it is paused. */
  waiting: number;
  /** Dead letters of the last 30 days. */
  failed: number;
  lastDeliveredAt: Date | null;
  ownerName: string | null;
  /** While two secrets sign, until when. */
  overlapEndsAt: Date | null;
};

/** Of all there are, the newest first. @throws Refused FORBIDDEN. */
export const endpointsOf = (member: Member): Promise<EndpointDetails[]> => detailed(member);

/** @throws Refused FORBIDDEN, NOT_FOUND, for a deleted one too. */
export async function endpointOf(member: Member, endpointId: string): Promise<EndpointDetails> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const [found] = isId("endpoint", endpointId) ? await detailed(member, endpointId) : [];
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

async function detailed(member: Member, endpointId?: string): Promise<EndpointDetails[]> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const now = clock.now().toISOString();
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        endpoint: endpoints,
        waiting: sql<number>`(select count(*)::integer from outgoing_deliveries where endpoint_id = endpoints.id and state in ('pending', 'sending') and not test)`,
        failed: sql<number>`(select count(*)::integer from outgoing_deliveries where endpoint_id = endpoints.id and state = 'failed' and not test)`,
        lastDeliveredAt: sql<Date | string | null>`(select max(settled_at) from outgoing_deliveries where endpoint_id = endpoints.id and state = 'delivered')`,
        ownerName: sql<string | null>`(select coalesce(nullif(users.name, ''), users.email) from members join users on users.id = members.user_id where members.id = endpoints.owner_id)`,
        overlapEndsAt: sql<Date | string | null>`(select max(valid_until) from endpoint_secrets where endpoint_id = endpoints.id and valid_until > ${now}::timestamptz)`,
      })
      .from(endpoints)
      .where(and(eq(endpoints.organizationId, member.organizationId), isNull(endpoints.deletedAt), endpointId ? eq(endpoints.id, endpointId) : undefined))
      .orderBy(desc(endpoints.id)),
  );
  return rows.map(({ endpoint, lastDeliveredAt, overlapEndsAt, ...rest }) => ({
    ...endpoint,
    ...rest,
    health: healthOf(endpoint),
    lastDeliveredAt: lastDeliveredAt === null ? null : new Date(lastDeliveredAt),
    overlapEndsAt: overlapEndsAt === null ? null : new Date(overlapEndsAt),
  }));
}

/** Names of those that can be chosen as a target. @throws Refused FORBIDDEN. */
export async function endpointNames(member: Member): Promise<{ id: string; name: string; url: string }[]> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, (tx) =>
    tx
      .select({ id: endpoints.id, name: endpoints.name, url: endpoints.url })
      .from(endpoints)
      .where(and(eq(endpoints.organizationId, member.organizationId), isNull(endpoints.deletedAt)))
      .orderBy(endpoints.name, endpoints.id),
  );
}

export interface ShownSecret {
  secret: string;
  /** Null for the current one. */
  validUntil: Date | null;
}

/** What signs at the moment, the newest first. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function endpointSecret(member: Member, endpointId: string): Promise<{ secrets: ShownSecret[] }> {
  const { id } = await endpointOf(member, endpointId);
  const now = clock.now().toISOString();
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ secret: endpointSecrets.secret, validUntil: endpointSecrets.validUntil })
      .from(endpointSecrets)
      .where(and(eq(endpointSecrets.organizationId, member.organizationId), eq(endpointSecrets.endpointId, id), sql`(valid_until is null or valid_until > ${now}::timestamptz)`))
      .orderBy(sql`valid_until desc nulls first`),
  );
  return { secrets: rows.map(({ secret, validUntil }) => ({ secret: open(secret, secretContext(id)), validUntil })) };
}

/** What leads to an endpoint. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function subscriptionsTo(member: Member, endpointId: string): Promise<{ id: string; name: string; events: string[]; connectionId: string | null; paused: boolean }[]> {
  const { id } = await endpointOf(member, endpointId);
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ id: subscriptions.id, name: subscriptions.name, events: subscriptions.events, connectionId: subscriptions.connectionId, pausedAt: subscriptions.pausedAt })
      .from(subscriptions)
      .where(and(eq(subscriptions.organizationId, member.organizationId), eq(subscriptions.endpointId, id)))
      .orderBy(subscriptions.name, subscriptions.id),
  );
  return rows.map(({ pausedAt, ...row }) => ({ ...row, paused: pausedAt !== null }));
}

export const endpointUrl = (id: string) => `${env().APP_URL}/api/endpoints/${id}`;
