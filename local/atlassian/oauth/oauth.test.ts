import { describe, expect, it } from "vitest";
import { allScopes, atlassianUnderTest, type Atlassian } from "../testing";

const ask = (atlassian: Atlassian, query: Record<string, string>): Promise<Response> =>
  fetch(`${atlassian.url}/authorize?${new URLSearchParams({ audience: "api.atlassian.com", client_id: atlassian.clientId, scope: allScopes.join(" "), redirect_uri: atlassian.redirectUri, state: "s t+1", response_type: "code", prompt: "consent", ...query })}`, { redirect: "manual" });

/** As a browser posts the consent page. */
async function decide(atlassian: Atlassian, decision: "allow" | "deny", { account = "ada", sites = 99, scopes = allScopes }: { account?: string; sites?: number; scopes?: string[] } = {}): Promise<URL> {
  const { accounts } = await atlassian.control.send<{ accounts: { id: string; key: string }[] }>("GET", "state");
  const id = accounts.find(({ key }) => key === account)?.id ?? "";
  const html = await (await ask(atlassian, { account: id, scope: scopes.join(" ") })).text();
  const form = new URLSearchParams({ decision });
  for (const [, name = "", value = ""] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) form.append(name, value.replaceAll("&amp;", "&"));
  for (const [, value = ""] of [...html.matchAll(/name="site" value="([^"]*)"/g)].slice(0, sites)) form.append("site", value);
  const answer = await fetch(`${atlassian.url}/authorize`, { method: "POST", body: form, redirect: "manual" });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get("location") ?? "");
}

interface TokenAnswer {
  status: number;
  body: { access_token: string; refresh_token: string; expires_in: number; scope: string; error?: string; error_description?: string };
}

async function token(atlassian: Atlassian, body: Record<string, string>): Promise<TokenAnswer> {
  const answer = await fetch(`${atlassian.url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: atlassian.clientId, client_secret: atlassian.clientSecret, ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer["body"] };
}

const exchange = (atlassian: Atlassian, code: string) => token(atlassian, { grant_type: "authorization_code", code, redirect_uri: atlassian.redirectUri });
const refresh = (atlassian: Atlassian, refresh_token: string) => token(atlassian, { grant_type: "refresh_token", refresh_token });

const get = (atlassian: Atlassian, path: string, accessToken: string): Promise<Response> => fetch(atlassian.url + path, { headers: { authorization: `Bearer ${accessToken}` } });
const sitesOf = async (atlassian: Atlassian, accessToken: string) => (await (await get(atlassian, "/oauth/token/accessible-resources", accessToken)).json()) as { id: string; name: string; scopes: string[] }[];

describe("consent", () => {
  it("hands the state back with a code that works once and for ten minutes", async () => {
    const atlassian = await atlassianUnderTest();
    const back = await decide(atlassian, "allow");
    expect(back.href.split("?")[0]).toBe(atlassian.redirectUri);
    expect(back.searchParams.get("state")).toBe("s t+1");
    const code = back.searchParams.get("code") ?? "";
    const first = await exchange(atlassian, code);
    expect(first).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600, scope: allScopes.join(" ") } });
    expect(first.body.access_token.length).toBeGreaterThan(1_000);
    expect(await exchange(atlassian, code)).toMatchObject({ status: 403, body: { error: "invalid_grant" } });

    const late = (await decide(atlassian, "allow")).searchParams.get("code") ?? "";
    await atlassian.control.advance(601);
    expect((await exchange(atlassian, late)).status).toBe(403);
  });

  it("gives a code for its own redirect URI and its own application alone", async () => {
    const atlassian = await atlassianUnderTest();
    await atlassian.control.client({ id: "other", secret: "other", redirectUris: [] });
    const code = (await decide(atlassian, "allow")).searchParams.get("code") ?? "";
    expect((await token(atlassian, { grant_type: "authorization_code", code, redirect_uri: "http://localhost:3000/elsewhere" })).status).toBe(403);
    expect((await token(atlassian, { grant_type: "authorization_code", code, redirect_uri: atlassian.redirectUri, client_id: "other", client_secret: "other" })).status).toBe(403);
    expect((await exchange(atlassian, code)).status).toBe(200);
  });

  it("covers no site that the account may not use, whatever is sent", async () => {
    const atlassian = await atlassianUnderTest();
    const { sites, accounts } = await atlassian.control.send<{ sites: { id: string }[]; accounts: { id: string; key: string }[] }>("GET", "state");
    const form = new URLSearchParams({ decision: "allow", account: accounts.find(({ key }) => key === "hugo")?.id ?? "", audience: "api.atlassian.com", client_id: atlassian.clientId, scope: "read:jira-work", redirect_uri: atlassian.redirectUri, response_type: "code" });
    for (const { id } of sites) form.append("site", id);
    await fetch(`${atlassian.url}/authorize`, { method: "POST", body: form, redirect: "manual" });
    const { grants } = await atlassian.control.send<{ grants: { siteIds: string[] }[] }>("GET", "state");
    expect(grants.map(({ siteIds }) => siteIds.length)).toEqual([1]);
  });

  it("says access_denied with the state when it is refused", async () => {
    const atlassian = await atlassianUnderTest();
    const back = await decide(atlassian, "deny");
    expect([back.searchParams.get("error"), back.searchParams.get("state"), back.searchParams.get("code")]).toEqual(["access_denied", "s t+1", null]);
  });

  it.each([
    ["another redirect URI", { redirect_uri: "http://localhost:3000/oauth/jira/callback/" }],
    ["an unknown application", { client_id: "nobody" }],
    ["an unknown scope", { scope: "read:everything" }],
    ["another audience", { audience: "elsewhere" }],
  ])("shows an error and never redirects for %s", async (_, query) => {
    const answer = await ask(await atlassianUnderTest(), query);
    expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
    expect(await answer.text()).toContain("data-error");
  });

  it("adds sites to the one grant of an account, whose scopes are those of the last consent", async () => {
    const atlassian = await atlassianUnderTest();
    const first = await exchange(atlassian, (await decide(atlassian, "allow", { sites: 1 })).searchParams.get("code") ?? "");
    expect((await sitesOf(atlassian, first.body.access_token)).map(({ name }) => name)).toEqual(["maru"]);
    const { refreshToken } = await atlassian.issueGrant("ada", ["read:jira-work", "offline_access"], ["maru-labs"]);
    const second = await refresh(atlassian, refreshToken);
    expect(second.body.scope).toBe("read:jira-work offline_access");
    expect((await sitesOf(atlassian, second.body.access_token)).map(({ name }) => name)).toEqual(["maru", "maru-labs"]);
  });

  it("knows accounts with no site, and lists a site with Confluence twice, told apart by scopes", async () => {
    const atlassian = await atlassianUnderTest();
    expect(await sitesOf(atlassian, (await atlassian.issueGrant("sam")).accessToken)).toEqual([]);
    const both = await sitesOf(atlassian, (await atlassian.issueGrant("minjun", ["read:jira-work", "read:confluence-content.all"])).accessToken);
    expect(both.map(({ scopes }) => scopes)).toEqual([["read:jira-work"], ["read:confluence-content.all"]]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
  });

  it("gives no refresh token without offline_access", async () => {
    const atlassian = await atlassianUnderTest();
    expect((await atlassian.issueGrant("ada", ["read:jira-work"])).refreshToken).toBe("");
  });
});

describe("refresh tokens", () => {
  it("rotate; the one before works on within the leeway only, and its use after that kills the whole family", async () => {
    const atlassian = await atlassianUnderTest();
    const { refreshToken: first } = await atlassian.issueGrant();
    const second = (await refresh(atlassian, first)).body.refresh_token;
    expect(second).not.toBe(first);
    await atlassian.control.advance(599);
    const third = (await refresh(atlassian, first)).body.refresh_token;
    expect(new Set([first, second, third]).size).toBe(3);
    await atlassian.control.advance(2);
    expect(await refresh(atlassian, first)).toMatchObject({ status: 403, body: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." } });
    for (const relative of [second, third]) expect((await refresh(atlassian, relative)).status).toBe(403);
  });

  it("of another consent survive the death of a family", async () => {
    const atlassian = await atlassianUnderTest({ settings: { refreshLeewaySeconds: 0 } });
    const { refreshToken: stolen } = await atlassian.issueGrant();
    const { refreshToken: other } = await atlassian.issueGrant();
    await refresh(atlassian, stolen);
    await atlassian.control.advance(1);
    expect((await refresh(atlassian, stolen)).status).toBe(403);
    expect((await refresh(atlassian, other)).status).toBe(200);
  });

  it("end after 90 days of rest, counted from the last use", async () => {
    const atlassian = await atlassianUnderTest();
    const day = 86_400;
    let { refreshToken } = await atlassian.issueGrant();
    await atlassian.control.advance(89 * day);
    refreshToken = (await refresh(atlassian, refreshToken)).body.refresh_token;
    await atlassian.control.advance(89 * day);
    refreshToken = (await refresh(atlassian, refreshToken)).body.refresh_token;
    await atlassian.control.advance(91 * day);
    expect((await refresh(atlassian, refreshToken)).status).toBe(403);
  });

  it("are refused in either of the two ways that have been seen, and to another secret", async () => {
    const atlassian = await atlassianUnderTest({ settings: { refreshFailure: "unauthorized_client" } });
    const { refreshToken, accessToken } = await atlassian.issueGrant();
    await atlassian.control.revoke("ada");
    expect(await refresh(atlassian, refreshToken)).toMatchObject({ status: 403, body: { error: "unauthorized_client", error_description: "refresh_token is invalid" } });
    expect((await get(atlassian, "/me", accessToken)).status).toBe(401);
    expect((await token(atlassian, { grant_type: "refresh_token", refresh_token: refreshToken, client_secret: "wrong" })).status).toBe(401);
  });

  it("are rotated although the answer was lost, and the leeway saves the one who asks again", async () => {
    const atlassian = await atlassianUnderTest();
    const { refreshToken } = await atlassian.issueGrant();
    await atlassian.control.answer({ match: "/oauth/token", kind: "lose" });
    await expect(refresh(atlassian, refreshToken)).rejects.toThrow();
    expect((await refresh(atlassian, refreshToken)).status).toBe(200);
  });
});

describe("access tokens", () => {
  it.each([401, 403, 404] as const)("expire by the clock, and the gateway can answer %s then", async (status) => {
    const atlassian = await atlassianUnderTest({ settings: { accessTokenSeconds: 5, expiredTokenStatus: status } });
    const { accessToken, expiresIn } = await atlassian.issueGrant();
    expect(expiresIn).toBe(5);
    expect((await get(atlassian, "/me", accessToken)).status).toBe(200);
    await atlassian.control.advance(5);
    expect((await get(atlassian, "/me", accessToken)).status).toBe(status);
  });

  it("reach only what their scopes allow, in the gateway's words", async () => {
    const atlassian = await atlassianUnderTest();
    const { accessToken } = await atlassian.issueGrant("ada", ["read:jira-work"]);
    const refused = await get(atlassian, "/me", accessToken);
    expect([refused.status, await refused.json()]).toEqual([401, { code: 401, message: "Unauthorized; scope does not match" }]);
    expect(await (await get(atlassian, "/me", "nonsense")).json()).toEqual({ code: 401, message: "Unauthorized" });
  });
});
