import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { clearOnCommit } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { append } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { dropUnused, lockGrants } from "../../credentials/commands";
import { hooksAbandoned } from "../../events";
import { hookRegistrations, webhookSecrets } from "../../hooks/tables";
import { forgetTrust } from "../../ingest/trust/queries";
import { pluginPeople } from "../../people/tables";
import { mayManageIntegrations } from "../../policy";
import { subscriptions } from "../../subscriptions/tables";
import { connectionsTag } from "../queries";
import { openProjects, pluginConnections } from "../tables";

/**
 * Ends a connection: its address answers as if it had never been, its secrets and subscriptions go, its log stays. What we registered over
 * there is removed by a durable function, because Jira may be away just now; the grant stays until that is done.
 * @throws Refused FORBIDDEN, NOT_FOUND.
 */
export async function disconnect(member: Member, connectionId: string): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    // Of two that end at once, one has to see that it is the last.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`disconnect:${member.organizationId}`}, 0))`);
    const isIt = and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId), isNull(pluginConnections.disconnectedAt));
    const held = await tx.select({ credentialId: pluginConnections.credentialId }).from(pluginConnections).where(isIt);
    await lockGrants(tx, member, held.flatMap(({ credentialId }) => credentialId ?? []));
    const [ended] = await tx
      .update(pluginConnections)
      .set({ disconnectedAt: clock.now(), verifiedAt: null, gapSince: null, pausedAt: null, allowsUnsigned: false })
      .where(isIt)
      .returning({ name: pluginConnections.name, plugin: pluginConnections.plugin });
    if (!ended) throw new Refused("NOT_FOUND");
    await clearOnCommit(tx, connectionsTag(member));
    await forgetTrust(tx, connectionId);
    await tx.delete(webhookSecrets).where(eq(webhookSecrets.connectionId, connectionId));
    await tx.delete(openProjects).where(eq(openProjects.connectionId, connectionId));
    const ending = await tx.delete(subscriptions).where(eq(subscriptions.connectionId, connectionId)).returning({ id: subscriptions.id });
    const [hook] = await tx.select({ one: sql`1` }).from(hookRegistrations).where(eq(hookRegistrations.connectionId, connectionId)).limit(1);
    if (hook) await append(tx, member, hooksAbandoned, { connectionId });
    else await letGoOfGrant(tx, member, connectionId);
    await releasePeople(tx, member, ended.plugin);
    await audit(tx, member, [{ action: "connection.disconnected", subject: ended.name, detail: { connectionId, subscriptions: ending.length } }]);
  });
}

/** A connection that is over no longer holds its grant; it may have been the last that did. */
export async function letGoOfGrant(tx: Tx, tenant: Tenant, connectionId: string): Promise<void> {
  const [held] = await tx
    .select({ credentialId: pluginConnections.credentialId })
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId), isNotNull(pluginConnections.disconnectedAt)))
    .for("update");
  if (!held?.credentialId) return;
  await tx.update(pluginConnections).set({ credentialId: null }).where(eq(pluginConnections.id, connectionId));
  await dropUnused(tx, tenant, [held.credentialId]);
}

/** Without a connection there is nothing that a member's own account over there would be asked: the last one takes their grants along. */
async function releasePeople(tx: Tx, tenant: Tenant, plugin: string): Promise<void> {
  const [live] = await tx
    .select({ one: sql`1` })
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.plugin, plugin), isNull(pluginConnections.disconnectedAt)))
    .limit(1);
  if (live) return;
  const people = await tx
    .delete(pluginPeople)
    .where(and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.plugin, plugin)))
    .returning({ credentialId: pluginPeople.credentialId });
  await dropUnused(tx, tenant, people.map(({ credentialId }) => credentialId));
}
