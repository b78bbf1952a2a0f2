import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { connectSites } from "../connections/commands";
import { connectionsOf } from "../connections/queries";
import { unlinkAccount, unlinkRemoved } from "../people/commands";
import { personOf } from "../people/queries";
import { renew } from "./commands";
import { accessTokenOf, grantsOf, sitesOf } from "./queries";
import { credentialContext, refreshUnderWay } from "./rules";
import { changeCredential, credentialRow, givenGrant, jiraSettings } from "./testing";
import { oauthCredentials } from "./tables";
import { forgetUnusedGrants, renewAhead } from "./upkeep/commands";
import { grantsToRenew } from "./upkeep/queries";

const atlassian = await startAtlassian();

/** A road to the engine on which what is asked of the token server is counted. */
const refreshes: string[] = [];
/** How many were under way there at once, at most. */
let mostAsked = 0;
let asked = 0;
const road = createServer((incoming, outgoing) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    if (incoming.url === "/oauth/token") {
      refreshes.push(body);
      asked += 1;
      outgoing.once("close", () => (asked -= 1));
      mostAsked = Math.max(mostAsked, asked);
    }
    const headers = Object.fromEntries(["authorization", "content-type"].flatMap((name) => (typeof incoming.headers[name] === "string" ? [[name, incoming.headers[name]]] : [])));
    const answer = await fetch(`${atlassian.url}${incoming.url}`, { method: incoming.method, headers, ...(body && { body }) });
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  })().catch(() => outgoing.destroy());
});
road.listen(0, "127.0.0.1");
await once(road, "listening");
useTestDatabase(jiraSettings({ ...atlassian, url: `http://127.0.0.1:${(road.address() as AddressInfo).port}` }));

afterAll(async () => {
  road.closeAllConnections();
  road.close();
  await atlassian.stop();
});

let ada: Member;
let minjun: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
  minjun = await joinAs(ada, "minjun@maru.example");
});
beforeEach(async () => {
  await atlassian.control.reset();
  refreshes.length = 0;
});
afterEach(() => asSystem("grants", (tx) => tx.execute(sql`delete from plugin_connections; delete from oauth_credentials; delete from outbox_events`)));

const minutes = (count: number) => new Date(clock.nowMs() + count * 60_000);
const tenant = () => systemTenant(ada.organizationId);
const events = (name: string) =>
  asSystem("relay", (tx) => tx.execute<{ payload: Record<string, unknown> }>(sql`select payload from outbox_events where name = ${name} order by id`));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Refused ? error.code : error),
  );

/** A grant whose token has just ended, here and over there. */
async function expired(account = "ada", options: { link?: boolean } = {}): Promise<string> {
  const credentialId = await givenGrant(ada, atlassian, account, options);
  await atlassian.control.advance(3_601);
  await changeCredential(credentialId, { refreshedAt: minutes(-61), expiresAt: minutes(-1) });
  return credentialId;
}

async function connected(credentialId: string) {
  const [site] = await sitesOf(ada, credentialId);
  await connectSites(ada, { credentialId, cloudIds: [site?.cloudId ?? ""] });
  const [connection] = await connectionsOf(ada);
  if (!connection) throw new Error("not connected");
  return connection;
}

describe("a token that has ended", () => {
  test("is renewed once for fifty callers in two processes", async () => {
    const credentialId = await expired();
    await atlassian.control.answer({ match: "/oauth/token", kind: "slow", count: 50, delayMs: 300 });
    const workers = await Promise.all([1, 2].map(() => startWorker(credentialId, 25)));
    const answers = (await Promise.all(workers.map(tell))).flat();
    expect(answers).toHaveLength(50);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^2 /);
    expect(refreshes).toHaveLength(1);
    expect(await accessTokenOf(tenant(), credentialId)).toMatchObject({ version: 2, token: answers[0]?.slice(2) });
  });

  test("is renewed all the same when the process died between the answer and its writing, and the grant survives it", async () => {
    const credentialId = await expired();
    const worker = await startWorker(credentialId, 1, "die");
    worker.stdin?.write("go\n");
    const [, signal] = (await once(worker, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(refreshes).toHaveLength(1);
    expect(await credentialRow(credentialId)).toMatchObject({ version: 1, lastError: refreshUnderWay, brokenAt: null });
    // Nobody need ask: what was cut off is found, in time for the provider's leeway.
    const found = await grantsToRenew();
    expect(found).toMatchObject([{ credentialId, version: 1 }]);
    expect(await renewAhead(tenant(), credentialId, 1)).toBe("renewed");
    expect(refreshes).toHaveLength(2);
    expect(await credentialRow(credentialId)).toMatchObject({ version: 2, lastError: null, brokenAt: null });
    expect(await sitesOf(tenant(), credentialId)).not.toHaveLength(0);
  });

  test("is not asked for again by whoever comes second: they read what the first one wrote", async () => {
    const credentialId = await expired();
    await atlassian.control.answer({ match: "/oauth/token", kind: "slow", delayMs: 300 });
    const [first, second] = await Promise.all([
      startWorker(credentialId, 1).then(tell),
      startWorker(credentialId, 1).then(tell),
    ]);
    expect(first).toEqual(second);
    expect(refreshes).toHaveLength(1);
    expect(await credentialRow(credentialId)).toMatchObject({ version: 2, lastError: null });
  });
});

test("whoever knew only the token before does not ask again, and leaves no mark behind", async () => {
  const credentialId = await expired();
  const seen = await credentialRow(credentialId);
  await accessTokenOf(tenant(), credentialId);
  expect(await renew(tenant(), seen)).toMatchObject({ version: 2, lastError: null });
  expect(refreshes).toHaveLength(1);
  expect(await credentialRow(credentialId)).toMatchObject({ version: 2, lastError: null });
});

test("whoever did not know that the server wants to be left alone leaves it alone, and the reason stays", async () => {
  const credentialId = await expired();
  const seen = await credentialRow(credentialId);
  await atlassian.control.outage("unavailable");
  await refusal(accessTokenOf(tenant(), credentialId));
  expect(await renew(tenant(), seen)).toMatchObject({ version: 1, lastError: expect.stringContaining("503") as string });
  expect(refreshes).toHaveLength(1);
});

test("many that end together, at a slow token server, leave the database to everybody else", async () => {
  const row = await credentialRow(await expired());
  const values = Array.from({ length: 12 }, (_, index) => {
    const id = newId("credential");
    const sealed = seal("nobody's", credentialContext(id));
    return { ...row, id, accountId: `account-${index}`, accessToken: sealed, refreshToken: sealed };
  });
  const many = await asSystem("grants", (tx) => tx.insert(oauthCredentials).values(values).returning());
  await atlassian.control.answer({ match: "/oauth/token", kind: "slow", count: many.length, delayMs: 100 });
  mostAsked = 0;
  await Promise.all(many.map((one) => renew(tenant(), one)));
  expect(refreshes).toHaveLength(many.length);
  // Each of these requests holds a connection to the database.
  expect(mostAsked).toBeLessThanOrEqual(5);
});

describe("an outage is no revocation", () => {
  test("a token that is still good is used, the server is left alone for a while, and nobody is told", async () => {
    const credentialId = await givenGrant(ada, atlassian);
    await connected(credentialId);
    await changeCredential(credentialId, { refreshedAt: minutes(-57), expiresAt: minutes(3) });
    await atlassian.control.outage("unavailable");
    const { version } = await accessTokenOf(tenant(), credentialId);
    await accessTokenOf(tenant(), credentialId);
    expect(version).toBe(1);
    expect(refreshes).toHaveLength(1);
    expect(await credentialRow(credentialId)).toMatchObject({ brokenAt: null, lastError: expect.stringContaining("503") as string });
    expect(await events("connection.broken")).toHaveLength(0);
  });

  test.each(["unavailable", "unreachable"] as const)("once it has ended callers hear that Jira is away (%s), and it goes on when it is back", async (outage) => {
    const credentialId = await expired();
    await atlassian.control.outage(outage);
    expect(await refusal(accessTokenOf(tenant(), credentialId))).toBe("JIRA_UNAVAILABLE");
    await atlassian.control.outage("off");
    expect(await refusal(accessTokenOf(tenant(), credentialId))).toBe("JIRA_UNAVAILABLE");
    expect(refreshes).toHaveLength(1);
    const { version } = await clock.at(minutes(2), () => accessTokenOf(tenant(), credentialId));
    expect(version).toBe(2);
  });

  test("nor is an answer that says the app itself may not refresh", async () => {
    const credentialId = await expired();
    await atlassian.control.answer({ match: "/oauth/token", status: 403, body: { error: "unauthorized_client", error_description: "Grant type 'refresh_token' not allowed for the client." } });
    expect(await refusal(accessTokenOf(tenant(), credentialId))).toBe("JIRA_UNAVAILABLE");
    expect(await credentialRow(credentialId)).toMatchObject({ brokenAt: null });
  });
});

describe("a revoked grant", () => {
  test.each(["invalid_grant", "unauthorized_client"] as const)("breaks once, and is told once for each connection (%s)", async (refreshFailure) => {
    await atlassian.control.settings({ refreshFailure });
    const credentialId = await givenGrant(ada, atlassian, "ada", { link: true });
    const connection = await connected(credentialId);
    await atlassian.control.revoke("ada");
    await changeCredential(credentialId, { refreshedAt: minutes(-61), expiresAt: minutes(-1) });
    const { refreshedAt } = await credentialRow(credentialId);
    const asked = await Promise.all(Array.from({ length: 10 }, () => refusal(accessTokenOf(tenant(), credentialId))));
    expect(new Set(asked)).toEqual(new Set(["RECONNECT_NEEDED"]));
    expect(await refusal(accessTokenOf(tenant(), credentialId))).toBe("RECONNECT_NEEDED");
    expect(refreshes).toHaveLength(1);
    expect(await events("connection.broken")).toMatchObject([{ payload: { cause: "grant", connection: { id: connection.id } } }]);
    // Who looks after the connection hears of that, and not of their account besides.
    expect(await events("account.unlinked")).toHaveLength(0);
    expect((await connectionsOf(ada))[0]?.gapSince).toEqual(refreshedAt);
    expect(await grantsToRenew()).toEqual([]);
  });

  test("of a person alone is told to them", async () => {
    const credentialId = await givenGrant(minjun, atlassian, "minjun", { link: true });
    await atlassian.control.revoke("minjun");
    await changeCredential(credentialId, { refreshedAt: minutes(-61), expiresAt: minutes(-1) });
    expect(await refusal(accessTokenOf(tenant(), credentialId))).toBe("RECONNECT_NEEDED");
    expect(await events("account.unlinked")).toMatchObject([{ payload: { memberId: minjun.id, plugin: "jira" } }]);
    expect(await personOf(tenant(), minjun.id)).toMatchObject({ broken: true });
  });

  test("is mended by consenting again with the same account: same row, everything on it kept, and what was missed is asked for", async () => {
    const credentialId = await givenGrant(ada, atlassian);
    const connection = await connected(credentialId);
    await atlassian.control.revoke("ada");
    await changeCredential(credentialId, { refreshedAt: minutes(-61), expiresAt: minutes(-1) });
    await refusal(accessTokenOf(tenant(), credentialId));
    const { gapSince } = (await connectionsOf(ada))[0] ?? {};
    expect(await givenGrant(ada, atlassian)).toBe(credentialId);
    expect(await credentialRow(credentialId)).toMatchObject({ brokenAt: null, brokenReason: null, lastError: null, version: 2 });
    expect((await connectionsOf(ada))[0]?.credentialId).toBe(credentialId);
    expect(await events("connection.gap-found")).toMatchObject([{ payload: { connectionId: connection.id, since: gapSince?.toISOString() } }]);
    expect((await accessTokenOf(tenant(), credentialId)).version).toBe(2);
  });
});

test("what rests in the database holds no token in any spelling", async () => {
  const credentialId = await givenGrant(ada, atlassian);
  const { token } = await accessTokenOf(tenant(), credentialId);
  const [row] = await asSystem("grants", (tx) => tx.execute<{ text: string }>(sql`select row_to_json(${oauthCredentials})::text as text from ${oauthCredentials}`));
  const [signature = ""] = token.split(".").slice(-1);
  for (const spelling of [token, signature, Buffer.from(token).toString("base64"), Buffer.from(token).toString("hex")]) {
    expect(row?.text).not.toContain(spelling.slice(0, 40));
  }
  expect(row?.text).toContain(credentialId);
});

test("another organization gets no token of it", async () => {
  const credentialId = await givenGrant(ada, atlassian);
  const { owner } = await foundOrganization("sam@hanbit.example", "Hanbit");
  expect(await refusal(accessTokenOf(owner, credentialId))).toBe("RECONNECT_NEEDED");
  expect(await grantsOf(owner)).toEqual([]);
});

describe("ahead of need", () => {
  test("are renewed: those in use whose token ends soon, and those that nobody has used for a week; not those just renewed or unused", async () => {
    const inUse = await givenGrant(ada, atlassian);
    await connected(inUse);
    await changeCredential(inUse, { refreshedAt: minutes(-51), expiresAt: minutes(9) });
    const idle = await givenGrant(minjun, atlassian, "minjun", { link: true });
    await changeCredential(idle, { expiresAt: minutes(-60), refreshedAt: minutes(-8 * 24 * 60) });
    const rested = await givenGrant(ada, atlassian, "nora");
    await changeCredential(rested, { expiresAt: minutes(-60), refreshedAt: minutes(-2 * 24 * 60) });
    const due = await grantsToRenew();
    expect(due.map(({ credentialId }) => credentialId).toSorted()).toEqual([inUse, idle].toSorted());
    for (const { credentialId, version } of due) expect(await renewAhead(tenant(), credentialId, version)).toBe("renewed");
    expect(await grantsToRenew()).toEqual([]);
    // A list that is old by now does no harm.
    for (const { credentialId, version } of due) expect(await renewAhead(tenant(), credentialId, version)).toBe("kept");
    expect(refreshes).toHaveLength(2);
  });

  test("what was cut off comes first: the provider's leeway for it ends before the others' tokens are missed", async () => {
    const idle = await givenGrant(minjun, atlassian, "minjun", { link: true });
    await changeCredential(idle, { expiresAt: minutes(-60), refreshedAt: minutes(-8 * 24 * 60) });
    const failed = await givenGrant(ada, atlassian, "nora");
    await changeCredential(failed, { expiresAt: minutes(-30), lastError: "HTTP 503" });
    const cutOff = await givenGrant(ada, atlassian);
    await changeCredential(cutOff, { expiresAt: minutes(3), lastError: refreshUnderWay });
    expect((await grantsToRenew()).map(({ credentialId }) => credentialId)).toEqual([cutOff, idle, failed]);
  });

  test("one that failed is tried again when the provider may be asked, and not before", async () => {
    const credentialId = await expired();
    await atlassian.control.answer({ match: "/oauth/token", kind: "unavailable", retryAfterSeconds: 120 });
    expect(await renewAhead(tenant(), credentialId, 1)).toBe("waiting");
    expect(await grantsToRenew()).toEqual([]);
    expect(await clock.at(minutes(3), () => grantsToRenew())).toMatchObject([{ credentialId }]);
    expect(await clock.at(minutes(3), () => renewAhead(tenant(), credentialId, 1))).toBe("renewed");
  });
});

describe("a grant is forgotten", () => {
  test("with its person, unless a connection is reached with it", async () => {
    const own = await givenGrant(minjun, atlassian, "minjun", { link: true });
    expect(await unlinkAccount(minjun)).toBe(true);
    expect(await unlinkAccount(minjun)).toBe(false);
    expect(await refusal(accessTokenOf(tenant(), own))).toBe("RECONNECT_NEEDED");
    const shared = await givenGrant(ada, atlassian, "ada", { link: true });
    await connected(shared);
    await unlinkAccount(ada);
    expect((await accessTokenOf(tenant(), shared)).version).toBe(1);
    expect(await personOf(tenant(), ada.id)).toBeNull();
  });

  test("when its person was removed", async () => {
    const own = await givenGrant(minjun, atlassian, "minjun", { link: true });
    expect(await unlinkRemoved(tenant(), minjun.id)).toBe(1);
    expect(await unlinkRemoved(tenant(), minjun.id)).toBe(0);
    expect(await refusal(credentialRow(own))).toBeInstanceOf(Error);
  });

  test("a day after it came to nothing, or its connection was disconnected, and never while something hangs on it", async () => {
    const unused = await givenGrant(ada, atlassian, "nora");
    const shared = await givenGrant(ada, atlassian, "ada");
    const connection = await connected(shared);
    expect(await forgetUnusedGrants()).toBe(0);
    await changeCredential(unused, { refreshedAt: minutes(-25 * 60) });
    await changeCredential(shared, { refreshedAt: minutes(-25 * 60) });
    expect(await forgetUnusedGrants()).toBe(1);
    await asSystem("grants", (tx) => tx.execute(sql`update plugin_connections set disconnected_at = ${minutes(-23 * 60).toISOString()}::timestamptz where id = ${connection.id}`));
    expect(await forgetUnusedGrants()).toBe(0);
    expect(await clock.at(minutes(120), () => forgetUnusedGrants())).toBe(1);
  });
});

async function startWorker(credentialId: string, callers: number, mode = ""): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/support/ask-token.ts", ada.organizationId, credentialId, String(callers), mode], {
    env: { ...process.env, DATABASE_POOL: "4" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  await Promise.race([line(child), once(child, "exit").then(() => Promise.reject(new Error("a worker ended before it was ready")))]);
  return child;
}

async function tell(child: ChildProcess): Promise<string[]> {
  child.stdin?.write("go\n");
  return JSON.parse(await line(child)) as string[];
}

async function line({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("a worker says nothing");
  const lines = createInterface({ input: stdout });
  const [text] = (await once(lines, "line")) as [string];
  lines.close();
  return text;
}
