import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { pluginConnections } from "../connections/tables";
import { hookRegistrations } from "../hooks/tables";
import { feed } from "../ingest/commands";
import { jiraIssues } from "../issues/tables";
import type { AskedPlace } from "../plugin";
import { pluginOf } from "../registry";
import { wantsAsking } from "./queries";
import { askFrom } from "./rules";

/** One reconciliation, as it was begun; each page of it may be asked by another process. */
export const reconciliation = z.object({
  connectionId: z.string(),
  since: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  /** What the connection's own webhooks are limited to. */
  filters: z.array(z.string()),
  /** Projects that its webhooks have told of, where they are not ours and their limits therefore unknown; null: no limit is known. */
  projectIds: z.array(z.string()).nullable(),
});
export type Reconciliation = z.output<typeof reconciliation>;

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

/**
 * An admin's webhook may be limited by a query that only Jira knows. So that asking brings nothing that the webhook was meant to leave out,
 * it is asked for the projects of issues that webhooks in the log have told of, however much others were told of since; before any has,
 * for all. One look into an index for each issue that is known.
 */
async function projectsHeardOf(tx: Tx, connectionId: string): Promise<string[] | null> {
  const rows = await tx
    .selectDistinct({ projectId: jiraIssues.projectId })
    .from(jiraIssues)
    .where(
      and(
        eq(jiraIssues.connectionId, connectionId),
        sql`exists (select 1 from inbound_webhooks where connection_id = ${connectionId} and entity = 'issue:' || ${jiraIssues.issueId} and proof <> 'asked')`,
      ),
    );
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
