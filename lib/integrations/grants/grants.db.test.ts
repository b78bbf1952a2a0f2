import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { accountIdOf, cloudIdOf } from "@/local/atlassian/world/seed";
import { GET as callback } from "@/app/oauth/[plugin]/callback/route";
import { GET as start } from "@/app/oauth/[plugin]/start/route";
import { hashSecret } from "@/lib/platform/auth/token-hash";
import { sessions } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { members } from "@/lib/organizations/tables";
import { connectSites } from "../connections/commands";
import { connectionsOf } from "../connections/queries";
import { accessTokenOf, grantsOf, sitesOf } from "../credentials/queries";
import { changeCredential, credentialRow, givenGrant, jiraSettings } from "../credentials/testing";
import { peopleByAccount, peopleOf, personOf } from "../people/queries";
import { forgetStates } from "./commands";

vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const atlassian = await startAtlassian();
useTestDatabase(jiraSettings(atlassian));
afterAll(() => atlassian.stop());

let ada: Member;
let minjun: Member;
let sam: Member;
let adaSession: string;
let minjunSession: string;
let samSession: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
  minjun = await joinAs(ada, "minjun@maru.example");
  sam = (await foundOrganization("sam@hanbit.example", "Hanbit")).owner;
  [adaSession, minjunSession, samSession] = await Promise.all([sessionOf(ada), sessionOf(minjun), sessionOf(sam)]);
});
beforeEach(() => atlassian.control.reset());
afterEach(() =>
  asSystem("grants", (tx) =>
    tx.execute(sql`delete from oauth_states; delete from plugin_connections; delete from oauth_credentials; delete from outbox_events; delete from audit_entries; delete from rate_limits`),
  ),
);

async function sessionOf({ userId }: Member): Promise<string> {
  const token = randomBytes(16).toString("hex");
  await asSystem("authentication", (tx) => tx.insert(sessions).values({ userId, tokenHash: hashSecret(token), expiresAt: new Date(clock.nowMs() + 86_400_000) }));
  return token;
}

const params = (plugin = "jira") => ({ params: Promise.resolve({ plugin }) });
const request = (url: string, session: string | null) =>
  new Request(url, { headers: session === null ? {} : { cookie: `next-auth.session-token=${session}` } });
const location = (response: Response) => response.headers.get("location") ?? "";

const startUrl = (query: Record<string, string>) => `http://localhost:3000/oauth/jira/start?${new URLSearchParams(query)}`;
const begin = async (session: string | null, query: Record<string, string>) => start(request(startUrl({ organization: "maru", ...query }), session), params());

/** The consent page, answered. @returns where it sends the browser. */
async function consent(authorizeUrl: string, account: string, { decision = "allow", sites = ["maru", "maru-labs"] }: { decision?: string; sites?: string[] } = {}): Promise<string> {
  const form = new URLSearchParams(new URL(authorizeUrl).search);
  form.set("account", accountIdOf(account));
  form.set("decision", decision);
  for (const site of sites) form.append("site", cloudIdOf(site));
  const response = await fetch(`${atlassian.url}/authorize`, { method: "POST", body: form, redirect: "manual" });
  if (response.status !== 303) throw new Error(`the consent page answered ${response.status}: ${await response.text()}`);
  return location(response);
}

const comeBack = async (url: string, session: string | null) => location(await callback(request(url, session), params()));

/** The whole way there and back. */
async function walk(session: string, query: Record<string, string>, account = "ada", choice: { decision?: string; sites?: string[] } = {}): Promise<string> {
  return comeBack(await consent(location(await begin(session, query)), account, choice), session);
}

const problem = (path: string) => new URL(path, "http://localhost:3000").searchParams.get("problem");

describe("connecting", () => {
  test("asks for exactly what is needed, at the registered address, and comes back with a grant that is theirs", async () => {
    const begun = await begin(adaSession, { purpose: "connect" });
    expect(begun.status).toBe(303);
    expect(begun.headers.get("cache-control")).toBe("no-store");
    const url = new URL(location(begun));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      audience: "api.atlassian.com",
      client_id: atlassian.clientId,
      scope: "manage:jira-webhook offline_access read:jira-user read:jira-work write:jira-work",
      redirect_uri: "http://localhost:3000/oauth/jira/callback",
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      response_type: "code",
      prompt: "consent",
    });
    const answered = await callback(request(await consent(url.href, "ada"), adaSession), params());
    expect([answered.status, answered.headers.get("cache-control")]).toEqual([303, "no-store"]);
    const [grant] = await grantsOf(ada);
    expect(location(answered)).toBe(`/maru/settings/integrations/sites?credential=${grant?.credentialId}`);
    expect(grant).toMatchObject({ accountName: "Ada Sinclair", brokenAt: null, connections: 0 });
    expect((await sitesOf(ada, grant?.credentialId ?? "")).map(({ name }) => name)).toEqual(["maru", "maru-labs"]);
    expect(await personOf(ada, ada.id)).toMatchObject({ accountId: accountIdOf("ada"), credentialId: grant?.credentialId, broken: false });
  });

  test("again with the same account keeps one row, whose tokens are replaced", async () => {
    await walk(adaSession, { purpose: "connect" });
    const [first] = await grantsOf(ada);
    const before = await credentialRow(first?.credentialId ?? "");
    await walk(adaSession, { purpose: "connect" });
    const grants = await grantsOf(ada);
    expect(grants.map(({ credentialId }) => credentialId)).toEqual([first?.credentialId]);
    const after = await credentialRow(first?.credentialId ?? "");
    expect(after.version).toBe(before.version + 1);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect((await accessTokenOf(ada, after.id)).version).toBe(after.version);
  });

  test("with a technical account leaves the admin who they are", async () => {
    await walk(adaSession, { purpose: "link" }, "ada");
    await walk(adaSession, { purpose: "connect" }, "nora");
    expect(await personOf(ada, ada.id)).toMatchObject({ accountId: accountIdOf("ada") });
    expect((await grantsOf(ada)).map(({ accountName }) => accountName)).toEqual(["Ada Sinclair", "Nora Fields"]);
  });

  test("is for those who look after the organization, at both ends of the way", async () => {
    expect(problem(location(await begin(minjunSession, { purpose: "connect" })))).toBe("permission");
    const back = await consent(location(await begin(adaSession, { purpose: "connect" })), "ada");
    await asSystem("grants", (tx) => tx.update(members).set({ role: "member" }).where(eq(members.id, ada.id)));
    expect(problem(await comeBack(back, adaSession))).toBe("permission");
    await asSystem("grants", (tx) => tx.update(members).set({ role: "owner" }).where(eq(members.id, ada.id)));
    expect(await grantsOf(ada)).toEqual([]);
  });
});

describe("what comes back is explained", () => {
  test.each([
    ["denied", (session: string) => walk(session, { purpose: "connect" }, "ada", { decision: "deny" })],
    ["no-sites", (session: string) => walk(session, { purpose: "connect" }, "ada", { sites: [] })],
    ["no-sites", (session: string) => walk(session, { purpose: "connect" }, "sam", { sites: [] })],
  ] as const)("%s", async (code, journey) => {
    expect(await journey(adaSession)).toBe(`/maru/settings/integrations?problem=${code}`);
    expect(await grantsOf(ada)).toEqual([]);
  });

  test.each([
    ["invalid_scope", "refused"],
    ["temporarily_unavailable", "unavailable"],
    ["<script>", "refused"],
  ])("any other error of the provider: %s", async (error, code) => {
    const state = new URL(location(await begin(adaSession, { purpose: "connect" }))).searchParams.get("state") ?? "";
    expect(problem(await comeBack(`http://localhost:3000/oauth/jira/callback?${new URLSearchParams({ error, state })}`, adaSession))).toBe(code);
  });

  test("a code that is missing, wrong, or that nobody answers for", async () => {
    const stateOf = async () => new URL(location(await begin(adaSession, { purpose: "connect" }))).searchParams.get("state") ?? "";
    const back = async (query: Record<string, string>) => problem(await comeBack(`http://localhost:3000/oauth/jira/callback?${new URLSearchParams(query)}`, adaSession));
    expect(await back({ state: await stateOf() })).toBe("no-code");
    expect(await back({ state: await stateOf(), code: "made-up" })).toBe("exchange");
    await atlassian.control.outage("unreachable");
    expect(await back({ state: await stateOf(), code: "made-up" })).toBe("unavailable");
  });

  test("an app without a client", async () => {
    const { env } = await import("@/lib/platform/env");
    const { JIRA_CLIENT_ID } = env();
    env().JIRA_CLIENT_ID = undefined;
    expect(location(await begin(adaSession, { purpose: "connect" }))).toBe("/maru/settings/integrations?problem=not-set-up");
    env().JIRA_CLIENT_ID = JIRA_CLIENT_ID;
  });

  test("a plugin that asks nobody for consent is not there", async () => {
    for (const plugin of ["generic", "constructor"]) {
      expect((await start(request("http://localhost:3000/oauth/x/start", adaSession), params(plugin))).status).toBe(404);
      expect((await callback(request("http://localhost:3000/oauth/x/callback", adaSession), params(plugin))).status).toBe(404);
    }
  });
});

describe("a state", () => {
  const generic = (code: string) => `/oauth/jira/problem?problem=${code}`;

  test("that was forged, or is none, is refused", async () => {
    for (const query of ["?code=x", "?code=x&state=", `?code=x&state=${randomBytes(32).toString("base64url")}`, `?code=x&state=${"a".repeat(5000)}`]) {
      expect(await comeBack(`http://localhost:3000/oauth/jira/callback${query}`, adaSession)).toBe(generic("state"));
    }
  });

  test("is good once, whoever is first of many at the same time", async () => {
    const back = await consent(location(await begin(adaSession, { purpose: "connect" })), "ada");
    const answers = await Promise.all(Array.from({ length: 8 }, () => comeBack(back, adaSession)));
    expect(answers.filter((path) => problem(path) === null)).toHaveLength(1);
    expect(answers.filter((path) => problem(path) === "used")).toHaveLength(7);
  });

  test("is good for ten minutes", async () => {
    const back = await consent(location(await begin(adaSession, { purpose: "connect" })), "ada");
    expect(await clock.at(new Date(clock.nowMs() + 10 * 60_000 + 1), () => comeBack(back, adaSession))).toBe("/maru/settings/integrations?problem=expired");
  });

  test("is good only in the session that it was made in, and another one does not use it up", async () => {
    const back = await consent(location(await begin(adaSession, { purpose: "connect" })), "ada");
    const secondSession = await sessionOf(ada);
    expect(await comeBack(back, samSession)).toBe(generic("session"));
    expect(await comeBack(back, secondSession)).toBe(generic("session"));
    expect(await comeBack(back, null)).toBe(generic("signed-out"));
    expect(await grantsOf(sam)).toEqual([]);
    expect(problem(await comeBack(back, adaSession))).toBeNull();
  });

  test("of an organization that they were removed from, or never were in, is refused", async () => {
    const back = await consent(location(await begin(minjunSession, { purpose: "link" })), "minjun");
    await asSystem("grants", (tx) => tx.update(members).set({ removedAt: clock.now() }).where(eq(members.id, minjun.id)));
    expect(await comeBack(back, minjunSession)).toBe(generic("organization"));
    await asSystem("grants", (tx) => tx.update(members).set({ removedAt: null }).where(eq(members.id, minjun.id)));
    const other = await consent(location(await begin(adaSession, { purpose: "connect" })), "ada");
    await asSystem("grants", (tx) => tx.execute(sql`update oauth_states set organization_id = ${sam.organizationId}, member_id = ${sam.id} where used_at is null`));
    expect(await comeBack(other, adaSession)).toBe(generic("organization"));
    expect(await grantsOf(sam)).toEqual([]);
  });

  test("stands in the database as a hash only, and is forgotten a day after it ended", async () => {
    const state = new URL(location(await begin(adaSession, { purpose: "connect" }))).searchParams.get("state") ?? "";
    const rows = async () => asSystem("grants", (tx) => tx.execute<{ text: string }>(sql`select row_to_json(oauth_states)::text as text from oauth_states`));
    expect((await rows())[0]?.text).toContain(hashSecret(state));
    expect((await rows())[0]?.text).not.toContain(state);
    expect(await clock.at(new Date(clock.nowMs() + 24 * 3_600_000), forgetStates)).toBe(0);
    expect(await clock.at(new Date(clock.nowMs() + 24 * 3_600_000 + 11 * 60_000), forgetStates)).toBe(1);
  });
});

describe("beginning", () => {
  test("signed out leads through signing in and back here", async () => {
    const path = location(await begin(null, { purpose: "link", return: "/maru/settings" }));
    expect(path).toMatch(/^\/sign-in\?callbackUrl=/);
    expect(new URL(path, "http://localhost:3000").searchParams.get("callbackUrl")).toBe("/oauth/jira/start?organization=maru&purpose=link&return=%2Fmaru%2Fsettings");
  });

  test("for another organization, or for nothing that we know, is refused", async () => {
    for (const query of <Record<string, string>[]>[{ organization: "hanbit", purpose: "link" }, { purpose: "steal" }, { organization: "nowhere", purpose: "link" }]) {
      expect(location(await begin(adaSession, query))).toBe("/oauth/jira/problem?problem=organization");
    }
  });

  test.each(["https://evil.example/maru/", "//evil.example", "/\\evil.example", "/hanbit/settings"])("never leads to somebody else's page: %s", async (wished) => {
    expect(await walk(adaSession, { purpose: "link", return: wished })).toBe("/maru/settings/subscriptions");
  });

  test("has an end", async () => {
    for (let time = 0; time < 60; time += 1) await begin(adaSession, { purpose: "link" });
    expect(problem(location(await begin(adaSession, { purpose: "link" })))).toBe("too-many");
  });
});

describe("linking one's own account", () => {
  test("asks for no more than acting needs, and says who the member is", async () => {
    const url = new URL(location(await begin(minjunSession, { purpose: "link" })));
    expect(url.searchParams.get("scope")).toBe("offline_access read:jira-user read:jira-work write:jira-work");
    expect(await walk(minjunSession, { purpose: "link", return: "/maru/settings/profile" }, "minjun")).toBe("/maru/settings/profile");
    const person = { memberId: minjun.id, accountId: accountIdOf("minjun"), accountName: "김민준", broken: false };
    expect(await personOf(ada, minjun.id)).toMatchObject(person);
    expect(await peopleOf(ada, [minjun.id, ada.id, "mbr_x"])).toMatchObject([person]);
    expect(await peopleByAccount(ada, [accountIdOf("minjun"), "nobody"])).toMatchObject([person]);
    expect(await peopleOf(ada, [])).toEqual([]);
    expect(await peopleByAccount(sam, [accountIdOf("minjun")])).toEqual([]);
  });

  test("asks for what their grants carry already, because consenting overrides it", async () => {
    await walk(adaSession, { purpose: "connect" });
    const url = new URL(location(await begin(adaSession, { purpose: "link" })));
    expect(url.searchParams.get("scope")).toContain("manage:jira-webhook");
    await walk(adaSession, { purpose: "link" });
    expect((await grantsOf(ada))[0]?.scopes).toContain("manage:jira-webhook");
  });

  test("to another account replaces the one before, whose grant is forgotten", async () => {
    await walk(minjunSession, { purpose: "link" }, "minjun");
    await walk(minjunSession, { purpose: "link" }, "camille");
    expect(await personOf(ada, minjun.id)).toMatchObject({ accountId: accountIdOf("camille") });
    expect((await grantsOf(minjun)).map(({ accountId }) => accountId)).toEqual([accountIdOf("camille")]);
  });

  test("to a colleague's account is refused, and leaves theirs alone", async () => {
    await walk(adaSession, { purpose: "link" }, "ada");
    const [grant] = await grantsOf(ada);
    const before = await credentialRow(grant?.credentialId ?? "");
    expect(problem(await walk(minjunSession, { purpose: "link" }, "ada"))).toBe("account-taken");
    expect(await credentialRow(before.id)).toEqual(before);
    expect(await personOf(ada, minjun.id)).toBeNull();
  });

  test("to the account of somebody who has left is theirs to do", async () => {
    await walk(minjunSession, { purpose: "link" }, "minjun");
    await asSystem("grants", (tx) => tx.update(members).set({ removedAt: clock.now() }).where(eq(members.id, minjun.id)));
    await walk(adaSession, { purpose: "link" }, "minjun");
    await asSystem("grants", (tx) => tx.update(members).set({ removedAt: null }).where(eq(members.id, minjun.id)));
    expect(await peopleByAccount(ada, [accountIdOf("minjun")])).toMatchObject([{ memberId: ada.id }]);
  });

  test("to one that sees none of the organization's sites is explained", async () => {
    await connectMaru();
    expect(problem(await walk(minjunSession, { purpose: "link" }, "seoyeon", { sites: ["maru-labs"] }))).toBe("other-site");
    expect(await personOf(ada, minjun.id)).toBeNull();
    expect(problem(await walk(minjunSession, { purpose: "link" }, "seoyeon"))).toBeNull();
  });
});

async function connectMaru() {
  const credentialId = await givenGrant(ada, atlassian, "ada");
  await connectSites(ada, { credentialId, cloudIds: [cloudIdOf("maru")] });
  const [connection] = await connectionsOf(ada);
  if (!connection) throw new Error("not connected");
  return { credentialId, connection };
}

describe("reconnecting", () => {
  const breakIt = async (credentialId: string) => {
    await atlassian.control.revoke("ada");
    await changeCredential(credentialId, { refreshedAt: new Date(clock.nowMs() - 3_700_000), expiresAt: new Date(clock.nowMs() - 1000) });
    await accessTokenOf(ada, credentialId).catch(() => undefined);
    expect((await credentialRow(credentialId)).brokenAt).not.toBeNull();
  };
  const gaps = () => asSystem("relay", (tx) => tx.execute<{ payload: { connectionId: string } }>(sql`select payload from outbox_events where name = 'connection.gap-found'`));

  test("with the same account mends the grant and comes back to the connection", async () => {
    const { credentialId, connection } = await connectMaru();
    await breakIt(credentialId);
    expect(await walk(adaSession, { purpose: "reconnect", connection: connection.id })).toBe(`/maru/settings/integrations/${connection.id}`);
    expect(await credentialRow(credentialId)).toMatchObject({ brokenAt: null });
    expect((await gaps()).map(({ payload }) => payload.connectionId)).toEqual([connection.id]);
    const audited = await asSystem("grants", (tx) => tx.execute<{ subject: string }>(sql`select subject from audit_entries where action = 'connection.reconnected'`));
    expect(audited.map(({ subject }) => subject)).toEqual([connection.name]);
  });

  test("with another account that sees the site hangs the connection on that one, and forgets what nobody needs", async () => {
    const { credentialId, connection } = await connectMaru();
    await breakIt(credentialId);
    expect(problem(await walk(adaSession, { purpose: "reconnect", connection: connection.id }, "nora"))).toBeNull();
    const [now] = await connectionsOf(ada);
    expect(now?.id).toBe(connection.id);
    expect(await credentialRow(now?.credentialId ?? "")).toMatchObject({ accountName: "Nora Fields" });
    expect((await grantsOf(ada)).map(({ credentialId: id }) => id)).not.toContain(credentialId);
    expect((await gaps()).map(({ payload }) => payload.connectionId)).toEqual([connection.id]);
  });

  test("with an account that does not see the site is refused, and keeps nothing", async () => {
    const { credentialId, connection } = await connectMaru();
    expect(await walk(adaSession, { purpose: "reconnect", connection: connection.id }, "nora", { sites: ["maru-labs"] })).toBe(`/maru/settings/integrations/${connection.id}?problem=account`);
    expect((await connectionsOf(ada))[0]?.credentialId).toBe(credentialId);
    expect((await grantsOf(ada)).map(({ accountName }) => accountName)).toEqual(["Ada Sinclair"]);
  });

  test("what does not exist, or is another organization's, is refused", async () => {
    const { connection } = await connectMaru();
    const path = async (session: string, organization: string, id: string) => problem(location(await begin(session, { organization, purpose: "reconnect", connection: id })));
    expect(await path(samSession, "hanbit", connection.id)).toBe("connection");
    expect(await path(adaSession, "maru", "con_nothing")).toBe("connection");
    expect(await path(adaSession, "maru", "")).toBe("connection");
    expect(await path(adaSession, "maru", "con_/../x")).toBe("connection");
  });
});
