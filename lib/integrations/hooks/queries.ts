import { and, asc, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { open } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { mayManageIntegrations } from "../policy";
import { hookRegistrations, webhookSecrets } from "./tables";

export interface WebhookSecret {
  secret: string;
  /** Until when a rotated one is still taken; null for the current one. */
  validUntil: Date | null;
}

/** What a sender may sign with now, the current one first. @throws Refused FORBIDDEN unless the member manages integrations. */
export async function secretsOf(member: Member, connectionId: string): Promise<WebhookSecret[]> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ id: webhookSecrets.id, secret: webhookSecrets.secret, validUntil: webhookSecrets.validUntil })
      .from(webhookSecrets)
      .where(
        and(
          eq(webhookSecrets.organizationId, member.organizationId),
          eq(webhookSecrets.connectionId, connectionId),
          or(isNull(webhookSecrets.validUntil), gt(webhookSecrets.validUntil, clock.now())),
        ),
      )
      .orderBy(sql`${webhookSecrets.validUntil} desc nulls first`, desc(webhookSecrets.id)),
  );
  return rows.map(({ id, secret, validUntil }) => ({ secret: open(secret, `webhook-secret:${id}`), validUntil }));
}

export type HookRegistration = Pick<
  typeof hookRegistrations.$inferSelect,
  "externalId" | "events" | "filter" | "expiresAt" | "renewedAt" | "lastError" | "alertedAt" | "createdAt"
>;

/** The webhooks that we registered over there for this connection. */
export async function registrationsOf(tenant: Tenant, connectionId: string): Promise<HookRegistration[]> {
  return inTenant(tenant, (tx) =>
    tx
      .select({
        externalId: hookRegistrations.externalId,
        events: hookRegistrations.events,
        filter: hookRegistrations.filter,
        expiresAt: hookRegistrations.expiresAt,
        renewedAt: hookRegistrations.renewedAt,
        lastError: hookRegistrations.lastError,
        alertedAt: hookRegistrations.alertedAt,
        createdAt: hookRegistrations.createdAt,
      })
      .from(hookRegistrations)
      .where(and(eq(hookRegistrations.organizationId, tenant.organizationId), eq(hookRegistrations.connectionId, connectionId)))
      .orderBy(asc(hookRegistrations.createdAt), asc(hookRegistrations.externalId)),
  );
}
