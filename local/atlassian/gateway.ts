import { sitesOf, siteUrl } from "./oauth/authorize";
import type { Engine } from "./engine";
import { Answer, isRecord, parseJson, type Exchange } from "./http";
import { refuse, type Call } from "./rest/call";
import { findEndpoint, run } from "./rest/router";
import type { Account, Client, Grant, Site } from "./world/entities";

/** api.atlassian.com: proves the token, finds the site, counts the points, and hands the call to Jira. */

interface Bearer {
  grant: Grant;
  account: Account;
  client: Client;
  scopes: readonly string[];
}

const gatewayError = (code: number, message: string): Answer => new Answer(code, { code, message });

const unauthorized = (): Answer => gatewayError(401, "Unauthorized");

function bearerOf(engine: Engine, authorization: string | undefined): Bearer {
  const { store, clock } = engine;
  const id = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const token = store.get("accessTokens", id);
  const grant = token && store.get("grants", token.grantId);
  const account = grant && store.get("accounts", grant.accountId);
  const client = grant && store.get("clients", grant.clientId);
  if (!token || !grant || !account || !client || grant.revoked) throw unauthorized();
  if (token.expiresAt <= clock.life()) throw expired(engine);
  return { grant, account, client, scopes: token.scopes };
}

/** The documents say 401; the gateway has been seen to say 403 and 404. */
function expired({ store }: Engine): Answer {
  switch (store.settings().expiredTokenStatus) {
    case 401:
      return unauthorized();
    case 403:
      return gatewayError(403, "Forbidden");
    case 404:
      return gatewayError(404, "Not Found");
  }
}

const requireScopes = (held: readonly string[], wanted: readonly string[]): void => {
  if (!wanted.every((scope) => held.includes(scope))) throw gatewayError(401, "Unauthorized; scope does not match");
};

/** GET /me: who the account is, whatever its sites. */
export function answerMe(engine: Engine, { request }: Exchange): Answer {
  const { account, scopes } = bearerOf(engine, request.headers.authorization);
  requireScopes(scopes, ["read:me"]);
  return new Answer(200, {
    account_type: "atlassian",
    account_id: account.id,
    email: account.email,
    name: account.name,
    picture: `${engine.baseUrl}/_page/icon.svg`,
    account_status: "active",
    nickname: account.name,
    zoneinfo: account.timeZone,
    locale: account.locale.replace("_", "-"),
    extended_profile: {},
    email_verified: true,
  });
}

/** The sites of the grant: twice where Confluence was granted as well, told apart by their scopes alone. */
export function answerAccessibleResources(engine: Engine, { request }: Exchange): Answer {
  const { grant, account, scopes } = bearerOf(engine, request.headers.authorization);
  const about = (site: Site, own: readonly string[]): unknown => ({ id: site.id, url: siteUrl(engine, site), name: site.slug, scopes: own, avatarUrl: `${engine.baseUrl}/_page/icon.svg` });
  const confluence = scopes.filter((scope) => scope.includes("confluence"));
  const jira = scopes.filter((scope) => scope.includes("jira"));
  const sites = sitesOf(engine, account).filter(({ id }) => grant.siteIds.includes(id));
  return new Answer(200, sites.flatMap((site) => [
    ...(jira.length > 0 ? [about(site, jira)] : []),
    ...(confluence.length > 0 && site.confluence ? [about(site, confluence)] : []),
  ]));
}

/** `/ex/jira/{cloudId}/rest/api/{2|3}/…` */
export async function answerJira(engine: Engine, exchange: Exchange, body: Buffer): Promise<Answer> {
  const { request, url, path } = exchange;
  const [, , cloudId = "", rest, api, version, ...words] = path;
  const bearer = bearerOf(engine, request.headers.authorization);
  const site = engine.store.get("sites", cloudId);
  if (!site) return unknownCloudId(engine, url);
  if (!bearer.grant.siteIds.includes(site.id) || !site.members.includes(bearer.account.id)) return gatewayError(403, "The app is not installed on this instance");
  if (rest !== "rest" || api !== "api" || (version !== "2" && version !== "3")) return unauthorized();
  const method = request.method ?? "GET";
  const found = findEndpoint(method, words);
  requireScopes(bearer.scopes, found.endpoint.scopes);
  const refused = engine.limits.take({ clientId: bearer.client.id, siteId: site.id, endpoint: found.endpoint.template, method, issue: found.path.issue ?? null });
  const headers = standingHeaders(engine, bearer.client);
  if (refused) return tooMany(engine, headers, refused);
  const voice: Call["voice"] = { engine, site, base: `${engine.baseUrl}/ex/jira/${site.id}/rest/api/${version}`, version: version === "3" ? 3 : 2, zone: bearer.account.timeZone };
  const call: Call = { engine, site, account: bearer.account, client: bearer.client, voice, path: found.path, query: url.searchParams, body: parseJson(body, () => refuse(400, ["There was an error parsing JSON. Check that your request body is valid."])) };
  const answer = await run(found, call).catch((error: unknown) => {
    if (error instanceof Answer) return error;
    throw error;
  });
  engine.limits.spend(bearer.client.id, 1 + (method === "GET" ? objectsIn(answer.body) : 0));
  return new Answer(answer.status, answer.body, { ...headers, ...answer.headers });
}

const unknownCloudId = ({ clock }: Engine, url: URL): Answer =>
  new Answer(404, { timestamp: new Date(clock.now()).toISOString(), status: 404, error: "Not Found", message: "No message available", path: url.pathname });

/** An object read costs a point. */
function objectsIn(body: unknown): number {
  if (Array.isArray(body)) return body.length;
  if (!isRecord(body)) return 1;
  const list = Object.values(body).find(Array.isArray);
  return list ? list.length : 1;
}

function standingHeaders(engine: Engine, client: Client): Record<string, string> {
  const { limit, remaining, resetAt } = engine.limits.standing(client.id);
  return {
    "X-RateLimit-Limit": String(limit),
    "X-RateLimit-Remaining": String(remaining),
    "X-RateLimit-Reset": isoMinute(resetAt),
    ...(remaining < limit / 5 && { "X-RateLimit-NearLimit": "true" }),
    "Beta-RateLimit-Policy": `"global-app-quota";q=${limit};w=3600`,
    "Beta-RateLimit": `"global-app-quota";r=${remaining};t=${Math.max(0, Math.ceil((resetAt - engine.clock.now()) / 1_000))}`,
  };
}

const isoMinute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

export function tooMany(engine: Engine, headers: Record<string, string>, refused: { reason: string; retryAfterSeconds: number; limit: number }): Answer {
  return new Answer(429, { errorMessages: ["Rate limit exceeded."], errors: {} }, {
    ...headers,
    "Retry-After": String(refused.retryAfterSeconds),
    "X-RateLimit-Limit": String(refused.limit),
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset": isoMinute(engine.clock.now() + refused.retryAfterSeconds * 1_000 + 59_999),
    "X-RateLimit-NearLimit": "true",
    "RateLimit-Reason": refused.reason,
  });
}
