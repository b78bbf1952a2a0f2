import { and, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { append } from "@/lib/platform/outbox/outbox";
import { letGoOfGrant } from "../../connections/leaving/commands";
import { connectionOf, type Connection } from "../../connections/queries";
import { pluginConnections } from "../../connections/tables";
import { connectionBroken, gapFound } from "../../events";
import { forgetTrust } from "../../ingest/trust/queries";
import { jiraClient, JiraError } from "../../plugins/jira/client";
import { everyIssue } from "../../plugins/jira/hook-filter";
import { removeHooks, renewHooks, type RegisteredHook } from "../../plugins/jira/hooks";
import { registrationsOf, type HookRegistration } from "../queries";
import { clientOf, hooksThere, registerAt, type NewHook } from "../registering/commands";
import { alertWithinMs, lifetimeMs, renewWithinMs } from "../rules";
import { hookRegistrations } from "../tables";

export interface Upkeep {
  renewed: number;
  /** Made anew, because they were gone over there. */
  registered: number;
}

/**
 * Looks after the webhooks that a connection has at its site: renews those with less than 20 days left, makes anew what is gone there and
 * has asked for what it may have missed. A failure is noted, told once when it is about to matter, and thrown, to be tried again.
 * @throws JiraError, Refused.
 */
export async function lookAfterHooks(tenant: Tenant, connectionId: string): Promise<Upkeep> {
  const connection = await connectionOf(tenant, connectionId);
  if (!connection || connection.hookKind !== "dynamic") return { renewed: 0, registered: 0 };
  const known = await registrationsOf(tenant, connectionId);
  let gone = false;
  try {
    const client = clientOf(tenant, connection);
    const there = await hooksThere(client, connection, known.map(({ externalId }) => externalId));
    const lapsed = known.filter(({ externalId }) => !there.some(({ id }) => id === externalId));
    gone = lapsed.length > 0 || known.length === 0;
    const due = there.filter((hook) => known.some(({ externalId }) => externalId === hook.id) && isDue(hook));
    const until = due.length > 0 ? ((await renewHooks(client, due.map(({ id }) => id))) ?? new Date(clock.nowMs() + lifetimeMs)) : null;
    await noteRenewed(tenant, connectionId, there, due.map(({ id }) => id), until);
    const wanted = known.length === 0 ? [everyIssue] : lapsed.map(({ filter }) => filter);
    let registered = 0;
    for (const filter of new Set(wanted)) {
      const hook = await registerAt(client, connection, filter);
      if (await noteRegistered(tenant, connection, lapsed, hook)) registered += 1;
      else await removeHooks(client, [hook.externalId]);
    }
    return { renewed: due.length, registered };
  } catch (error) {
    await noteFailure(tenant, connection, error instanceof Error ? error.message : String(error), gone);
    throw error;
  }
}

const isDue = ({ expiresAt }: RegisteredHook) => expiresAt === null || expiresAt.getTime() - clock.nowMs() < renewWithinMs;

/** Jira's word on how long they live is taken for all of them; a failure of before is over. */
async function noteRenewed(tenant: Tenant, connectionId: string, there: RegisteredHook[], renewedIds: string[], until: Date | null): Promise<void> {
  const lives = JSON.stringify(there.map(({ id, expiresAt }) => ({ id, expires_at: renewedIds.includes(id) ? until : expiresAt, renewed: renewedIds.includes(id) })));
  await inTenant(tenant, (tx) =>
    tx
      .update(hookRegistrations)
      .set({
        expiresAt: sql`coalesce(there.expires_at, ${hookRegistrations.expiresAt})`,
        renewedAt: sql`case when there.renewed then ${clock.now().toISOString()}::timestamptz else ${hookRegistrations.renewedAt} end`,
        lastError: null,
        alertedAt: null,
      })
      .from(sql`jsonb_to_recordset(${lives}::jsonb) as there(id text, expires_at timestamptz, renewed boolean)`)
      .where(and(eq(hookRegistrations.connectionId, connectionId), sql`${hookRegistrations.externalId} = there.id`)),
  );
}

/**
 * The new one takes the place of those with its filter; since the last that was seen, something may have been missed. False when the
 * connection is over by now, takes another kind of webhook, or somebody else has done the same meanwhile: two webhooks would tell twice.
 */
async function noteRegistered(tenant: Tenant, connection: Connection, lapsed: HookRegistration[], hook: NewHook): Promise<boolean> {
  const replaced = lapsed.filter(({ filter }) => filter === hook.filter);
  const since = connection.seenUntil ?? replaced[0]?.renewedAt ?? replaced[0]?.createdAt ?? connection.createdAt;
  return inTenant(tenant, async (tx) => {
    const isIt = and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connection.id), isNull(pluginConnections.disconnectedAt));
    const [current] = await tx.select({ hookKind: pluginConnections.hookKind }).from(pluginConnections).where(isIt).for("no key update");
    if (current?.hookKind !== "dynamic") return false;
    const standing = await tx.select({ externalId: hookRegistrations.externalId }).from(hookRegistrations).where(eq(hookRegistrations.connectionId, connection.id));
    const isReplaced = replaced.length > 0 && !replaced.some(({ externalId }) => standing.some((one) => one.externalId === externalId));
    if (isReplaced || (replaced.length === 0 && standing.length > 0)) return false;
    const [gap] = await tx
      .update(pluginConnections)
      .set({ gapSince: sql`least(${pluginConnections.gapSince}, ${since.toISOString()}::timestamptz)` })
      .where(isIt)
      .returning({ since: pluginConnections.gapSince });
    if (replaced.length > 0) await tx.delete(hookRegistrations).where(and(eq(hookRegistrations.connectionId, connection.id), inArray(hookRegistrations.externalId, replaced.map(({ externalId }) => externalId))));
    await tx.insert(hookRegistrations).values({ organizationId: tenant.organizationId, connectionId: connection.id, ...hook, createdAt: clock.now() });
    await forgetTrust(tx, connection.id);
    if (gap?.since) await append(tx, tenant, gapFound, { connectionId: connection.id, since: gap.since.toISOString() });
    return true;
  });
}

/** Somebody hears of it once, when it is gone or has a week left at most; a renewal that succeeds lets it be told again. */
async function noteFailure(tenant: Tenant, { id, plugin, name }: Connection, detail: string, gone: boolean): Promise<void> {
  const now = clock.now();
  await inTenant(tenant, async (tx) => {
    await tx.update(hookRegistrations).set({ lastError: detail.slice(0, 500) }).where(eq(hookRegistrations.connectionId, id));
    const matters = gone ? undefined : lt(hookRegistrations.expiresAt, new Date(now.getTime() + alertWithinMs));
    const alerted = await tx
      .update(hookRegistrations)
      .set({ alertedAt: now })
      .where(and(eq(hookRegistrations.connectionId, id), isNull(hookRegistrations.alertedAt), matters))
      .returning({ id: hookRegistrations.externalId });
    if (alerted.length > 0) await append(tx, tenant, connectionBroken, { connection: { id, plugin, name }, cause: "hook", detail, since: now.toISOString() });
  });
}

/**
 * Removes over there what a connection registered and no longer needs, and then lets go of its grant when the connection is over. While
 * Jira is away it throws, to be tried again; where Jira will not let us, the webhooks are left to lapse by themselves.
 * @throws JiraError
 */
export async function removeAbandonedHooks(tenant: Tenant, connectionId: string): Promise<{ removed: number }> {
  // Before the kind: what is registered after this look, because somebody changes back, is not what was left behind.
  const hooks = await registrationsOf(tenant, connectionId);
  const connection = await inTenant(tenant, async (tx) => {
    const [row] = await tx
      .select({ credentialId: pluginConnections.credentialId, externalId: pluginConnections.externalId, hookKind: pluginConnections.hookKind, disconnectedAt: pluginConnections.disconnectedAt })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId)));
    return row;
  });
  if (!connection || (connection.disconnectedAt === null && connection.hookKind === "dynamic")) return { removed: 0 };
  if (connection.credentialId && connection.externalId) await removeThere(tenant, { credentialId: connection.credentialId, cloudId: connection.externalId }, hooks);
  const ids = hooks.map(({ externalId }) => externalId);
  await inTenant(tenant, async (tx) => {
    if (ids.length > 0) await tx.delete(hookRegistrations).where(and(eq(hookRegistrations.connectionId, connectionId), inArray(hookRegistrations.externalId, ids)));
    await letGoOfGrant(tx, tenant, connectionId);
  });
  return { removed: ids.length };
}

async function removeThere(tenant: Tenant, place: { credentialId: string; cloudId: string }, hooks: HookRegistration[]): Promise<void> {
  const alive = hooks.filter(({ expiresAt }) => expiresAt > clock.now());
  try {
    await removeHooks(jiraClient(tenant, place), alive.map(({ externalId }) => externalId));
  } catch (error) {
    if (!(error instanceof JiraError) && !(error instanceof Refused)) throw error;
    if (error instanceof JiraError && (error.kind === "unavailable" || error.kind === "rate-limited")) throw error;
    log.warn("webhooks stay at the site until they lapse", { ...place, hooks: alive.length, reason: error.message });
  }
}
