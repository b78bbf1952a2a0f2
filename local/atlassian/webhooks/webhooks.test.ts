import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { atlassianUnderTest, type Atlassian } from "../testing";
import { receiver } from "./receiver";
import { isRetried } from "./sender";
import { hubSignature } from "./sign";

const minute = 60;

/** What an application asks of the REST API with its token. */
async function asApp(atlassian: Atlassian, accessToken: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const resources = (await (await fetch(`${atlassian.url}/oauth/token/accessible-resources`, { headers: { authorization: `Bearer ${accessToken}` } })).json()) as { id: string }[];
  const answer = await fetch(`${atlassian.url}/ex/jira/${resources[0]?.id}/rest/api/3/${path}`, { method, headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

const register = (atlassian: Atlassian, accessToken: string, url: string, ...hooks: { jqlFilter: string; events?: string[]; fieldIdsFilter?: string[] }[]) =>
  asApp(atlassian, accessToken, "POST", "webhook", { url, webhooks: hooks.map((hook) => ({ events: ["jira:issue_created", "jira:issue_updated"], ...hook })) });

describe("an admin webhook", () => {
  it("is signed over the raw bytes, as the published vector is", async () => {
    expect(hubSignature("It's a Secret to Everybody", "Hello World!")).toBe("sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9");
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    await atlassian.control.hook({ site: "maru", url, secret: "키 ✓" });
    await atlassian.control.createIssue({ fields: { summary: "한글 ✓" } });
    await atlassian.control.settle();
    expect(received).toHaveLength(1);
    expect(received[0]?.headers).toMatchObject({
      "x-hub-signature": `sha256=${createHmac("sha256", "키 ✓").update(Buffer.from(received[0]?.raw ?? "", "utf8")).digest("hex")}`,
      "x-atlassian-webhook-flow": "Primary",
      "user-agent": "Atlassian Webhook HTTP Client",
      "content-type": "application/json; charset=utf-8",
    });
    expect(received[0]?.headers["x-atlassian-webhook-retry"]).toBeUndefined();
    expect(received[0]?.path).toMatch(/\?triggeredByUser=712020%3A/);
  });

  it("tells creation, change, transition and comment in Jira's shapes", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const events = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created"];
    await atlassian.control.hook({ site: "maru", url, events });
    const { key } = await atlassian.control.createIssue();
    await atlassian.control.editIssue(key, { summary: "Changed", labels: ["a"] }, "minjun");
    await atlassian.control.transition(key, "In Progress");
    await atlassian.control.comment(key, "Look, [~accountid:x]");
    await atlassian.control.deleteIssue(key);
    await atlassian.control.settle();
    const told = (event: string, type?: string) => received.map(({ body }) => body).find((body) => body.webhookEvent === event && (type === undefined || body.issue_event_type_name === type));
    expect(told("jira:issue_created")).toMatchObject({ issue: { key, fields: { summary: "Something to do", description: null } }, user: { displayName: "Ada Sinclair" } });
    const { changelog, user } = told("jira:issue_updated", "issue_updated") as { changelog: { items: Record<string, unknown>[] }; user: unknown };
    expect(user).toMatchObject({ displayName: "김민준" });
    expect(changelog.items).toEqual([
      { field: "summary", fieldtype: "jira", fieldId: "summary", from: null, fromString: "Something to do", to: null, toString: "Changed" },
      { field: "labels", fieldtype: "jira", fieldId: "labels", from: null, fromString: "", to: null, toString: "a" },
    ]);
    expect(told("jira:issue_updated", "issue_generic")).toMatchObject({ changelog: { items: [{ field: "status", fromString: "To Do", toString: "In Progress" }] } });
    const comment = told("comment_created");
    expect(comment).toMatchObject({ comment: { body: "Look, [~accountid:x]" }, issue: { key } });
    expect(comment).not.toHaveProperty("user");
    expect(told("jira:issue_updated", "issue_commented")).not.toHaveProperty("changelog");
    expect(told("jira:issue_deleted")).toMatchObject({ issue: { key } });
  });

  it("hears of what its filter lets pass, and nothing when it is off; a body that is left out is signed as empty", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    await atlassian.control.hook({ site: "maru", url, jql: "project = OPS AND labels = urgent", secret: "s", excludeBody: true });
    await atlassian.control.hook({ site: "maru", url, enabled: false });
    await atlassian.control.createIssue({ project: "OPS" });
    await atlassian.control.createIssue({ project: "MOIM", fields: { labels: ["urgent"] } });
    await atlassian.control.createIssue({ project: "OPS", fields: { labels: ["urgent"] } });
    await atlassian.control.settle();
    expect(received.map(({ raw }) => raw)).toEqual([""]);
    expect(received[0]?.headers["x-hub-signature"]).toBe(hubSignature("s", ""));
  });

  it("is made by administrators, with a filter that can be read, a hundred at most", async () => {
    const atlassian = await atlassianUnderTest();
    const hook = { site: "maru", url: "http://127.0.0.1:9/x" };
    await expect(atlassian.control.hook({ ...hook, as: "camille" })).rejects.toThrow("403");
    await expect(atlassian.control.hook({ ...hook, jql: "project = NOPE" })).rejects.toThrow("does not exist for the field 'project'");
    const headers = { authorization: `Basic ${Buffer.from("ada@maru.example:token").toString("base64")}` };
    const rest = `${atlassian.url}/sites/maru/rest/webhooks/1.0/webhook`;
    const made = (await (await fetch(rest, { method: "POST", headers, body: JSON.stringify({ name: "By REST", url: hook.url, events: ["comment_created"], filters: { "issue-related-events-section": "project = MOIM" }, secret: "s" }) })).json()) as Record<string, unknown>;
    expect(made).toMatchObject({ isSigned: true, filters: { "issue-related-events-section": "project = MOIM" } });
    expect(made).not.toHaveProperty("secret");
    expect((await fetch(rest, { headers: { authorization: `Bearer ${(await atlassian.issueGrant()).accessToken}` } })).status).toBe(401);
    for (let count = 1; count < 100; count += 1) await atlassian.control.hook(hook);
    await expect(atlassian.control.hook(hook)).rejects.toThrow("at most 100");
  });
});

describe("a dynamic webhook", () => {
  it("proves itself by a JWT with the client secret and names what matched", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const { accessToken } = await atlassian.issueGrant();
    const { body } = await register(atlassian, accessToken, url, { jqlFilter: "project = MOIM" }, { jqlFilter: "project != null" }, { jqlFilter: "project = OPS" });
    const ids = (body.webhookRegistrationResult as { createdWebhookId: number }[]).map(({ createdWebhookId }) => createdWebhookId);
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    expect(received.map((one) => one.body.matchedWebhookIds)).toEqual([ids.slice(0, 2)]);
    const [head = "", claims = "", signature] = (received[0]?.headers.authorization ?? "").replace("Bearer ", "").split(".");
    expect(signature).toBe(createHmac("sha256", atlassian.clientSecret).update(`${head}.${claims}`).digest("base64url"));
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({ alg: "HS256" });
    expect(received[0]?.headers["x-hub-signature"]).toBeUndefined();
  });

  it("is refused one by one inside a 200: filter, event, URL, number", async () => {
    const atlassian = await atlassianUnderTest();
    const { accessToken } = await atlassian.issueGrant();
    const url = "http://127.0.0.1:9/one";
    const first = await register(atlassian, accessToken, url, { jqlFilter: "project is not EMPTY" }, { jqlFilter: "" }, { jqlFilter: "project = MOIM", events: ["worklog_created"] }, { jqlFilter: "labels = x" }, { jqlFilter: "project = MOIM" });
    expect(first.status).toBe(200);
    expect(first.body.webhookRegistrationResult).toEqual([
      { errors: ["Operator is not is unsupported"] },
      { errors: ["The JQL filter must not be empty"] },
      { errors: ["Event worklog_created is unsupported"] },
      { errors: ["Clause labels is unsupported"] },
      { createdWebhookId: expect.any(Number) as number },
    ]);
    const second = await register(atlassian, accessToken, "http://127.0.0.1:9/two", { jqlFilter: "project = MOIM" });
    expect(second.body.webhookRegistrationResult).toEqual([{ errors: ["Only a single URL per app is allowed to be registered"] }]);
    const more = await register(atlassian, accessToken, url, ...Array.from({ length: 5 }, () => ({ jqlFilter: "project = MOIM" })));
    expect((more.body.webhookRegistrationResult as object[]).map((result) => "errors" in result)).toEqual([false, false, false, false, true]);
    // Five for each user, not for the application.
    const minjun = await atlassian.issueGrant("minjun");
    expect((await register(atlassian, minjun.accessToken, url, { jqlFilter: "project = MOIM" })).body.webhookRegistrationResult).toEqual([{ createdWebhookId: expect.any(Number) as number }]);
  });

  it("lives thirty days unless it is refreshed, and is listed with its end", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const day = 24 * 60 * minute;
    const { accessToken } = await atlassian.issueGrant();
    await atlassian.control.settings({ accessTokenSeconds: 86_400 });
    await register(atlassian, accessToken, url, { jqlFilter: "project = MOIM" });
    await atlassian.control.advance(29 * day);
    const fresh = (await atlassian.issueGrant()).accessToken;
    const { body } = await asApp(atlassian, fresh, "GET", "webhook");
    const [hook] = body.values as { id: number; expirationDate: string }[];
    expect(Date.parse(hook?.expirationDate ?? "") - Date.now()).toBeLessThan(1.01 * day * 1_000);
    expect((await asApp(atlassian, fresh, "PUT", "webhook/refresh", { webhookIds: [hook?.id] })).status).toBe(200);
    await atlassian.control.advance(29 * day);
    await atlassian.control.createIssue();
    await atlassian.control.advance(2 * day);
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    expect(received).toHaveLength(1);
  });

  it("goes by 202 when it is deleted, and only applications of Connect may ask what failed", async () => {
    const atlassian = await atlassianUnderTest();
    const { accessToken } = await atlassian.issueGrant();
    const { body } = await register(atlassian, accessToken, "http://127.0.0.1:9/x", { jqlFilter: "project = MOIM" });
    const [created] = body.webhookRegistrationResult as { createdWebhookId: number }[];
    expect((await asApp(atlassian, accessToken, "DELETE", "webhook", { webhookIds: [created?.createdWebhookId] })).status).toBe(202);
    expect((await asApp(atlassian, accessToken, "GET", "webhook")).body).toMatchObject({ total: 0, values: [] });
    expect((await asApp(atlassian, accessToken, "GET", "webhook/failed")).status).toBe(403);
    const unscoped = await atlassian.issueGrant("minjun", ["read:jira-work"]);
    expect((await asApp(atlassian, unscoped.accessToken, "GET", "webhook")).body).toEqual({ code: 401, message: "Unauthorized; scope does not match" });
  });

  it("tells nothing of a project that its user may not see, nor of fields that it did not ask for, and of a private application only to its owner", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const { accessToken } = await atlassian.issueGrant("minjun");
    await register(atlassian, accessToken, url, { jqlFilter: "project != null", fieldIdsFilter: ["summary"] });
    await atlassian.control.createIssue({ project: "PEOPLE" });
    const { key } = await atlassian.control.createIssue();
    await atlassian.control.editIssue(key, { labels: ["x"] });
    await atlassian.control.editIssue(key, { summary: "x" });
    await atlassian.control.client({ id: atlassian.clientId, owner: "ada" });
    await atlassian.control.editIssue(key, { summary: "y" });
    await atlassian.control.settle();
    expect(received.map(({ body }) => body.webhookEvent).sort()).toEqual(["jira:issue_created", "jira:issue_updated"]);
  });
});

describe("a delivery", () => {
  it("is tried six times on a failure, under one identifier, and then lost", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver(() => 503);
    await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    // The patience of half an hour is measured on the clock, so retries are let go without moving it.
    for (let round = 0; round < 7; round += 1) {
      await atlassian.control.retryNow();
      await atlassian.control.settle();
    }
    expect(received.map(({ headers }) => headers["x-atlassian-webhook-retry"])).toEqual([undefined, "1", "2", "3", "4", "5"]);
    expect(new Set(received.map(({ headers }) => headers["x-atlassian-webhook-identifier"])).size).toBe(1);
    expect(await atlassian.control.deliveries()).toMatchObject([{ state: "lost", tries: [{ status: 503, answer: "said 503" }, {}, {}, {}, {}, {}] }]);
  });

  it.each([[408, true], [409, true], [425, true], [429, true], [500, true], [503, true], [null, true], [400, false], [401, false], [403, false], [404, false], [410, false], [413, false]])("is retried on %s: %s", (status, expected) => {
    expect(isRetried(status)).toBe(expected);
  });

  it("waits five to fifteen minutes, by a clock that can be moved or made faster", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver((count) => (count < 3 ? 409 : 200));
    await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    await atlassian.control.advance(4.9 * minute);
    await atlassian.control.settle();
    expect(received).toHaveLength(1);
    await atlassian.control.settings({ retrySpeed: 1_000_000 });
    await atlassian.control.advance(10.1 * minute);
    await expect.poll(() => received.length).toBe(3);
    await expect.poll(async () => (await atlassian.control.deliveries())[0]?.state).toBe("delivered");
  });

  it("is lost at once on a 4xx, and gets one try only when its webhook has failed for half an hour", async () => {
    const atlassian = await atlassianUnderTest();
    const refusing = await receiver(() => 404);
    const hook = await atlassian.control.hook({ site: "maru", url: refusing.url });
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    expect(await atlassian.control.deliveries()).toMatchObject([{ state: "lost", tries: [{ status: 404 }] }]);
    const failing = await receiver(() => 500);
    await atlassian.control.hook({ site: "maru", id: hook.id, url: failing.url });
    await atlassian.control.advance(31 * minute);
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    expect((await atlassian.control.deliveries()).map(({ state, tries }) => [state, tries.length])).toEqual([["lost", 1], ["lost", 1]]);
  });

  it("has twenty others beside it for one host at most, and is sent from the slower flow when that is asked for", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver(() => "hang");
    await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.fire({ site: "maru", event: "jira:issue_updated", count: 25 });
    await expect.poll(() => received.length).toBe(20);
    await atlassian.control.fire({ site: "maru", event: "jira:issue_updated", count: 15, flow: "Secondary" });
    await expect.poll(() => received.filter(({ headers }) => headers["x-atlassian-webhook-flow"] === "Secondary").length).toBe(10);
    expect(received).toHaveLength(30);
  });

  it("goes to nobody once its webhook is removed, and concerns the webhooks of its own site alone", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver(() => 500);
    const { id } = await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.hook({ site: "maru-labs", url });
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    await atlassian.control.removeHook(id);
    await atlassian.control.retryNow();
    await atlassian.control.settle();
    expect(received).toHaveLength(1);
    expect(await atlassian.control.deliveries()).toMatchObject([{ state: "dropped" }]);
    const html = await (await fetch(`${atlassian.url}/sites/maru/webhooks`)).text();
    expect(html).toContain("None yet. Paste");
  });

  it("carries what its address asks for", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    await atlassian.control.hook({ site: "maru", url: `${url}?key={issue.key}&project=\${project.key}` });
    const { key } = await atlassian.control.createIssue({ as: "hugo" });
    await atlassian.control.settle();
    expect(Object.fromEntries(new URL(received[0]?.path ?? "", url).searchParams)).toEqual({ key, project: "MOIM", triggeredByUser: expect.stringMatching(/^712020:/) as string });
  });

  it("fails when no answer comes in time", async () => {
    const atlassian = await atlassianUnderTest({ settings: { responseTimeoutMs: 30 } });
    const { url } = await receiver(() => "hang");
    await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.createIssue();
    await atlassian.control.settle();
    expect(await atlassian.control.deliveries()).toMatchObject([{ state: "waiting", tries: [{ status: null, error: "response timeout" }] }]);
  });

  it("can be dropped, doubled, delayed, held and turned round on demand, and sent again", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    await atlassian.control.hook({ site: "maru", url });
    await atlassian.control.bend({ kind: "drop" });
    await atlassian.control.createIssue({ fields: { summary: "dropped" } });
    await atlassian.control.bend({ kind: "duplicate", copies: 2 });
    const { key } = await atlassian.control.createIssue({ fields: { summary: "thrice" } });
    await atlassian.control.settle();
    expect(received.map(({ headers }) => headers["x-atlassian-webhook-identifier"])).toEqual(Array(3).fill(received[0]?.headers["x-atlassian-webhook-identifier"]));

    await atlassian.control.bend({ kind: "reorder", count: 3 });
    for (const summary of ["1", "2", "3"]) await atlassian.control.editIssue(key, { summary });
    await atlassian.control.settle();
    const summaries = () => received.map(({ body }) => (body.issue as { fields: { summary: string } }).fields.summary);
    expect(summaries().slice(3)).toEqual(["3", "2", "1"]);

    await atlassian.control.bend({ kind: "delay", delayMs: 3_600_000 });
    await atlassian.control.bend({ kind: "hold" });
    for (const summary of ["later", "held"]) await atlassian.control.editIssue(key, { summary });
    await atlassian.control.settle();
    expect(received).toHaveLength(6);
    await atlassian.control.release();
    await atlassian.control.settle();
    await atlassian.control.advance(3_600);
    await atlassian.control.settle();
    expect(summaries().slice(6)).toEqual(["held", "later"]);
    await atlassian.control.resend((await atlassian.control.deliveries({ state: "dropped" }))[0]?.id ?? "");
    await atlassian.control.settle();
    expect(summaries().at(-1)).toBe("dropped");
  });

  it("is resumed after a restart, also when the engine was killed in between", async () => {
    const { mkdtemp, rm } = await import("node:fs/promises");
    const dataDir = await mkdtemp("/tmp/atlassian-test-");
    const { url, received } = await receiver((count) => (count === 1 ? 500 : 200));
    const first = await atlassianUnderTest({ dataDir });
    await first.control.hook({ site: "maru", url });
    await first.control.createIssue();
    await first.control.settle();
    await first.stop();
    const second = await atlassianUnderTest({ dataDir });
    await second.control.retryNow();
    await second.control.settle();
    expect(received.map(({ headers }) => headers["x-atlassian-webhook-retry"])).toEqual([undefined, "1"]);
    await rm(dataDir, { recursive: true, force: true });
  });
});

describe("what did not happen can be told", () => {
  it("in every family, with the traps of the real ones", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const hook = await atlassian.control.hook({ site: "maru", url });
    const fire = async (event: string, payload = {}) => {
      await atlassian.control.fire({ site: "maru", event, hook: hook.id, payload });
      await atlassian.control.settle();
      return received.at(-1)?.body ?? {};
    };
    expect(Object.keys(await fire("user_deleted"))).toEqual(["accountId", "user"]);
    expect(await fire("worklog_created")).not.toHaveProperty("issue");
    expect(await fire("comment_updated")).not.toHaveProperty("user");
    expect(await fire("jira:issue_updated", { changelog: { id: "1", items: [] } })).toMatchObject({ changelog: { items: [] } });
    expect(await fire("jira:issue_updated", { webhookEvent: null })).not.toHaveProperty("webhookEvent");
    expect(await fire("jira:version_merged")).toMatchObject({ webhookEvent: "jira:version_deleted", mergedTo: {} });
    expect(JSON.stringify(await fire("option_voting_changed"))).not.toContain("self");
    expect(JSON.stringify(await fire("issuelink_created"))).not.toContain("self");
    expect(await fire("something_new")).toMatchObject({ webhookEvent: "something_new" });
  });

  it("many at once, the same one often, and as any bytes", async () => {
    const atlassian = await atlassianUnderTest();
    const { url, received } = await receiver();
    const { id } = await atlassian.control.hook({ site: "maru", url, secret: "s" });
    await atlassian.control.fire({ site: "maru", event: "jira:issue_updated", count: 60 });
    await atlassian.control.settle();
    expect(new Set(received.map(({ headers }) => headers["x-atlassian-webhook-identifier"])).size).toBe(60);
    await atlassian.control.fire({ site: "maru", event: "jira:issue_updated", copies: 50 });
    await atlassian.control.settle();
    expect(new Set(received.slice(60).map(({ headers }) => headers["x-atlassian-webhook-identifier"])).size).toBe(1);
    expect(received).toHaveLength(110);
    await atlassian.control.fire({ site: "maru", event: "x", hook: id, rawBody: "{not json" });
    await atlassian.control.fire({ site: "maru", event: "jira:issue_updated", hook: id, padBytes: 1_000_000 });
    await atlassian.control.settle();
    const [broken, big] = received.slice(110).sort((a, b) => a.raw.length - b.raw.length);
    expect([broken?.raw, broken?.headers["x-hub-signature"]]).toEqual(["{not json", hubSignature("s", "{not json")]);
    expect(big?.raw.length).toBeGreaterThan(1_000_000);
  });
});
