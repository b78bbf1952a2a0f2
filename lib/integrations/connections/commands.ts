import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { clearOnCommit } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { append, appendAll } from "@/lib/platform/outbox/outbox";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { dropUnused, lockGrants } from "../credentials/commands";
import { sitesOf } from "../credentials/queries";
import { oauthCredentials } from "../credentials/tables";
import { connectionEstablished, gapFound, webhookReceived } from "../events";
import { makeSecrets } from "../hooks/secrets/commands";
import { forgetTrust } from "../ingest/trust/queries";
import { mayManageIntegrations } from "../policy";
import { connectSitesInput, createGenericConnectionInput, type ConnectSitesInput, type CreateGenericConnectionInput } from "./inputs";
import { connectionsTag } from "./queries";
import { chosenSites, siteTaken, type Site } from "./rules";
import { pluginConnections } from "./tables";

export interface SitesConnected {
  connections: { id: string; cloudId: string; name: string; moved: boolean }[];
  /** Those that another organization has. */
  taken: string[];
}

/**
 * Makes connections of sites that a grant reaches; one that the organization has already moves to this grant, with everything that hangs
 * on it. What the sites are is asked of Atlassian, never believed of the form.
 * @throws Refused FORBIDDEN, NOT_FOUND (no such grant of the member's), INVALID (a site that it does not reach), SITE_TAKEN when all of them are
 *   another organization's, and what asking Atlassian throws.
 */
export async function connectSites(member: Member, input: ConnectSitesInput): Promise<SitesConnected> {
  mustManage(member);
  const { credentialId, cloudIds } = parseInput(connectSitesInput, input);
  await inTenant(member, (tx) => mustHaveGrant(tx, member, credentialId));
  const sites = chosenSites(await sitesOf(member, credentialId), cloudIds);
  const outcome = await inTenant(member, async (tx) => {
    // Locked, so that nobody removes it as unused before its connections hang on it.
    await mustHaveGrant(tx, member, credentialId);
    await clearOnCommit(tx, connectionsTag(member));
    const made = await insertSites(tx, member, credentialId, sites);
    const moved = await moveSites(tx, member, credentialId, sites.filter((site) => !made.some(({ cloudId }) => cloudId === site.cloudId)));
    const connections = [...made.map((one) => ({ ...one, moved: false })), ...moved.map((one) => ({ ...one, moved: true }))];
    const taken = sites.filter((site) => !connections.some(({ cloudId }) => cloudId === site.cloudId));
    return { connections, taken: taken.map(({ name }) => name) };
  });
  if (outcome.connections.length === 0) throw siteTaken(outcome.taken);
  return outcome;
}

async function mustHaveGrant(tx: Tx, member: Member, credentialId: string): Promise<void> {
  const [found] = await tx
    .select({ id: oauthCredentials.id })
    .from(oauthCredentials)
    // Consent was given by a person for what they do; a colleague asks for their own.
    .where(and(eq(oauthCredentials.organizationId, member.organizationId), eq(oauthCredentials.id, credentialId), eq(oauthCredentials.memberId, member.id)))
    .for("share");
  if (!found) throw new Refused("NOT_FOUND");
}

type Linked = { id: string; cloudId: string; name: string };

/** The unique key decides whose a site is; rows of another organization stop the insert without being seen. */
async function insertSites(tx: Tx, member: Member, credentialId: string, sites: Site[]): Promise<Linked[]> {
  const now = clock.now();
  const rows = await tx
    .insert(pluginConnections)
    .values(
      sites.map((site) => ({
        id: newId("connection"),
        organizationId: member.organizationId,
        plugin: "jira",
        externalId: site.cloudId,
        name: site.name,
        metadata: metadataOf(site),
        credentialId,
        // What happened before is none of its business.
        seenUntil: now,
        connectedBy: member.id,
        createdAt: now,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: pluginConnections.id, cloudId: pluginConnections.externalId, name: pluginConnections.name });
  const made = rows.map(linked);
  await makeSecrets(tx, member, made.map(({ id }) => ({ id, plugin: "jira" })));
  await establish(tx, member, "jira", made);
  return made;
}

async function moveSites(tx: Tx, member: Member, credentialId: string, sites: Site[]): Promise<Linked[]> {
  if (sites.length === 0) return [];
  const areTheirs = and(eq(pluginConnections.organizationId, member.organizationId), inArray(pluginConnections.externalId, sites.map(({ cloudId }) => cloudId)), isNull(pluginConnections.disconnectedAt));
  const seen = await tx.select({ credentialId: pluginConnections.credentialId }).from(pluginConnections).where(areTheirs);
  await lockGrants(tx, member, seen.flatMap((row) => (row.credentialId && row.credentialId !== credentialId ? [row.credentialId] : [])));
  const before = await tx.select({ credentialId: pluginConnections.credentialId }).from(pluginConnections).where(areTheirs).for("update");
  const wanted = JSON.stringify(sites.map((site) => ({ cloud_id: site.cloudId, name: site.name, metadata: metadataOf(site) })));
  const rows = await tx
    .update(pluginConnections)
    .set({
      credentialId,
      name: sql`wanted.name`,
      metadata: sql`wanted.metadata`,
      // Since the grant before it broke, nobody could ask, and what it had registered may have lapsed.
      gapSince: sql`least(${pluginConnections.gapSince}, (select broken_at from oauth_credentials before where before.id = ${pluginConnections.credentialId}))`,
    })
    .from(sql`jsonb_to_recordset(${wanted}::jsonb) as wanted(cloud_id text, name text, metadata jsonb)`)
    .where(
      and(
        eq(pluginConnections.organizationId, member.organizationId),
        eq(pluginConnections.plugin, "jira"),
        sql`${pluginConnections.externalId} = wanted.cloud_id`,
        isNull(pluginConnections.disconnectedAt),
      ),
    )
    .returning({ id: pluginConnections.id, cloudId: pluginConnections.externalId, name: pluginConnections.name, gapSince: pluginConnections.gapSince });
  await audit(tx, member, rows.map(({ id, name }) => ({ action: "connection.reconnected" as const, subject: name, detail: { connectionId: id } })));
  await appendAll(tx, member, gapFound, rows.flatMap(({ id, gapSince }) => (gapSince ? [{ connectionId: id, since: gapSince.toISOString() }] : [])));
  await dropUnused(tx, member, before.flatMap((row) => (row.credentialId ? [row.credentialId] : [])));
  return rows.map(linked);
}

const metadataOf = (site: Site) => ({ cloudId: site.cloudId, siteUrl: site.url, ...(site.avatarUrl ? { avatarUrl: site.avatarUrl } : {}) });
const linked = ({ id, cloudId, name }: { id: string; cloudId: string | null; name: string }): Linked => ({ id, cloudId: cloudId ?? "", name });

/** A sender of signed webhooks that no plugin of its own knows. @throws Refused FORBIDDEN. */
export async function createGenericConnection(member: Member, input: CreateGenericConnectionInput): Promise<{ connectionId: string }> {
  mustManage(member);
  const { name } = parseInput(createGenericConnectionInput, input);
  const id = newId("connection");
  await inTenant(member, async (tx) => {
    await tx.insert(pluginConnections).values({
      id,
      organizationId: member.organizationId,
      plugin: "generic",
      name,
      metadata: {},
      connectedBy: member.id,
      createdAt: clock.now(),
    });
    await makeSecrets(tx, member, [{ id, plugin: "generic" }]);
    await establish(tx, member, "generic", [{ id, name }]);
  });
  return { connectionId: id };
}

async function establish(tx: Tx, member: Member, plugin: string, connections: { id: string; name: string }[]): Promise<void> {
  const actor = { memberId: member.id, name: member.name };
  await appendAll(tx, member, connectionEstablished, connections.map(({ id, name }) => ({ actor, connection: { id, plugin, name } })));
  await audit(tx, member, connections.map(({ id, name }) => ({ action: "connection.established" as const, subject: name, detail: { connectionId: id, plugin } })));
}

/** From now on what comes is kept and not read. Nothing changes when it is paused already. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function pauseConnection(member: Member, connectionId: string): Promise<void> {
  mustManage(member);
  await inTenant(member, async (tx) => {
    const connection = await lockConnection(tx, member, connectionId);
    if (connection.pausedAt) return;
    await tx.update(pluginConnections).set({ pausedAt: clock.now() }).where(eq(pluginConnections.id, connection.id));
    await audit(tx, member, [{ action: "connection.paused", subject: connection.name, detail: { connectionId } }]);
  });
}

/** What was kept is read, in order; what never came meanwhile is asked for. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function resumeConnection(member: Member, connectionId: string): Promise<void> {
  mustManage(member);
  await inTenant(member, async (tx) => {
    await lockConnection(tx, member, connectionId);
    const [resumed] = await tx
      .update(pluginConnections)
      .set({
        pausedAt: null,
        gapSince: sql`case when ${pluginConnections.externalId} is null then ${pluginConnections.gapSince} else least(${pluginConnections.gapSince}, ${pluginConnections.pausedAt}) end`,
      })
      .where(and(eq(pluginConnections.id, connectionId), isNotNull(pluginConnections.pausedAt)))
      .returning({ name: pluginConnections.name, gapSince: pluginConnections.gapSince });
    if (!resumed) return;
    await append(tx, member, webhookReceived, { connectionId });
    if (resumed.gapSince) await append(tx, member, gapFound, { connectionId, since: resumed.gapSince.toISOString() });
    await audit(tx, member, [{ action: "connection.resumed", subject: resumed.name, detail: { connectionId } }]);
  });
}

/** Whether deliveries that prove nothing are taken: anybody who knows the address could then write. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function setUnsigned(member: Member, connectionId: string, allowed: boolean): Promise<void> {
  mustManage(member);
  await inTenant(member, async (tx) => {
    const connection = await lockConnection(tx, member, connectionId);
    if (connection.allowsUnsigned === allowed) return;
    await tx.update(pluginConnections).set({ allowsUnsigned: allowed }).where(eq(pluginConnections.id, connection.id));
    await forgetTrust(tx, connection.id);
    await audit(tx, member, [{ action: "connection.changed", subject: connection.name, detail: { connectionId, allowsUnsigned: allowed } }]);
  });
}

function mustManage(member: Member): void {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
}

async function lockConnection(tx: Tx, member: Member, connectionId: string) {
  const [connection] = await tx
    .select({ id: pluginConnections.id, name: pluginConnections.name, pausedAt: pluginConnections.pausedAt, allowsUnsigned: pluginConnections.allowsUnsigned })
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId), isNull(pluginConnections.disconnectedAt)))
    .for("update");
  if (!connection) throw new Refused("NOT_FOUND");
  return connection;
}
