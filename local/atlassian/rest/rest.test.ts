import { beforeEach, describe, expect, it } from "vitest";
import { atlassianUnderTest, type Atlassian } from "../testing";
import { accountIdOf, cloudIdOf } from "../world/seed";

let atlassian: Atlassian;
beforeEach(async () => {
  atlassian = await atlassianUnderTest();
});

interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function ask(token: string, method: string, path: string, body?: unknown, { site = "maru", version = 3 } = {}): Promise<Answered> {
  const answer = await fetch(`${atlassian.url}/ex/jira/${cloudIdOf(site)}/rest/api/${version}/${path}`, { method, headers: { authorization: `Bearer ${token}` }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
}

const as = async (account: string) => {
  const { accessToken } = await atlassian.issueGrant(account);
  return (method: string, path: string, body?: unknown, options = {}) => ask(accessToken, method, path, body, options);
};

const doc = (text: string) => ({ type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] });
const hidden = { errorMessages: ["Issue does not exist or you do not have permission to see it."], errors: {} };

describe("an issue", () => {
  it("is made, changed, moved on, talked about and deleted, with documents in v3 and wiki text in v2", async () => {
    const ada = await as("ada");
    const made = await ada("POST", "issue", { fields: { project: { key: "MOIM" }, issuetype: { name: "Bug" }, summary: "It breaks", description: doc("Really"), priority: { name: "High" }, assignee: { accountId: accountIdOf("hugo") }, labels: ["a"] } });
    expect([made.status, Object.keys(made.body)]).toEqual([201, ["id", "key", "self"]]);
    const key = String(made.body.key);
    expect((await ada("PUT", `issue/${key}`, { fields: { summary: "It breaks often" }, update: { labels: [{ add: "b" }, { remove: "a" }] } })).status).toBe(204);
    const transitions = (await ada("GET", `issue/${key}/transitions`)).body.transitions as { id: string; to: { name: string } }[];
    const done = transitions.find(({ to }) => to.name === "Done");
    expect((await ada("POST", `issue/${key}/transitions`, { transition: { id: done?.id } })).status).toBe(204);
    expect((await ada("POST", `issue/${key}/transitions`, { transition: { id: "31" } })).body).toEqual({ errorMessages: ["Transition id '31' is not valid for this issue."], errors: {} });
    const comment = await ada("POST", `issue/${key}/comment`, { body: doc("Look") });
    expect([comment.status, comment.body.body]).toEqual([201, doc("Look")]);
    expect((await ada("PUT", `issue/${key}/assignee`, { accountId: null })).status).toBe(204);

    const v3 = (await ada("GET", `issue/${key}?expand=changelog,renderedFields,transitions`)).body;
    expect(v3).toMatchObject({ key, fields: { summary: "It breaks often", description: doc("Really"), labels: ["b"], status: { name: "Done", statusCategory: { key: "done" } }, resolution: { name: "Done" }, assignee: null, comment: { total: 1 } } });
    expect((v3.changelog as { histories: { items: { field: string }[] }[] }).histories.map(({ items }) => items.map(({ field }) => field))).toEqual([["assignee"], ["resolution", "status"], ["summary", "labels"]]);
    expect(v3.renderedFields).toMatchObject({ description: "<p>Really</p>" });
    const v2 = (await ada("GET", `issue/${key}?fields=description,comment`, undefined, { version: 2 })).body.fields as { comment: unknown };
    expect(v2).toMatchObject({ description: "Really", comment: { comments: [{ body: "Look" }] } });
    expect(Object.keys(v2)).toEqual(["description", "comment"]);
    expect((await ada("GET", `issue/${key}/changelog?maxResults=2`)).body).toMatchObject({ total: 3, isLast: false, startAt: 0 });
    expect((await ada("DELETE", `issue/${key}`)).status).toBe(204);
    expect((await ada("GET", `issue/${key}`)).status).toBe(404);
  });

  it("is a 404 for whoever may not see it, in every way of asking", async () => {
    const minjun = await as("minjun");
    expect((await (await as("nora"))("GET", "issue/PEOPLE-1")).status).toBe(200);
    for (const [method, path, body] of [["GET", "issue/PEOPLE-1"], ["PUT", "issue/PEOPLE-1", { fields: { summary: "x" } }], ["DELETE", "issue/PEOPLE-1"], ["POST", "issue/PEOPLE-1/comment", { body: doc("x") }], ["GET", "issue/PEOPLE-1/transitions"], ["GET", "issue/NOPE-1"]] as const) {
      expect(await minjun(method, path, body)).toMatchObject({ status: 404, body: hidden });
    }
    expect((await minjun("GET", "project/PEOPLE")).body).toEqual({ errorMessages: ["No project could be found with key 'PEOPLE'."], errors: {} });
    expect((await minjun("GET", "project/search")).body).toMatchObject({ total: 2, isLast: true });
    expect((await minjun("POST", "permissions/check", { accountId: accountIdOf("hugo"), projectPermissions: [{ permissions: ["BROWSE_PROJECTS"], projects: [10000, 10002] }] })).body).toEqual({ globalPermissions: [], projectPermissions: [{ permission: "BROWSE_PROJECTS", issues: [], projects: [10000] }] });
    expect((await (await as("hugo"))("POST", "permissions/check", { accountId: accountIdOf("ada") })).status).toBe(403);
    expect((await minjun("GET", "mypermissions?permissions=BROWSE_PROJECTS,ADMINISTER")).body).toMatchObject({ permissions: { BROWSE_PROJECTS: { havePermission: true }, ADMINISTER: { havePermission: true } } });
  });

  it("keeps its comments for those who wrote them, and for administrators", async () => {
    const { id } = await atlassian.control.comment("MOIM-1", "Mine", "hugo");
    const camille = await as("camille");
    expect((await camille("PUT", `issue/MOIM-1/comment/${id}`, { body: doc("Yours") })).status).toBe(400);
    expect((await camille("DELETE", `issue/MOIM-1/comment/${id}`)).status).toBe(400);
    expect((await (await as("hugo"))("PUT", `issue/MOIM-1/comment/${id}`, { body: doc("Better") })).body).toMatchObject({ body: doc("Better") });
    expect((await (await as("ada"))("DELETE", `issue/MOIM-1/comment/${id}`)).status).toBe(204);
  });

  it("is linked to another and freed again, and work on it is logged", async () => {
    const ada = await as("ada");
    expect((await ada("POST", "issueLink", { type: { name: "Blocks" }, inwardIssue: { key: "MOIM-1" }, outwardIssue: { key: "MOIM-2" } })).status).toBe(201);
    const links = async (key: string) => ((await ada("GET", `issue/${key}?fields=issuelinks`)).body.fields as { issuelinks: { id: string; type: { outward: string }; outwardIssue?: { key: string }; inwardIssue?: { key: string } }[] }).issuelinks;
    const [link] = await links("MOIM-1");
    expect(link).toMatchObject({ type: { outward: "blocks" }, outwardIssue: { key: "MOIM-2" } });
    expect((await links("MOIM-2"))[0]).toMatchObject({ inwardIssue: { key: "MOIM-1" } });
    expect((await ada("DELETE", `issueLink/${link?.id}`)).status).toBe(204);
    expect(await links("MOIM-1")).toEqual([]);
    expect((await ada("POST", "issue/MOIM-1/worklog", { timeSpentSeconds: 5_400 })).body).toMatchObject({ timeSpent: "1h 30m", issueId: "10000" });
    expect((await ada("GET", "issue/MOIM-1?fields=timespent")).body.fields).toEqual({ timespent: 5_400 });
  });

  it("is found by its old key after it was moved", async () => {
    const { key } = await atlassian.control.moveIssue("MOIM-1", "OPS");
    expect(key).toBe("OPS-3");
    expect((await (await as("ada"))("GET", "issue/MOIM-1?fields=summary")).body).toMatchObject({ key: "OPS-3" });
  });

  it.each([
    [{}, { project: "valid project is required" }],
    [{ project: { key: "PEOPLE" } }, { project: "valid project is required" }],
    [{ project: { key: "MOIM" }, summary: "x" }, { issuetype: "Specify an issue type" }],
    [{ project: { key: "MOIM" }, issuetype: { id: "10002" } }, { summary: "You must specify a summary of the issue." }],
    [{ project: { key: "MOIM" }, issuetype: { id: "10002" }, summary: "a\nb" }, { summary: "The summary is invalid because it contains newline characters." }],
    [{ project: { key: "MOIM" }, issuetype: { id: "10002" }, summary: "x", description: "wiki" }, { description: "Operation value must be an Atlassian Document (see the Atlassian Document Format)" }],
    [{ project: { key: "MOIM" }, issuetype: { id: "10002" }, summary: "x", colour: 1 }, { colour: "Field 'colour' cannot be set. It is not on the appropriate screen, or unknown." }],
    [{ project: { key: "MOIM" }, issuetype: { id: "10002" }, summary: "x", assignee: { accountId: "nobody" } }, { assignee: "User 'nobody' cannot be assigned issues." }],
  ])("is refused with its faults by field: %j", async (fields, errors) => {
    expect(await (await as("minjun"))("POST", "issue", { fields })).toMatchObject({ status: 400, body: { errorMessages: [], errors } });
  });

  it("tells what making one takes, and whom it can be given to", async () => {
    const ada = await as("ada");
    expect((await ada("GET", "issue/createmeta/MOIM/issuetypes")).body).toMatchObject({ total: 5, issueTypes: [{ name: "Epic" }, {}, {}, {}, {}] });
    const { fields } = (await ada("GET", "issue/createmeta/MOIM/issuetypes/10002")).body as { fields: { fieldId: string; required: boolean }[] };
    expect(fields.filter(({ required }) => required).map(({ fieldId }) => fieldId)).toEqual(["summary", "issuetype", "project", "reporter"]);
    expect((await ada("GET", "user/assignable/search?project=PEOPLE&query=o")).body).toMatchObject([{ displayName: "Nora Fields" }]);
    expect((await ada("GET", "myself")).body).toMatchObject({ accountId: accountIdOf("ada"), emailAddress: "ada@maru.example", timeZone: "America/New_York" });
  });
});

describe("searching", () => {
  it("gives ids unless fields are asked for, page by page, and no total", async () => {
    const ada = await as("ada");
    const first = (await ada("GET", `search/jql?${new URLSearchParams({ jql: "project = MOIM ORDER BY key", maxResults: "3" })}`)).body;
    expect(first).toEqual({ issues: ["10000", "10001", "10002"].map((id) => ({ id })), nextPageToken: expect.any(String) as string, isLast: false });
    const second = (await ada("POST", "search/jql", { jql: "project = MOIM ORDER BY key", maxResults: 3, fields: ["summary"], nextPageToken: first.nextPageToken })).body;
    expect(second).toMatchObject({ isLast: true, issues: [{ key: "MOIM-4", fields: { summary: "Traduire les courriels d’invitation" } }, { key: "MOIM-5" }] });
    expect(second).not.toHaveProperty("nextPageToken");
    expect((await ada("POST", "search/jql", { jql: "project = OPS", nextPageToken: first.nextPageToken })).status).toBe(400);
    await atlassian.control.advance(8 * 86_400);
    expect((await (await as("ada"))("POST", "search/jql", { jql: "project = MOIM ORDER BY key", nextPageToken: first.nextPageToken })).status).toBe(400);
  });

  it("refuses what is unbounded or cannot be read, and says that the old address is gone", async () => {
    const ada = await as("ada");
    expect(await ada("POST", "search/jql", { jql: "order by created" })).toMatchObject({ status: 400, body: { errorMessages: ["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."] } });
    expect(await ada("POST", "search/jql", { jql: "project = NOPE" })).toMatchObject({ status: 400, body: { errorMessages: ["The value 'NOPE' does not exist for the field 'project'."] } });
    expect((await ada("GET", "search?jql=project=MOIM")).status).toBe(410);
  });
});

describe("the gateway", () => {
  it("knows its sites: unknown, not granted, no member any more", async () => {
    const { accessToken } = await atlassian.issueGrant("ada", undefined, ["maru"]);
    const unknown = await fetch(`${atlassian.url}/ex/jira/nowhere/rest/api/3/myself`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { status: 404, error: "Not Found", timestamp: expect.any(String) as string }]);
    expect((await ask(accessToken, "GET", "myself", undefined, { site: "maru-labs" })).status).toBe(403);
    await atlassian.control.account({ key: "ada", sites: ["maru-labs"] });
    expect((await ask(accessToken, "GET", "myself")).status).toBe(403);
    await expect(atlassian.control.createIssue()).rejects.toThrow("may not use Maru");
    await atlassian.control.account({ key: "ada", sites: ["maru"] });
    expect((await ask(accessToken, "GET", "myself")).status).toBe(200);
    await atlassian.control.uninstall("maru");
    expect((await ask(accessToken, "GET", "myself")).status).toBe(403);
  });

  it("enforces scopes for every write", async () => {
    const { accessToken } = await atlassian.issueGrant("ada", ["read:jira-work"]);
    expect((await ask(accessToken, "GET", "issue/MOIM-1")).status).toBe(200);
    for (const [method, path] of [["POST", "issue"], ["PUT", "issue/MOIM-1"], ["DELETE", "issue/MOIM-1"], ["POST", "issue/MOIM-1/comment"], ["GET", "myself"]] as const) {
      expect(await ask(accessToken, method, path, method === "GET" ? undefined : {})).toMatchObject({ status: 401, body: { code: 401, message: "Unauthorized; scope does not match" } });
    }
  });

  it("answers as scripted for the next calls that match, then as ever", async () => {
    const ada = await as("ada");
    await atlassian.control.answer({ kind: "rate-limit", match: "/issue/", count: 2, retryAfterSeconds: 7 });
    await atlassian.control.answer({ kind: "unavailable", match: "/issue/", retryAfterSeconds: 9 });
    await atlassian.control.answer({ kind: "reset", match: "/issue/" });
    expect((await ada("GET", "myself")).status).toBe(200);
    for (let count = 0; count < 2; count += 1) {
      const { status, headers } = await ada("GET", "issue/MOIM-1");
      expect([status, headers.get("retry-after"), headers.get("x-ratelimit-remaining"), headers.get("ratelimit-reason")]).toEqual([429, "7", "0", "jira-burst-based"]);
      expect(headers.get("x-ratelimit-reset")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
    }
    const away = await ada("GET", "issue/MOIM-1");
    expect([away.status, away.headers.get("retry-after")]).toEqual([503, "9"]);
    await expect(ada("GET", "issue/MOIM-1")).rejects.toThrow();
    expect((await ada("GET", "issue/MOIM-1")).status).toBe(200);
    await atlassian.control.outage("unreachable");
    await expect(ada("GET", "myself")).rejects.toThrow();
    await atlassian.control.outage("unavailable");
    expect((await ada("GET", "myself")).status).toBe(503);
    await atlassian.control.outage("off");
    expect((await ada("GET", "myself")).status).toBe(200);
  });

  it("has real budgets: points an hour, calls a second, writes to one issue", async () => {
    const frozen = Date.parse("2026-11-21T12:30:00Z");
    atlassian = await atlassianUnderTest({ now: () => frozen });
    await atlassian.control.settings({ limits: { pointsPerHour: 5, readsPerSecond: 100, writesPerSecond: 50, issueWrites: true } });
    const ada = await as("ada");
    const first = await ada("GET", "issue/MOIM-1?fields=summary");
    expect([first.headers.get("x-ratelimit-limit"), first.headers.get("x-ratelimit-remaining")]).toEqual(["5", "5"]);
    await ada("GET", "issue/MOIM-1?fields=summary");
    await ada("GET", "issue/MOIM-1?fields=summary");
    const refused = await ada("GET", "issue/MOIM-1");
    expect([refused.status, refused.headers.get("ratelimit-reason")]).toEqual([429, "jira-quota-global-based"]);
    await atlassian.control.settings({ limits: { pointsPerHour: 65_000, readsPerSecond: 2, writesPerSecond: 50, issueWrites: true } });
    await ada("GET", "myself");
    await ada("GET", "myself");
    expect((await ada("GET", "myself")).headers.get("ratelimit-reason")).toBe("jira-burst-based");
    for (let count = 0; count < 20; count += 1) await ada("PUT", "issue/MOIM-1", { fields: { summary: `x${count}` } });
    expect((await ada("PUT", "issue/MOIM-1", { fields: { summary: "y" } })).headers.get("ratelimit-reason")).toBe("jira-per-issue-on-write");
  });

  it("refuses loudly what it does not have", async () => {
    expect((await (await as("ada"))("GET", "dashboard")).status).toBe(501);
  });
});
