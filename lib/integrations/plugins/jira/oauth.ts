import { z } from "zod";
import { env } from "@/lib/platform/env";
import { retryAfterSeconds } from "@/lib/platform/provider";
import type { GrantPurpose } from "../../grants/inputs";
import type { GrantProvider, Outage, Site, TokenPair, TokenRefusal } from "../../grants/provider";
import { ask, type Heard } from "./wire";

/** OAuth 2.0 (3LO): https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ */
const actingScopes = ["read:jira-work", "write:jira-work", "read:jira-user", "offline_access"];
const scopesOf: Record<GrantPurpose, string[]> = {
  connect: [...actingScopes, "manage:jira-webhook"],
  reconnect: [...actingScopes, "manage:jira-webhook"],
  link: actingScopes,
};

const redirectUri = () => new URL("/oauth/jira/callback", env().APP_URL).href;
const isSetUp = () => env().JIRA_CLIENT_ID !== undefined && env().JIRA_CLIENT_SECRET !== undefined;
const client = () => ({ client_id: env().JIRA_CLIENT_ID, client_secret: env().JIRA_CLIENT_SECRET });

/** The access token's length is nowhere promised, and a refresh that brings no new refresh token keeps the old one. */
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().catch(3600),
  scope: z.string().catch(""),
});
const errorAnswer = z.object({ error: z.string().catch(""), error_description: z.string().catch("") });
const sitesAnswer = z.array(z.unknown());
/** It becomes a link on our pages. */
const webAddress = z.url({ protocol: /^https?$/ });
const siteAnswer = z.object({
  id: z.string().min(1).max(100),
  name: z.string().max(200).catch(""),
  url: webAddress.catch(""),
  avatarUrl: webAddress.nullable().catch(null),
  scopes: z.array(z.string()).catch([]),
});
const accountAnswer = z.object({ accountId: z.string().min(1), displayName: z.string().optional().catch(undefined) });

export const jiraGrants: GrantProvider = {
  plugin: "jira",
  isSetUp,
  scopesFor: (purpose) => scopesOf[purpose],

  authorizeUrl({ state, scopes }) {
    const url = new URL("/authorize", env().ATLASSIAN_AUTH_URL);
    url.search = new URLSearchParams({
      audience: "api.atlassian.com",
      client_id: env().JIRA_CLIENT_ID ?? "",
      scope: scopes.join(" "),
      redirect_uri: redirectUri(),
      state,
      response_type: "code",
      prompt: "consent",
    }).toString();
    return url.href;
  },

  exchange: (code) => askForTokens({ grant_type: "authorization_code", code, redirect_uri: redirectUri() }, null),
  refresh: (refreshToken) => askForTokens({ grant_type: "refresh_token", refresh_token: refreshToken }, refreshToken),

  async sites(token) {
    const heard = await ask(`${env().ATLASSIAN_API_URL}/oauth/token/accessible-resources`, { token });
    const failure = failureOf(heard);
    if (failure) return failure;
    const { success, data } = sitesAnswer.safeParse("body" in heard ? heard.body : null);
    return success ? { sites: jiraSites(data) } : { away: "accessible-resources is not a list", retryAfterSeconds: null };
  },

  /** `/me` would need a scope of its own, so a site is asked; an account that has left one of them may still be known to the next. */
  async whoIs(token, sites) {
    let failure: TokenRefusal | Outage = { refused: "no site says whose account it is", isFinal: false };
    for (const { cloudId } of sites.slice(0, 5)) {
      const heard = await ask(`${env().ATLASSIAN_API_URL}/ex/jira/${encodeURIComponent(cloudId)}/rest/api/3/myself`, { token });
      const { success, data } = accountAnswer.safeParse("body" in heard ? heard.body : null);
      if (success) return { account: { id: data.accountId, name: data.displayName?.trim().slice(0, 200) || data.accountId } };
      failure = failureOf(heard) ?? failure;
    }
    return failure;
  },
};

/** "id is not unique across containers": a site with Confluence stands there twice, told apart by its scopes. */
function jiraSites(entries: unknown[]): Site[] {
  const sites = new Map<string, Site>();
  for (const entry of entries) {
    const { success, data } = siteAnswer.safeParse(entry);
    if (!success || !data.scopes.some((scope) => scope.includes("jira"))) continue;
    const known = sites.get(data.id);
    sites.set(data.id, {
      cloudId: data.id,
      name: known?.name ?? (data.name || data.url || data.id),
      url: known?.url || data.url,
      avatarUrl: known?.avatarUrl ?? data.avatarUrl,
      scopes: [...new Set([...(known?.scopes ?? []), ...data.scopes])],
    });
  }
  return [...sites.values()];
}

async function askForTokens(wish: Record<string, string>, refreshToken: string | null): Promise<TokenPair | TokenRefusal | Outage> {
  const heard = await ask(`${env().ATLASSIAN_AUTH_URL}/oauth/token`, { method: "POST", json: { ...client(), ...wish } });
  const failure = failureOf(heard);
  if (failure) return failure;
  const { success, data } = tokenAnswer.safeParse("body" in heard ? heard.body : null);
  if (!success) return { away: "the token server's answer holds no token", retryAfterSeconds: null };
  const newest = data.refresh_token ?? refreshToken;
  if (newest === null) return { refused: "no refresh token was granted (offline_access)", isFinal: false };
  return { accessToken: data.access_token, refreshToken: newest, expiresInSeconds: data.expires_in, scopes: data.scope.split(/\s+/).filter(Boolean) };
}

function failureOf(heard: Heard): TokenRefusal | Outage | null {
  if ("silent" in heard) return { away: heard.silent, retryAfterSeconds: null };
  const { status, headers, body } = heard;
  if (status >= 200 && status < 300) return null;
  const { error, error_description } = errorAnswer.safeParse(body).data ?? { error: "", error_description: "" };
  const detail = [`HTTP ${status}`, error, error_description].filter(Boolean).join(": ").slice(0, 300);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { away: detail, retryAfterSeconds: retryAfterSeconds(headers.get("retry-after") ?? undefined) };
  }
  return { refused: detail, isFinal: isRevocation(error, error_description) };
}

/**
 * Two ways of saying that a refresh token is no good. `unauthorized_client` also says that the app itself may not refresh, or is not who
 * it claims to be: that is for whoever runs this to mend, and no consent of anybody's would.
 */
const isRevocation = (error: string, description: string) =>
  error === "invalid_grant" || (error === "unauthorized_client" && !/grant.?type|client/i.test(description));
