import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { startAtlassian } from "@/local/atlassian/testing";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { takeTurn } from "../../credentials/budgets/commands";
import { burst, overdraft } from "../../credentials/budgets/rules";
import { accessTokenOf, sitesOf } from "../../credentials/queries";
import { changeCredential, credentialRow, givenGrant, jiraSettings } from "../../credentials/testing";
import { JiraError, jiraClient, refusedByJira } from "./client";

const atlassian = await startAtlassian();

/** Stands in for the gateway where the engine cannot misbehave enough; what it asks is kept. */
let misbehave: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;
const asked: { path: string; authorization: string | undefined }[] = [];
const road = createServer((incoming, outgoing) => {
  asked.push({ path: incoming.url ?? "", authorization: incoming.headers.authorization });
  if (misbehave && incoming.url?.startsWith("/ex/")) return misbehave(incoming, outgoing);
  void (async () => {
    const body = await text(incoming);
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
let credentialId: string;
let cloudId: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
});
beforeEach(async () => {
  await atlassian.control.reset();
  credentialId = await givenGrant(ada, atlassian);
  const sites = await sitesOf(ada, credentialId);
  cloudId = sites.find(({ name }) => name === "maru")?.cloudId ?? "";
  asked.length = 0;
});
afterEach(async () => {
  misbehave = null;
  await asSystem("grants", (tx) => tx.execute(sql`delete from oauth_credentials; delete from site_budgets`));
});

const jira = () => jiraClient(systemTenant(ada.organizationId), { credentialId, cloudId });
const failure = (work: Promise<unknown>): Promise<JiraError> =>
  work.then(
    (value) => Promise.reject(new Error(`it was answered: ${JSON.stringify(value)}`)),
    (error: unknown) => (error instanceof JiraError ? error : Promise.reject(error as Error)),
  );
const minutes = (count: number) => new Date(clock.nowMs() + count * 60_000);
const refreshes = () => asked.filter(({ path }) => path === "/oauth/token").length;
const calls = () => asked.filter(({ path }) => path.startsWith("/ex/jira/")).length;

/** Over there the token has ended; here it has seven minutes left, because the clocks differ. */
async function endedOverThere(expiredTokenStatus: 401 | 403 | 404) {
  await atlassian.control.settings({ expiredTokenStatus });
  await atlassian.control.advance(3_601);
  await changeCredential(credentialId, { refreshedAt: minutes(-53), expiresAt: minutes(7) });
}

describe("a token that the gateway takes for expired", () => {
  test.each([401, 403, 404] as const)("is refreshed once and the call repeated (%i)", async (status) => {
    await endedOverThere(status);
    expect(await jira().get("/rest/api/3/myself", { schema: z.object({ displayName: z.string() }) })).toEqual({ displayName: "Ada Sinclair" });
    expect(refreshes()).toBe(1);
    expect(calls()).toBe(2);
    expect((await credentialRow(credentialId)).version).toBe(2);
  });

  test("is refreshed once for many that are refused with it at the same time", async () => {
    await endedOverThere(404);
    await Promise.all(Array.from({ length: 10 }, () => jira().get("/rest/api/3/myself")));
    expect(refreshes()).toBe(1);
  });

  test("does not make an issue unknown while the token server is away: what the answer means cannot be told", async () => {
    await endedOverThere(404);
    await atlassian.control.answer({ match: "/oauth/token", kind: "unavailable", count: 5 });
    expect((await failure(jira().get("/rest/api/3/issue/MOIM-1"))).kind).toBe("unavailable");
    expect((await accessTokenOf(ada, credentialId)).version).toBe(1);
  });
});

describe("a refusal that is meant", () => {
  test("is not answered with a refresh: 404 long before the end", async () => {
    await changeCredential(credentialId, { refreshedAt: minutes(-20), expiresAt: minutes(40) });
    expect(await failure(jira().get("/rest/api/3/issue/MOIM-99999"))).toMatchObject({ kind: "not-found", status: 404 });
    expect(refreshes()).toBe(0);
  });

  test("never loops: near the end there is one refresh and one repetition", async () => {
    await changeCredential(credentialId, { refreshedAt: minutes(-53), expiresAt: minutes(7) });
    misbehave = (_, response) => response.writeHead(401).end("{}");
    expect((await failure(jira().get("/rest/api/3/myself"))).kind).toBe("forbidden");
    expect(calls()).toBe(2);
    expect(refreshes()).toBe(1);
  });

  test("a scope that the grant lacks is not mended by refreshing", async () => {
    credentialId = await givenGrant(ada, atlassian, "ada", { scopes: ["read:jira-work", "read:jira-user", "offline_access"] });
    await changeCredential(credentialId, { refreshedAt: minutes(-53), expiresAt: minutes(7) });
    asked.length = 0;
    const error = await failure(jira().get("/rest/api/3/webhook"));
    expect(error.kind).toBe("scope");
    expect(refreshedByHand(error)).toBe("RECONNECT_NEEDED");
    expect(refreshes()).toBe(0);
  });

  test("a grant that is gone says so", async () => {
    await atlassian.control.revoke("ada");
    await changeCredential(credentialId, { refreshedAt: minutes(-61), expiresAt: minutes(-1) });
    const error = await failure(jira().get("/rest/api/3/myself"));
    expect([error.kind, refreshedByHand(error)]).toEqual(["broken", "RECONNECT_NEEDED"]);
  });

  test("keeps Jira's own words, by field", async () => {
    const error = await failure(jira().post("/rest/api/3/issue", { body: { fields: { project: { key: "MOIM" }, issuetype: { name: "Task" } } } }));
    expect(error).toMatchObject({ kind: "invalid", status: 400 });
    expect(Object.keys(error.errors)).toContain("summary");
    expect(refusedByJira(error)).toMatchObject({ code: "JIRA_REFUSED", extra: { errors: error.errors } });
  });
});

const refreshedByHand = (error: JiraError) => refusedByJira(error).code;

describe("a 429 is obeyed", () => {
  test("by everybody who asks this site, in every process, until its Retry-After is over; other sites go on", async () => {
    await atlassian.control.answer({ match: "/myself", kind: "rate-limit", retryAfterSeconds: 60 });
    expect(await failure(jira().get("/rest/api/3/myself"))).toMatchObject({ kind: "rate-limited", retryAfterSeconds: 60 });
    asked.length = 0;
    expect(await failure(jira().get("/rest/api/3/project/search"))).toMatchObject({ kind: "rate-limited" });
    expect(await elsewhere(cloudId)).toMatchObject({ retryAfterSeconds: expect.any(Number) as number });
    expect(calls()).toBe(0);
    expect(await takeTurn(ada, "another-site")).toEqual({ afterMs: 0 });
    expect(await clock.at(minutes(1.1), () => jira().get("/rest/api/3/myself"))).toMatchObject({ displayName: "Ada Sinclair" });
  });

  test("but too many writes to one issue do not stop the site", async () => {
    misbehave = (_, response) => response.writeHead(429, { "Retry-After": "30", "RateLimit-Reason": "jira-per-issue-on-write" }).end("{}");
    expect((await failure(jira().put("/rest/api/3/issue/MOIM-1", { body: {} }))).kind).toBe("rate-limited");
    misbehave = null;
    expect(await jira().get("/rest/api/3/myself")).toMatchObject({ displayName: "Ada Sinclair" });
  });

  test("a 503 with Retry-After as well, one without is an outage", async () => {
    await atlassian.control.answer({ match: "/myself", kind: "status", status: 503, body: {} });
    expect(refreshedByHand(await failure(jira().get("/rest/api/3/myself")))).toBe("JIRA_UNAVAILABLE");
    await atlassian.control.answer({ match: "/myself", kind: "unavailable", retryAfterSeconds: 20 });
    expect((await failure(jira().get("/rest/api/3/myself"))).kind).toBe("unavailable");
    expect((await failure(jira().get("/rest/api/3/myself"))).kind).toBe("rate-limited");
  });
});

describe("the budget of a site", () => {
  test("lets a burst through, then makes callers wait their turn, and sends the others away", async () => {
    const start = minutes(0);
    const turns = await clock.at(start, async () => {
      const taken = [];
      for (let call = 0; call < burst + overdraft + 5; call += 1) taken.push(await takeTurn(ada, "a-site"));
      return taken;
    });
    expect(turns.filter((turn) => "afterMs" in turn && turn.afterMs === 0)).toHaveLength(burst);
    expect(turns.slice(burst, burst + overdraft).map((turn) => ("afterMs" in turn ? turn.afterMs : null))).toEqual(Array.from({ length: overdraft }, (_, index) => (index + 1) * 100));
    expect(turns.slice(-5)).toEqual(Array(5).fill({ retryAfterSeconds: 2 }));
    expect(await clock.at(new Date(start.getTime() + 60_000), () => takeTurn(ada, "a-site"))).toEqual({ afterMs: 0 });
  });

  test("is exact however many ask at once", async () => {
    const turns = await clock.at(minutes(0), () => Promise.all(Array.from({ length: burst + overdraft + 40 }, () => takeTurn(ada, "a-site"))));
    expect(turns.filter((turn) => "afterMs" in turn)).toHaveLength(burst + overdraft);
  });

  test("goes with the site to another organization", async () => {
    await takeTurn(ada, "a-site");
    const { owner } = await foundOrganization("sam@hanbit.example", "Hanbit");
    expect(await takeTurn(owner, "a-site")).toEqual({ afterMs: 0 });
  });
});

describe("an answer", () => {
  test("of more than 10 MB is not read to its end", async () => {
    misbehave = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(256 * 1024, "a")));
        response.once("drain", more);
      };
      more();
    };
    expect(await failure(jira().get("/rest/api/3/myself"))).toMatchObject({ kind: "unavailable", status: 0 });
  });

  test("that does not come is not waited for", async () => {
    misbehave = () => undefined;
    expect(await failure(jira().get("/rest/api/3/myself", { timeoutMs: 50 }))).toMatchObject({ kind: "unavailable", messages: ["no answer within 50 ms"] });
  });

  test("that leads elsewhere is not followed: the token stays here", async () => {
    misbehave = (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:9/elsewhere" }).end();
    expect(await failure(jira().get("/rest/api/3/myself"))).toMatchObject({ kind: "unavailable", status: 302 });
  });

  test.each(["<html>", "", "[1]", '{"displayName":7}'])("in another shape is none: %j", async (body) => {
    misbehave = (_, response) => response.writeHead(200).end(body);
    expect((await failure(jira().get("/rest/api/3/myself", { schema: z.object({ displayName: z.string() }) }))).kind).toBe("unavailable");
  });
});

test.each(["/rest/../../other/rest/api/3/myself", "/elsewhere", "//evil.example/rest/", "/rest/%2e%2e/%2e%2e/x"])("a path that leaves its site is refused: %s", async (path) => {
  await expect(jira().get(path)).rejects.toThrow(RangeError);
  expect(calls()).toBe(0);
});

test("what is logged of a failure holds no token", async () => {
  const lines: string[] = [];
  const kept = (["info", "warn", "error"] as const).map((level) => vi.spyOn(log, level).mockImplementation((message, data) => void lines.push(JSON.stringify([message, data]))));
  const { token } = await accessTokenOf(ada, credentialId);
  await endedOverThere(401);
  await atlassian.control.answer({ match: "/oauth/token", status: 500, body: { error: "server_error" } });
  await failure(jira().get("/rest/api/3/myself"));
  for (const spy of kept) spy.mockRestore();
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join("\n")).not.toContain(token);
});

test("only Jira's refusals are turned into ours; a defect stays one", () => {
  expect(() => refusedByJira(new TypeError("a defect"))).toThrow(TypeError);
  expect(refusedByJira(new JiraError("not-found"))).toBeInstanceOf(Refused);
});

/** The turn of another process. */
async function elsewhere(siteId: string): Promise<unknown> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/support/take-turn.ts", ada.organizationId, siteId], { env: process.env, stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(await text(child.stdout));
}
