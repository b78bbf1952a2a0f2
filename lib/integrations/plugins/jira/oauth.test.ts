import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { jiraGrants } from "./oauth";

beforeAll(() => {
  Object.assign(process.env, {
    NODE_ENV: "test", DATABASE_URL: "postgres://nowhere", NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests",
    ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", RESEND_API_KEY: "re_test", PUSHER_APP_ID: "test", PUSHER_KEY: "test-key", PUSHER_SECRET: "test-secret",
    JIRA_CLIENT_ID: "the-client", JIRA_CLIENT_SECRET: "the-secret",
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Answers what Atlassian is asked, in turn; `null` is silence. */
function answers(...given: ({ status?: number; headers?: Record<string, string>; body: unknown } | null)[]) {
  const asked: { url: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: RequestInit) => {
    asked.push({ url, body: typeof body === "string" ? JSON.parse(body) : null });
    const next = given.shift();
    if (!next) throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
    return new Response(typeof next.body === "string" ? next.body : JSON.stringify(next.body), { status: next.status ?? 200, headers: next.headers });
  });
  return asked;
}

const pair = { access_token: "a", refresh_token: "r2", expires_in: 3600, scope: "read:jira-work offline_access" };

describe("the token endpoint", () => {
  test("is asked as documented, and its answer is read", async () => {
    const asked = answers({ body: pair }, { body: pair });
    expect(await jiraGrants.exchange("the-code")).toEqual({ accessToken: "a", refreshToken: "r2", expiresInSeconds: 3600, scopes: ["read:jira-work", "offline_access"] });
    await jiraGrants.refresh("r1");
    const client = { client_id: "the-client", client_secret: "the-secret" };
    expect(asked).toEqual([
      { url: "https://auth.atlassian.com/oauth/token", body: { ...client, grant_type: "authorization_code", code: "the-code", redirect_uri: "http://localhost:3000/oauth/jira/callback" } },
      { url: "https://auth.atlassian.com/oauth/token", body: { ...client, grant_type: "refresh_token", refresh_token: "r1" } },
    ]);
  });

  test("that brings no new refresh token leaves the one that was used; a first consent without one is no use", async () => {
    answers({ body: { access_token: "a" } }, { body: { access_token: "a" } });
    expect(await jiraGrants.refresh("r1")).toMatchObject({ refreshToken: "r1", expiresInSeconds: 3600, scopes: [] });
    expect(await jiraGrants.exchange("the-code")).toMatchObject({ isFinal: false });
  });

  test.each([
    [403, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." }, true],
    [403, { error: "unauthorized_client", error_description: "refresh_token is invalid" }, true],
    [400, { error: "invalid_grant" }, true],
    [403, { error: "unauthorized_client", error_description: "Grant type 'refresh_token' not allowed for the client." }, false],
    [401, { error: "access_denied", error_description: "Unauthorized" }, false],
    [403, "<html>blocked</html>", false],
    [400, { error: 7 }, false],
  ])("refuses: %i %j is final: %s", async (status, body, isFinal) => {
    answers({ status, body });
    expect(await jiraGrants.refresh("r1")).toMatchObject({ refused: expect.stringContaining(`HTTP ${status}`) as string, isFinal });
  });

  test.each([
    [{ status: 500, body: { error: "invalid_grant" } }, null],
    [{ status: 429, headers: { "retry-after": "17" }, body: {} }, 17],
    [{ status: 503, body: "<html>" }, null],
    [{ status: 408, body: {} }, null],
    [{ status: 200, body: "<html>maintenance</html>" }, null],
    [{ status: 200, body: { access_token: "" } }, null],
    [null, null],
  ])("is away, whatever it says besides: %j", async (answer, retryAfterSeconds) => {
    answers(answer);
    expect(await jiraGrants.refresh("r1")).toEqual({ away: expect.any(String) as string, retryAfterSeconds });
  });
});

describe("accessible-resources", () => {
  test("names each Jira site once, whatever else it is, and skips what it cannot read", async () => {
    answers({
      body: [
        { id: "1", name: "maru", url: "https://maru.atlassian.net", scopes: ["read:jira-work"], avatarUrl: "https://cdn.example/a.png" },
        { id: "1", name: "maru", url: "https://maru.atlassian.net", scopes: ["read:confluence-content.all"] },
        { id: "1", name: "maru", url: "https://maru.atlassian.net", scopes: ["read:jira-user"] },
        { id: "2", url: "javascript:alert(1)", scopes: ["read:jira-work"], avatarUrl: 7 },
        { id: "3", scopes: ["read:confluence-content.all"] },
        { name: "no id", scopes: ["read:jira-work"] },
        null,
      ],
    });
    expect(await jiraGrants.sites("token")).toEqual({
      sites: [
        { cloudId: "1", name: "maru", url: "https://maru.atlassian.net", avatarUrl: "https://cdn.example/a.png", scopes: ["read:jira-work", "read:jira-user"] },
        { cloudId: "2", name: "2", url: "", avatarUrl: null, scopes: ["read:jira-work"] },
      ],
    });
  });

  test("that is no list is no answer", async () => {
    answers({ body: { message: "hello" } });
    expect(await jiraGrants.sites("token")).toMatchObject({ away: expect.any(String) as string });
  });
});

test("who it is is asked of the next site when the first does not say", async () => {
  const asked = answers({ status: 403, body: {} }, { body: { accountId: "712020:x", displayName: "  Ada " } });
  const site = (cloudId: string) => ({ cloudId, name: cloudId, url: "", avatarUrl: null, scopes: [] });
  expect(await jiraGrants.whoIs("token", [site("one"), site("a/b")])).toEqual({ account: { id: "712020:x", name: "Ada" } });
  expect(asked.map(({ url }) => url)).toEqual(["https://api.atlassian.com/ex/jira/one/rest/api/3/myself", "https://api.atlassian.com/ex/jira/a%2Fb/rest/api/3/myself"]);
});
