import { randomBytes } from "node:crypto";
import { and, eq, gt, inArray, isNull, lt } from "drizzle-orm";
import { safeReturnTo } from "@/lib/platform/auth/return-to";
import type { SignedIn } from "@/lib/platform/auth/session";
import { hashSecret } from "@/lib/platform/auth/token-hash";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { limitRate } from "@/lib/platform/rate-limit";
import { memberById, type Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { members } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import { keepGrant, rehang } from "../credentials/commands";
import { oauthCredentials } from "../credentials/tables";
import { linkPerson } from "../people/commands";
import { mayManageIntegrations } from "../policy";
import type { BeginGrantInput, GrantProblem } from "./inputs";
import type { Account, GrantProvider, Outage, Site, TokenPair, TokenRefusal } from "./provider";
import { homeOf, problemOfError, problemPath, stateLifeMs, unionOfScopes, withQuery } from "./rules";
import { oauthStates } from "./tables";

export { grantProvider } from "./providers";

type Flow = typeof oauthStates.$inferSelect;

/** Ends a flow with what its page is to say. Thrown inside the transaction, so that nothing of the flow is kept. */
class Problem extends Error {
  constructor(readonly code: GrantProblem) {
    super(code);
  }
}

const sessionHashOf = ({ sessionId }: SignedIn) => hashSecret(sessionId);
const beginsPerHour = 60;

/** Where to send somebody who wants to consent: to the provider, or to where it is explained why not. */
export async function beginGrant(provider: GrantProvider, session: SignedIn, member: Member, input: BeginGrantInput): Promise<string> {
  const connectionId = input.purpose === "reconnect" && isId("connection", input.connection) ? input.connection : null;
  const returnTo = homeOf({ slug: member.organizationSlug, purpose: input.purpose, connectionId, wished: safeReturnTo(input.return) });
  return explained(returnTo, async () => {
    if (!provider.isSetUp()) throw new Problem("not-set-up");
    mustBeAllowed(member, input);
    await limitRate(`oauth:${member.userId}`, beginsPerHour, 3600);
    const state = randomBytes(32).toString("base64url");
    await inTenant(member, async (tx) => {
      if (input.purpose === "reconnect") await connectionToMend(tx, member, provider.plugin, connectionId);
      await tx.insert(oauthStates).values({
        stateHash: hashSecret(state),
        organizationId: member.organizationId,
        plugin: provider.plugin,
        memberId: member.id,
        sessionHash: sessionHashOf(session),
        purpose: input.purpose,
        connectionId,
        returnTo,
        expiresAt: new Date(clock.nowMs() + stateLifeMs),
        createdAt: clock.now(),
      });
    });
    const scopes = unionOfScopes(provider.scopesFor(input.purpose), await scopesCarried(provider.plugin, member));
    return provider.authorizeUrl({ state, scopes });
  });
}

/**
 * What the person's grants carry already, in whichever organization: which account they will consent with is known only afterwards, and
 * an account has one grant.
 */
async function scopesCarried(plugin: string, { userId }: Member): Promise<string[]> {
  const grants = await asSystem("grants", (tx) =>
    tx
      .select({ scopes: oauthCredentials.scopes })
      .from(oauthCredentials)
      .innerJoin(members, eq(members.id, oauthCredentials.memberId))
      .where(and(eq(oauthCredentials.plugin, plugin), eq(members.userId, userId), isNull(oauthCredentials.brokenAt))),
  );
  return grants.flatMap(({ scopes }) => scopes);
}

/** What the provider sends somebody back with. */
export interface Answer {
  state: string | null;
  code: string | null;
  error: string | null;
}

/** Takes what somebody came back with, once. @returns where to send them, with `?problem=` when nothing came of it. Never throws. */
export async function finishGrant(provider: GrantProvider, session: SignedIn | null, answer: Answer): Promise<string> {
  return explained(problemPath(provider.plugin, "unexpected"), async (home) => {
    if (!session) throw new Problem("signed-out");
    const flow = await consumeState(provider.plugin, session, answer.state, home);
    const member = await memberById(systemTenant(flow.organizationId), flow.memberId);
    if (member?.userId !== session.user.id) throw new Problem("organization");
    home(flow.returnTo);
    // They may have lost the right while they were away.
    mustBeAllowed(member, flow);
    if (answer.error !== null) throw new Problem(problemOfError(answer.error));
    if (!answer.code) throw new Problem("no-code");
    return accept(provider, member, flow, answer.code);
  });
}

/** Turns a problem into the page that says it, and anything unforeseen into one that says that. */
async function explained(start: string, work: (home: (path: string) => void) => Promise<string>): Promise<string> {
  let page = start;
  try {
    return await work((path) => {
      page = path;
    });
  } catch (error) {
    return withQuery(page, "problem", codeOf(error));
  }
}

function codeOf(error: unknown): GrantProblem {
  if (error instanceof Problem) return error.code;
  if (error instanceof Refused && error.code === "TOO_MANY_REQUESTS") return "too-many";
  log.error("a consent came to nothing", { error });
  return "unexpected";
}

function mustBeAllowed(member: Member, { purpose }: { purpose: Flow["purpose"] }): void {
  if (purpose !== "link" && !mayManageIntegrations(member)) throw new Problem("permission");
}

/** Used up by the session that began it and by no other, so that nobody can spoil somebody else's flow. */
async function consumeState(plugin: string, session: SignedIn, state: string | null, home: (path: string) => void): Promise<Flow> {
  if (!state || state.length > 200) throw new Problem("state");
  const now = clock.now();
  return asSystem("grants", async (tx) => {
    const isState = and(eq(oauthStates.stateHash, hashSecret(state)), eq(oauthStates.plugin, plugin));
    const isMine = eq(oauthStates.sessionHash, sessionHashOf(session));
    const [flow] = await tx.update(oauthStates).set({ usedAt: now }).where(and(isState, isMine, isNull(oauthStates.usedAt), gt(oauthStates.expiresAt, now))).returning();
    if (flow) return flow;
    const [known] = await tx.select().from(oauthStates).where(isState);
    if (!known) throw new Problem("state");
    if (known.sessionHash !== sessionHashOf(session)) throw new Problem("session");
    home(known.returnTo);
    throw new Problem(known.usedAt ? "used" : "expired");
  });
}

async function accept(provider: GrantProvider, member: Member, flow: Flow, code: string): Promise<string> {
  const pair = heard(await provider.exchange(code), "exchange");
  const { sites } = heard(await provider.sites(pair.accessToken), "exchange");
  if (sites.length === 0) throw new Problem("no-sites");
  const { account } = heard(await provider.whoIs(pair.accessToken, sites), "exchange");
  const credentialId = await inTenant(member, (tx) => keep(tx, member, flow, { pair, sites, account }));
  return flow.purpose === "connect" ? `/${member.organizationSlug}/settings/integrations/sites?credential=${credentialId}` : flow.returnTo;
}

function heard<T extends object>(answer: T, problem: GrantProblem): Exclude<T, TokenRefusal | Outage> {
  if ("away" in answer) {
    log.warn("a consent could not be taken", { reason: answer.away });
    throw new Problem("unavailable");
  }
  if ("refused" in answer) {
    log.warn("a consent was refused", { reason: answer.refused });
    throw new Problem(problem);
  }
  return answer as Exclude<T, TokenRefusal | Outage>;
}

async function keep(tx: Tx, member: Member, flow: Flow, { pair, sites, account }: { pair: TokenPair; sites: Site[]; account: Account }): Promise<string> {
  const reaches = ({ externalId }: { externalId: string | null }) => sites.some(({ cloudId }) => cloudId === externalId);
  const grant = await keepGrant(tx, member, flow.plugin, account, pair);
  const linked = await linkPerson(tx, member, flow.plugin, grant, { replacing: flow.purpose === "link" });
  if (flow.purpose === "link") {
    if (!linked) throw new Problem("account-taken");
    const places = await tx.select({ externalId: pluginConnections.externalId }).from(pluginConnections).where(isLive(member, flow.plugin));
    if (places.length > 0 && !places.some(reaches)) throw new Problem("other-site");
  }
  if (flow.purpose === "reconnect") {
    const connection = await connectionToMend(tx, member, flow.plugin, flow.connectionId);
    if (!reaches(connection)) throw new Problem("account");
    await rehang(tx, member, connection.id, grant.id);
    await audit(tx, member, [{ action: "connection.reconnected", subject: connection.name, detail: { connectionId: connection.id, account: account.name } }]);
  }
  return grant.id;
}

const isLive = (tenant: Tenant, plugin: string) =>
  and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.plugin, plugin), isNull(pluginConnections.disconnectedAt));

async function connectionToMend(tx: Tx, tenant: Tenant, plugin: string, connectionId: string | null) {
  const [connection] = connectionId
    ? await tx
        .select({ id: pluginConnections.id, name: pluginConnections.name, externalId: pluginConnections.externalId })
        .from(pluginConnections)
        .where(and(isLive(tenant, plugin), eq(pluginConnections.id, connectionId)))
    : [];
  if (!connection) throw new Problem("connection");
  return connection;
}

const kept = 1000;

/** A used or expired state says why it is no good for a day; after that it is as unknown as any other. */
export async function forgetStates(): Promise<number> {
  const before = new Date(clock.nowMs() - 24 * 3_600_000);
  return asSystem("grants", async (tx) => {
    const old = tx.select({ stateHash: oauthStates.stateHash }).from(oauthStates).where(lt(oauthStates.expiresAt, before)).limit(kept);
    return (await tx.delete(oauthStates).where(inArray(oauthStates.stateHash, old))).count;
  });
}
