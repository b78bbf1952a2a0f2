import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { DELETE as deleteRoute, GET as readRoute, PATCH as changeRoute } from "@/app/api/articles/[id]/route";
import { GET as historyRoute } from "@/app/api/articles/[id]/history/route";
import { PUT as pinRoute } from "@/app/api/articles/[id]/pin/route";
import { POST as publishRoute } from "@/app/api/articles/[id]/publish/route";
import { GET as listRoute, POST as createRoute } from "@/app/api/articles/route";
import { GET as feedsRoute, POST as createFeedRoute } from "@/app/api/feeds/route";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { documentLimits } from "../document/rules";
import { firstFeedOf, slugOfWorkspace } from "../testing";
import { articleLine, articleResource, type ArticleLine, type ArticleResource } from "./mappings";

vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

useTestDatabase();

let ada: Member;
let bora: Member;
let feedId: string;
let workspace: string;
let workspaceId: string;
let tokens: Record<"ada" | "bora" | "reader" | "stranger", string>;

beforeAll(async () => {
  ({ owner: ada, workspaceId } = await foundOrganization("ada@here.example", "Here"));
  bora = await joinAs(ada, "bora@here.example");
  const stranger = (await foundOrganization("sid@there.example", "There")).owner;
  feedId = await firstFeedOf(ada, workspaceId);
  workspace = await slugOfWorkspace(workspaceId);
  const token = async (member: Member, scopes: ("articles:read" | "articles:write")[]) => (await createApiToken(member, { name: "x", scopes, days: 7 })).secret;
  tokens = {
    ada: await token(ada, ["articles:read", "articles:write"]),
    bora: await token(bora, ["articles:read", "articles:write"]),
    reader: await token(bora, ["articles:read"]),
    stranger: await token(stranger, ["articles:read", "articles:write"]),
  };
});

interface Asked {
  as?: keyof typeof tokens;
  body?: unknown;
  raw?: string;
  query?: string;
  headers?: Record<string, string>;
}

function request(method: string, { as = "ada", body, raw, query = "", headers = {} }: Asked = {}): Request {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Request(`http://localhost:3000/api/articles${query}`, { method, headers: { authorization: `Bearer ${tokens[as]}`, "content-type": "application/json", ...headers }, body: sent });
}
const none = { params: Promise.resolve({}) };
const at = (id: string) => ({ params: Promise.resolve({ id }) });
const article = async (response: Response): Promise<ArticleResource> => articleResource.parse(await response.json());
const create = (body: object, asked: Asked = {}) => createRoute(request("POST", { ...asked, body: { title: "By API", text: "words", feedId, ...body } }), none);
const problem = async (response: Response) => {
  const { status, code, errors } = (await response.json()) as { status: number; code: string; errors?: { field: string; code: string }[] };
  return { status, code, errors: errors?.map((fault) => `${fault.field}: ${fault.code}`) };
};

describe("the API of articles", () => {
  test("creates, reads, changes under its ETag, lists and deletes", async () => {
    const made = await create({ text: "Hello\n\nthere, https://moim.example/x" });
    expect([made.status, made.headers.get("etag")]).toEqual([201, '"1"']);
    const created = await article(made);
    expect(made.headers.get("location")).toBe(created.url);
    expect(created).toMatchObject({ state: "published", title: "By API", excerpt: "Hello there, https://moim.example/x", author: { memberId: ada.id }, document: { type: "doc", content: [{ type: "paragraph" }, { type: "paragraph" }] } });
    expect(await article(await readRoute(request("GET", { as: "reader" }), at(created.id)))).toEqual({ ...created, readAt: null });
    const changed = await changeRoute(request("PATCH", { body: { title: "Changed" }, headers: { "if-match": '"1"' } }), at(created.id));
    expect([changed.headers.get("etag"), (await article(changed)).title]).toEqual(['"2"', "Changed"]);
    expect(await problem(await changeRoute(request("PATCH", { body: { title: "Late" }, headers: { "if-match": '"1"' } }), at(created.id)))).toMatchObject({ status: 412 });
    const list = (await (await listRoute(request("GET", { query: `?workspace=${workspace}` }), none)).json()) as { articles: ArticleLine[] };
    expect(list.articles.map((line) => articleLine.parse(line)).find(({ id }) => id === created.id)).toMatchObject({ title: "Changed", standing: { version: 2, pinned: false } });
    expect(await (await historyRoute(request("GET"), at(created.id))).json()).toMatchObject({ versions: [{ version: 2 }, { version: 1, title: "By API" }] });
    expect((await article(await pinRoute(request("PUT", { body: { workspaceId, pinned: true } }), at(created.id)))).workspaces).toMatchObject([{ pinned: true }]);
    expect(await problem(await deleteRoute(request("DELETE", { as: "bora" }), at(created.id)))).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect((await deleteRoute(request("DELETE"), at(created.id))).status).toBe(204);
    expect(await problem(await readRoute(request("GET"), at(created.id)))).toMatchObject({ status: 410, code: "ARTICLE_GONE" });
  });

  test("keeps a draft, publishes it later, and shows it to nobody meanwhile", async () => {
    const created = await article(await create({ publish: false, text: undefined, document: undefined }, { as: "bora" }));
    expect(created).toMatchObject({ state: "draft", version: 0, draft: true });
    expect(await problem(await readRoute(request("GET"), at(created.id)))).toMatchObject({ status: 404 });
    expect(await problem(await publishRoute(request("POST", { as: "bora" }), at(created.id)))).toMatchObject({ status: 422, errors: ["document: required"] });
    await changeRoute(request("PATCH", { as: "bora", body: { text: "Words at last" } }), at(created.id));
    const lines = (await (await listRoute(request("GET", { as: "bora", query: `?workspace=${workspace}&state=draft` }), none)).json()) as { articles: ArticleLine[] };
    expect(lines.articles.map((line) => articleLine.parse(line).id)).toContain(created.id);
    expect(await article(await publishRoute(request("POST", { as: "bora", body: { notify: false } }), at(created.id)))).toMatchObject({ state: "published", version: 1, draft: false });
    const scheduled = await article(await create({ publishAt: new Date(Date.now() + 3_600_000).toISOString() }));
    expect(scheduled).toMatchObject({ state: "scheduled", version: 0 });
    const waiting = (await (await listRoute(request("GET", { query: `?workspace=${workspace}&state=scheduled` }), none)).json()) as { articles: ArticleLine[] };
    expect(waiting.articles.map((line) => articleLine.parse(line).id)).toEqual([scheduled.id]);
  });

  test("a repeated request with a key answers the first one's article", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const [one, two] = await Promise.all([create({}, { headers }), create({}, { headers })]);
    expect((await article(one)).id).toBe((await article(two)).id);
    expect(await problem(await create({ title: "Other" }, { headers }))).toMatchObject({ status: 422, code: "IDEMPOTENCY_MISMATCH" });
  });

  test("refuses what is too large, malformed or wrong, at its field", async () => {
    // Ten megabytes never become a value; what fits into a body and not into a document is refused as one.
    expect(await problem(await createRoute(request("POST", { raw: `{"title":"x","feedId":"${feedId}","text":"${"x".repeat(10 * 1024 * 1024)}"}` }), none))).toMatchObject({ status: 413, code: "TOO_LARGE" });
    expect(await problem(await create({ text: "x".repeat(documentLimits.bytes + 1) }))).toMatchObject({ status: 422, errors: ["text: too-long"] });
    const large = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "x".repeat(documentLimits.bytes) }] }] };
    expect((await problem(await create({ text: undefined, document: large }))).errors?.[0]).toMatch(/^document/);
    const nested = `${'{"type":"blockquote","content":['.repeat(10_000)}{"type":"paragraph"}${"]}".repeat(10_000)}`;
    expect((await problem(await createRoute(request("POST", { raw: `{"title":"x","feedId":"${feedId}","document":{"type":"doc","content":[${nested}]}}` }), none))).errors?.[0]).toMatch(/^document/);
    expect(await problem(await createRoute(request("POST", { raw: "{" }), none))).toMatchObject({ status: 400 });
    expect(await problem(await create({ document: large }))).toMatchObject({ status: 422 });
    expect(await problem(await create({ text: "a", document: { type: "doc", content: [{ type: "paragraph" }] } }))).toMatchObject({ errors: ["text: twice"] });
    expect(await problem(await create({ title: " \u202E " }))).toMatchObject({ errors: ["title: required"] });
    expect(await problem(await create({ title: "x".repeat(201), notify: "yes", coverId: 1, publishAt: "tomorrow", mustRead: { dueAt: 7 }, workspaceIds: ["x".repeat(99)], more: 1 }))).toMatchObject({
      errors: ["title: too-long", "workspaceIds.0: invalid", "coverId: wrong-type", "publishAt: instant", "notify: wrong-type", "mustRead.dueAt: instant", "more: unknown-field"],
    });
    expect(await problem(await create({ coverId: "med_01h455vb4pex5vsknk084sn02q" }))).toMatchObject({ errors: ["coverId: cover-picture"] });
    for (const body of ["[]", "null", '"x"', "{}"]) expect(await problem(await createRoute(request("POST", { raw: body }), none))).toMatchObject({ status: 422 });
  });

  test("is for who may: other organizations find nothing, tokens need their scope", async () => {
    const { id } = await article(await create({}));
    for (const response of [
      await readRoute(request("GET", { as: "stranger" }), at(id)), await changeRoute(request("PATCH", { as: "stranger", body: { title: "x" } }), at(id)),
      await deleteRoute(request("DELETE", { as: "stranger" }), at(id)), await create({}, { as: "stranger" }),
      await listRoute(request("GET", { as: "stranger", query: `?workspace=${workspace}` }), none), await feedsRoute(request("GET", { as: "stranger", query: `?workspace=${workspace}` }), none),
    ]) expect(await problem(response)).toMatchObject({ status: 404 });
    expect(await problem(await create({}, { as: "reader" }))).toMatchObject({ status: 403 });
  });

  test("feeds are listed with what one may do, and added by admins", async () => {
    expect(await (await feedsRoute(request("GET", { as: "bora", query: `?workspace=${workspace}` }), none)).json()).toMatchObject({ feeds: [{ id: feedId, name: null, first: true, mayPublish: true }] });
    const made = await createFeedRoute(request("POST", { body: { workspaceId, name: "Board", posting: "admins" } }), none);
    expect([made.status, ((await made.json()) as { slug: string }).slug]).toEqual([201, "board"]);
    expect(await problem(await createFeedRoute(request("POST", { as: "bora", body: { workspaceId, name: "Mine" } }), none))).toMatchObject({ status: 403 });
  });
});
