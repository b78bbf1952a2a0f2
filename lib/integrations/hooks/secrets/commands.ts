import { randomBytes } from "node:crypto";
import { and, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { pluginConnections } from "../../connections/tables";
import { forgetTrust } from "../../ingest/trust/queries";
import { mayManageIntegrations } from "../../policy";
import { overlapMs } from "../rules";
import { webhookSecrets } from "../tables";

/** A fresh secret for each of these connections, none of which may have a current one. */
export async function makeSecrets(tx: Tx, tenant: Tenant, connections: { id: string; plugin: string }[]): Promise<void> {
  if (connections.length === 0) return;
  await tx.insert(webhookSecrets).values(
    connections.map((connection) => {
      const id = newId("webhookSecret");
      return {
        id,
        organizationId: tenant.organizationId,
        connectionId: connection.id,
        secret: seal(freshSecret(connection.plugin), `webhook-secret:${id}`),
        createdAt: clock.now(),
      };
    }),
  );
}

/** Jira takes any text; senders after Standard Webhooks expect the prefix and base64. */
const freshSecret = (plugin: string) => (plugin === "jira" ? randomBytes(32).toString("base64url") : `whsec_${randomBytes(32).toString("base64")}`);

/**
 * Gives the connection a new secret. The one before is taken for a day more, so that nothing is lost until the sender has the new one;
 * with `atOnce`, for a secret that leaked, it ends now and so do all before it.
 * @throws Refused FORBIDDEN, NOT_FOUND.
 */
export async function rotateSecret(member: Member, connectionId: string, { atOnce = false }: { atOnce?: boolean } = {}): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const now = clock.now();
  await inTenant(member, async (tx) => {
    // The lock puts two rotations at once one after the other: the secret of the first then overlaps with that of the second.
    const [connection] = await tx
      .select({ id: pluginConnections.id, plugin: pluginConnections.plugin, name: pluginConnections.name })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId), isNull(pluginConnections.disconnectedAt)))
      .for("update");
    if (!connection) throw new Refused("NOT_FOUND");
    const ofThis = eq(webhookSecrets.connectionId, connection.id);
    await tx
      .delete(webhookSecrets)
      .where(and(ofThis, atOnce ? sql`true` : and(isNotNull(webhookSecrets.validUntil), lte(webhookSecrets.validUntil, now))));
    await tx
      .update(webhookSecrets)
      .set({ validUntil: new Date(now.getTime() + overlapMs) })
      .where(and(ofThis, isNull(webhookSecrets.validUntil)));
    await makeSecrets(tx, member, [connection]);
    await forgetTrust(tx, connection.id);
    await audit(tx, member, [{ action: "connection.secret-rotated", subject: connection.name, detail: { connectionId, atOnce } }]);
  });
}
