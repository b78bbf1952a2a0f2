import { and, asc, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { append, appendAll } from "@/lib/platform/outbox/outbox";
import { open, seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import { accountUnlinked, connectionBroken, gapFound } from "../events";
import type { Account, TokenPair } from "../grants/provider";
import { providerOf } from "../grants/providers";
import { pluginPeople } from "../people/tables";
import { mayManageIntegrations } from "../policy";
import { coolDownMs, credentialContext, refreshUnderWay } from "./rules";
import { oauthCredentials } from "./tables";

type Credential = typeof oauthCredentials.$inferSelect;

const isIt = (tenant: Tenant, id: string) => and(eq(oauthCredentials.organizationId, tenant.organizationId), eq(oauthCredentials.id, id));

/** A token as its users get it. */
export interface AccessToken {
  token: string;
  /** To be named when the token is refused. */
  version: number;
  accountId: string;
  refreshedAt: Date;
  expiresAt: Date;
}

/**
 * The credential as it stands, or null. Reading it takes no lock: whoever finds that it has to be renewed asks `renew`.
 */
export async function readCredential(tenant: Tenant, credentialId: string): Promise<Credential | null> {
  if (!isId("credential", credentialId)) return null;
  return inTenant(tenant, async (tx) => (await tx.select().from(oauthCredentials).where(isIt(tenant, credentialId)))[0] ?? null);
}

export const tokenOf = (credential: Credential): AccessToken => ({
  token: open(credential.accessToken, credentialContext(credential.id)),
  version: credential.version,
  accountId: credential.accountId,
  refreshedAt: credential.refreshedAt,
  expiresAt: credential.expiresAt,
});

/** Renewals under way in this process, so that fifty callers wait on one connection to the database. What decides is the row's lock. */
const underWay = new Map<string, Promise<Credential>>();

/**
 * Each renewal holds a connection to the database while the provider thinks. When the tokens of many end together, and it is slow, they
 * must not take all that this process has: the others wait for their turn here, where they hold nothing.
 */
const atOnceMax = 5;
let taken = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (taken >= atOnceMax) await new Promise<void>((go) => waiting.push(go));
  else taken += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    // Whoever comes next takes the place over, so that nobody slips in between.
    if (next) next();
    else taken -= 1;
  }
}

/**
 * Has the pair after `seen` fetched, by us or by whoever is at it already, and gives the credential as it stands then: with a newer
 * version; or with the same one when it may not be asked for now, or could not be had.
 */
export async function renew(tenant: Tenant, seen: Credential): Promise<Credential> {
  const key = `${seen.id}:${seen.version}`;
  const known = underWay.get(key);
  if (known) return known;
  const renewal = inTurn(() => fetchPair(tenant, seen)).finally(() => underWay.delete(key));
  underWay.set(key, renewal);
  return renewal;
}

async function fetchPair(tenant: Tenant, seen: Credential): Promise<Credential> {
  if (!(await begin(tenant, seen))) return (await readCredential(tenant, seen.id)) ?? gone();
  return inTenant(tenant, async (tx) => {
    // Held over the request on purpose: a refresh token is good once, so nobody else may send it meanwhile.
    const [current] = await tx.select().from(oauthCredentials).where(isIt(tenant, seen.id)).for("update");
    if (!current) return gone();
    if (current.version !== seen.version || current.brokenAt || isCooling(current)) return current;
    const answer = await providerOf(current.plugin).refresh(open(current.refreshToken, credentialContext(current.id)));
    if ("accessToken" in answer) return writePair(tx, current, answer);
    if ("refused" in answer && answer.isFinal) return breakGrant(tx, tenant, current, answer.refused);
    const detail = "refused" in answer ? answer.refused : answer.away;
    log.warn("a token could not be refreshed", { credentialId: current.id, reason: detail });
    const retryAfter = new Date(clock.nowMs() + coolDownMs("away" in answer ? answer.retryAfterSeconds : null));
    return changed(await tx.update(oauthCredentials).set({ retryAfter, lastError: detail }).where(isIt(tenant, current.id)).returning());
  });
}

/**
 * Committed before the provider is asked, so that a death between its answer and our writing shows (`refreshUnderWay`). False when there
 * is nothing to begin: somebody else has renewed it, it is broken, or the provider wants to be left alone.
 */
async function begin(tenant: Tenant, seen: Credential): Promise<boolean> {
  if (seen.brokenAt || isCooling(seen)) return false;
  return inTenant(tenant, async (tx) => {
    // Waits for a refresh that is under way elsewhere, and then finds another version.
    const marked = await tx
      .update(oauthCredentials)
      .set({ lastError: refreshUnderWay })
      .where(and(isIt(tenant, seen.id), eq(oauthCredentials.version, seen.version), isNull(oauthCredentials.brokenAt), mayBeAsked()))
      .returning({ id: oauthCredentials.id });
    return marked.length > 0;
  });
}

const mayBeAsked = () => or(isNull(oauthCredentials.retryAfter), lte(oauthCredentials.retryAfter, clock.now()));
const isCooling = ({ retryAfter }: Credential) => retryAfter !== null && retryAfter.getTime() > clock.nowMs();

function gone(): never {
  throw new Refused("RECONNECT_NEEDED", { detail: "This grant was removed." });
}

function changed(rows: Credential[]): Credential {
  const [row] = rows;
  return row ?? gone();
}

async function writePair(tx: Tx, { id, version, scopes }: Credential, pair: TokenPair): Promise<Credential> {
  return changed(
    await tx
      .update(oauthCredentials)
      .set({ ...sealed(id, pair), scopes: pair.scopes.length > 0 ? pair.scopes : scopes, version: version + 1 })
      .where(eq(oauthCredentials.id, id))
      .returning(),
  );
}

function sealed(id: string, { accessToken, refreshToken, expiresInSeconds }: TokenPair) {
  const now = clock.now();
  return {
    accessToken: seal(accessToken, credentialContext(id)),
    refreshToken: seal(refreshToken, credentialContext(id)),
    expiresAt: new Date(now.getTime() + expiresInSeconds * 1000),
    refreshedAt: now,
    retryAfter: null,
    lastError: null,
    brokenAt: null,
    brokenReason: null,
  };
}

/**
 * The provider says that the grant is gone. Believed, because the row was read again under its lock: it is the newest refresh token that
 * was refused. Told once; whatever it carries may have missed something since the grant was last known to be good.
 */
async function breakGrant(tx: Tx, tenant: Tenant, current: Credential, reason: string): Promise<Credential> {
  const now = clock.now();
  const broken = changed(
    await tx.update(oauthCredentials).set({ brokenAt: now, brokenReason: reason, lastError: reason, retryAfter: null }).where(isIt(tenant, current.id)).returning(),
  );
  const connections = await tx
    .update(pluginConnections)
    .set({ gapSince: sql`coalesce(${pluginConnections.gapSince}, ${current.refreshedAt.toISOString()}::timestamptz)` })
    .where(carriedBy(tenant, current.id))
    .returning({ id: pluginConnections.id, plugin: pluginConnections.plugin, name: pluginConnections.name });
  const since = now.toISOString();
  await appendAll(tx, tenant, connectionBroken, connections.map((connection) => ({ connection, cause: "grant" as const, detail: reason, since })));
  const people = await tx
    .select({ memberId: pluginPeople.memberId, role: members.role })
    .from(pluginPeople)
    .innerJoin(members, eq(members.id, pluginPeople.memberId))
    .where(and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.credentialId, current.id)));
  // Whoever hears that the connection broke need not hear that their account did.
  const others = people.filter(({ role }) => connections.length === 0 || !mayManageIntegrations({ role }));
  await appendAll(tx, tenant, accountUnlinked, others.map(({ memberId }) => ({ memberId, plugin: current.plugin, accountName: current.accountName, detail: reason })));
  log.warn("a grant is gone", { credentialId: current.id, reason, connections: connections.length });
  return broken;
}

const carriedBy = (tenant: Tenant, credentialId: string) =>
  and(
    eq(pluginConnections.organizationId, tenant.organizationId),
    eq(pluginConnections.credentialId, credentialId),
    isNull(pluginConnections.disconnectedAt),
  );

/**
 * Keeps what somebody consented to. One account has one grant: consenting again replaces its tokens where they are, for everything that
 * hangs on it, and mends what was broken.
 */
export async function keepGrant(tx: Tx, member: Member, plugin: string, account: Account, pair: TokenPair): Promise<{ id: string; accountId: string; accountName: string }> {
  const owner = { memberId: member.id, accountName: account.name };
  const isAccount = and(
    eq(oauthCredentials.organizationId, member.organizationId),
    eq(oauthCredentials.plugin, plugin),
    eq(oauthCredentials.accountId, account.id),
  );
  const id = newId("credential");
  const made = await tx
    .insert(oauthCredentials)
    .values({ id, organizationId: member.organizationId, plugin, accountId: account.id, ...owner, ...sealed(id, pair), scopes: pair.scopes, createdAt: clock.now() })
    .onConflictDoNothing({ target: [oauthCredentials.organizationId, oauthCredentials.plugin, oauthCredentials.accountId] })
    .returning({ id: oauthCredentials.id });
  if (made.length > 0) return { id, accountId: account.id, accountName: account.name };
  const [known] = await tx.select().from(oauthCredentials).where(isAccount).for("update");
  // It was swept away between the two statements; the person consents once more.
  if (!known) throw new Refused("CONFLICT");
  await tx
    .update(oauthCredentials)
    .set({ ...owner, ...sealed(known.id, pair), scopes: pair.scopes, version: known.version + 1 })
    .where(eq(oauthCredentials.id, known.id));
  if (known.brokenAt) await findGaps(tx, member, known.id, known.brokenAt);
  return { id: known.id, accountId: account.id, accountName: account.name };
}

/** Asks what a mended grant's connections have missed. */
async function findGaps(tx: Tx, tenant: Tenant, credentialId: string, brokenAt: Date): Promise<void> {
  const connections = await tx.select({ id: pluginConnections.id, gapSince: pluginConnections.gapSince }).from(pluginConnections).where(carriedBy(tenant, credentialId));
  await appendAll(tx, tenant, gapFound, connections.map(({ id, gapSince }) => ({ connectionId: id, since: (gapSince ?? brokenAt).toISOString() })));
}

/**
 * To be called before connections that hang on these grants are locked, by whoever goes on to drop the grants: a refresh that finds one gone
 * holds them in this order, for as long as the provider thinks.
 */
export async function lockGrants(tx: Tx, tenant: Tenant, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const areThey = and(eq(oauthCredentials.organizationId, tenant.organizationId), inArray(oauthCredentials.id, ids));
  await tx.select({ id: oauthCredentials.id }).from(oauthCredentials).where(areThey).orderBy(asc(oauthCredentials.id)).for("update");
}

/** Hangs a connection on another grant, which reaches the same place. */
export async function rehang(tx: Tx, tenant: Tenant, connectionId: string, credentialId: string): Promise<void> {
  const isConnection = and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId));
  const [before] = await tx.select({ credentialId: pluginConnections.credentialId, gapSince: pluginConnections.gapSince }).from(pluginConnections).where(isConnection);
  if (!before || before.credentialId === credentialId) return;
  if (before.credentialId) await lockGrants(tx, tenant, [before.credentialId]);
  await tx.update(pluginConnections).set({ credentialId }).where(isConnection);
  if (before.gapSince) await append(tx, tenant, gapFound, { connectionId, since: before.gapSince.toISOString() });
  if (before.credentialId) await dropUnused(tx, tenant, [before.credentialId]);
}

/** Forgets grants on which nothing hangs any more: no connection, not even one that has yet to tidy up over there, and no person. */
export async function dropUnused(tx: Tx, tenant: Tenant, credentialIds: string[]): Promise<number> {
  if (credentialIds.length === 0) return 0;
  const { count } = await tx
    .delete(oauthCredentials)
    .where(and(eq(oauthCredentials.organizationId, tenant.organizationId), inArray(oauthCredentials.id, credentialIds), carriesNothing));
  return count;
}

export const carriesNothing = and(
  sql`not exists (select 1 from ${pluginConnections} where ${pluginConnections.credentialId} = ${oauthCredentials.id})`,
  sql`not exists (select 1 from ${pluginPeople} where ${pluginPeople.credentialId} = ${oauthCredentials.id})`,
);
