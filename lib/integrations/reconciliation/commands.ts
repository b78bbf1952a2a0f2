import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { pluginConnections } from "../connections/tables";
import { hookRegistrations } from "../hooks/tables";
import { feed } from "../ingest/commands";
import { inboundWebhooks } from "../ingest/tables";
import type { AskedPlace } from "../plugin";
import { pluginOf } from "../registry";
import { wantsAsking } from "./queries";
import { askFrom } from "./rules";

/** One reconciliation, as it was begun; each page of it may be asked by another process. */
export interface Reconciliation {
  connectionId: string;
  since: string;
  startedAt: string;
  /** What the connection's own webhooks are limited to. */
  filters: string[];
  /** Projects that its webhooks have told of, where they are not ours and their limits therefore unknown; null: no limit is known. */
  projectIds: string[] | null;
}

/** Null when the connection does not want to be asked, or no longer. */
export async function beginReconciliation(tenant: Tenant, connectionId: string): Promise<Reconciliation | null> {
  const now = clock.now();
  return inTenant(tenant, async (tx) => {
    const [connection] = await tx
      .select()
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId), wantsAsking(now)));
    if (!connection || !pluginOf(connection.plugin)?.changesSince) return null;
    const isOurs = connection.hookKind === "dynamic";
    return {
      connectionId,
      since: askFrom(connection, now).toISOString(),
      startedAt: now.toISOString(),
      filters: isOurs ? await filtersOf(tx, connectionId) : [],
      projectIds: isOurs ? null : await projectsHeardOf(tx, connectionId),
    };
  });
}

async function filtersOf(tx: Tx, connectionId: string): Promise<string[]> {
  const rows = await tx.selectDistinct({ filter: hookRegistrations.filter }).from(hookRegistrations).where(eq(hookRegistrations.connectionId, connectionId));
  return rows.map(({ filter }) => filter);
}

const heardMax = 5_000;

/**
 * An admin's webhook may be limited by a query that only Jira knows. So that asking brings nothing that the webhook was meant to leave out,
 * it is asked for the projects that webhooks have told of lately; before any has, for all.
 */
async function projectsHeardOf(tx: Tx, connectionId: string): Promise<string[] | null> {
  const lately = tx
    .select({ projectId: sql<string | null>`${inboundWebhooks.facts} -> 'project' ->> 'id'`.as("project_id") })
    .from(inboundWebhooks)
    .where(and(eq(inboundWebhooks.connectionId, connectionId), inArray(inboundWebhooks.proof, ["hmac", "jwt", "unsigned"])))
    .orderBy(desc(inboundWebhooks.id))
    .limit(heardMax)
    .as("lately");
  const rows = await tx.selectDistinct({ projectId: lately.projectId }).from(lately);
  const ids = rows.flatMap(({ projectId }) => projectId || []);
  return ids.length > 0 ? ids : null;
}

export type Asked = { next: string | null; fed: number } | { later: "unavailable" | "rate-limited" | "refused"; retryAfterSeconds: number | null };

/** One page: what is news in it goes the road of webhooks. Asked again, it changes nothing. */
export async function reconcilePage(tenant: Tenant, { connectionId, since, filters, projectIds }: Reconciliation, after: string | null): Promise<Asked> {
  const place = await placeOf(tenant, connectionId);
  const ask = place && pluginOf(place.plugin)?.changesSince;
  if (!ask) return { next: null, fed: 0 };
  const page = await ask(tenant, place, { since: new Date(since), filters, after });
  if ("later" in page) {
    log.warn("a reconciliation is put off", { connectionId, why: page.later, detail: page.detail });
    return { later: page.later, retryAfterSeconds: page.retryAfterSeconds };
  }
  const wanted = page.changes.filter(({ projectId }) => projectIds === null || (projectId !== null && projectIds.includes(projectId)));
  return { next: page.after, fed: await feed(tenant, connectionId, wanted) };
}

/** Everything was asked for. A gap that began meanwhile stays: it is asked for next. */
export async function endReconciliation(tenant: Tenant, { connectionId, startedAt }: Reconciliation): Promise<void> {
  await inTenant(tenant, (tx) =>
    tx
      .update(pluginConnections)
      .set({
        reconciledAt: sql`greatest(${pluginConnections.reconciledAt}, ${startedAt}::timestamptz)`,
        gapSince: sql`case when ${pluginConnections.gapSince} < ${startedAt}::timestamptz then null else ${pluginConnections.gapSince} end`,
      })
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId))),
  );
}

async function placeOf(tenant: Tenant, connectionId: string): Promise<(AskedPlace & { plugin: string }) | null> {
  const [found] = await inTenant(tenant, (tx) =>
    tx
      .select({ plugin: pluginConnections.plugin, credentialId: pluginConnections.credentialId, metadata: pluginConnections.metadata })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId))),
  );
  return found?.credentialId ? { ...found, credentialId: found.credentialId } : null;
}
