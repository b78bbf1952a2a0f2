import { randomBytes, randomUUID } from "node:crypto";
import type { Engine } from "../engine";
import type { AccessToken, Grant, RefreshToken, Site } from "../world/entities";

export const inactivityMs = 90 * 24 * 3_600_000;

export const knownScopes: Record<string, string> = {
  "read:jira-work": "View issues, projects, comments and worklogs",
  "write:jira-work": "Create and change issues, comments and worklogs",
  "read:jira-user": "View people's profiles",
  "manage:jira-webhook": "Register and manage its own webhooks",
  "manage:jira-project": "Manage projects",
  "manage:jira-configuration": "Manage Jira's settings",
  "read:me": "View your own profile",
  "read:account": "View your account",
  "read:confluence-content.all": "View Confluence content",
  "offline_access": "Keep access while you are away",
};

export const grantOf = (engine: Engine, clientId: string, accountId: string): Grant | null =>
  engine.store.all("grants").find((grant) => grant.clientId === clientId && grant.accountId === accountId && !grant.revoked) ?? null;

/** "Only one grant exists per app for a given Atlassian account": consenting again adds sites, and the scopes of the new consent hold. */
export function consent(engine: Engine, clientId: string, accountId: string, siteIds: string[], scopes: string[]): Grant {
  const before = grantOf(engine, clientId, accountId);
  const grant: Grant = {
    id: before?.id ?? randomUUID(),
    clientId,
    accountId,
    siteIds: [...new Set([...(before?.siteIds ?? []), ...siteIds])],
    scopes,
    revoked: false,
  };
  engine.store.put("grants", grant);
  return grant;
}

/** The person removed the application from their connected apps, or changed the password: nothing of it works any more. */
export function revoke(engine: Engine, grant: Grant): void {
  const { store } = engine;
  store.put("grants", { ...grant, revoked: true });
  for (const token of store.all("accessTokens")) if (token.grantId === grant.id) store.remove("accessTokens", token.id);
  for (const token of store.all("refreshTokens")) if (token.grantId === grant.id) store.put("refreshTokens", { ...token, revoked: true });
  for (const hook of store.all("hooks")) {
    if (hook.kind === "dynamic" && hook.clientId === grant.clientId && hook.accountId === grant.accountId) store.remove("hooks", hook.id);
  }
}

/** An admin uninstalled the application from a site: no grant reaches it any more. */
export function uninstall(engine: Engine, clientId: string, site: Site): void {
  for (const grant of engine.store.all("grants")) {
    if (grant.clientId === clientId) engine.store.put("grants", { ...grant, siteIds: grant.siteIds.filter((id) => id !== site.id) });
  }
  for (const hook of engine.store.all("hooks")) {
    if (hook.kind === "dynamic" && hook.clientId === clientId && hook.siteId === site.id) engine.store.remove("hooks", hook.id);
  }
}

export interface Tokens {
  access: AccessToken;
  refresh: RefreshToken | null;
}

/** A new pair; one of the same family when it takes another's place. */
export function issueTokens(engine: Engine, grant: Grant, familyId: string = randomUUID()): Tokens {
  const { store, clock } = engine;
  const access: AccessToken = {
    id: tokenLike({ sub: grant.accountId, scope: grant.scopes.join(" "), jti: randomUUID() }, 1_100),
    grantId: grant.id,
    scopes: grant.scopes,
    expiresAt: clock.life() + store.settings().accessTokenSeconds * 1_000,
  };
  store.put("accessTokens", access);
  forgetOld(engine);
  if (!grant.scopes.includes("offline_access")) return { access, refresh: null };
  const refresh: RefreshToken = {
    id: tokenLike({ jti: randomUUID() }, 300),
    grantId: grant.id,
    familyId,
    expiresAt: clock.life() + inactivityMs,
    rotatedAt: null,
    revoked: false,
  };
  store.put("refreshTokens", refresh);
  return { access, refresh };
}

/** Looks like Atlassian's and is as long, so that a column too short for it shows here first. Nobody may read anything from it. */
function tokenLike(claims: Record<string, string>, bytes: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ typ: "JWT", kid: "local", alg: "RS256" })}.${part(claims)}.${randomBytes(bytes * 0.75).toString("base64url")}`;
}

const longForgottenMs = 24 * 3_600_000;

/** An expired token is told from an unknown one for a day. */
function forgetOld({ store, clock }: Engine): void {
  for (const token of store.all("accessTokens")) if (token.expiresAt < clock.life() - longForgottenMs) store.remove("accessTokens", token.id);
}
