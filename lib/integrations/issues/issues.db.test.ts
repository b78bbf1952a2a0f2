import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { accountIdOf, cloudIdOf } from "@/local/atlassian/world/seed";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { openProjects } from "../connections/tables";
import { siteBudgets } from "../credentials/tables";
import { maySee } from "../people/sights/queries";
import { suggestionsFor } from "../subscriptions/suggestions/queries";
import { assignToMe, commentOn, makeIssue, transition } from "./acting/commands";
import { rememberDeletions, rememberIssues } from "./commands";
import { createIssueInput, searchIssuesInput } from "./inputs";
import { findIssues, issueView, newIssueChoices } from "./lookup/queries";
import { cardsOf } from "./queries";
import { issueOf, linkedTo, saw, siteFor } from "./testing";

const atlassian = await startAtlassian();
useTestDatabase({ ATLASSIAN_API_URL: atlassian.url, ATLASSIAN_AUTH_URL: atlassian.url, JIRA_CLIENT_ID: atlassian.clientId, JIRA_CLIENT_SECRET: atlassian.clientSecret });
afterAll(() => atlassian.stop());
beforeEach(async () => {
  await atlassian.control.clearAnswers();
  // What an outage asked us to wait for is over.
  await asSystem("health", (tx) => tx.delete(siteBudgets));
});

let ada: Member;
let minjun: Member;
let guest: Member;
let sid: Member;
let maru: string;
let workspaceId: string;
const link = async (member: Member, account: string) => linkedTo(member, accountIdOf(account), (await atlassian.issueGrant(account)).accessToken);

beforeAll(async () => {
  const founded = await foundOrganization("ada@here.example", "Here");
  ada = founded.owner;
  workspaceId = founded.workspaceId;
  minjun = await joinAs(ada, "minjun@here.example");
  guest = await joinAs(ada, "guest@here.example");
  sid = (await foundOrganization("sid@there.example", "There")).owner;
  maru = await siteFor(ada, cloudIdOf("maru"));
  await link(ada, "ada");
  await link(minjun, "minjun");
});

const refusal = (promise: Promise<unknown>): Promise<Refused> =>
  promise.then(
    () => Promise.reject(new Error("nothing was refused")),
    (error: unknown) => (error instanceof Refused ? error : Promise.reject(error as Error)),
  );
const remember = (...facts: ReturnType<typeof issueOf>[]) => inTenant(ada, (tx) => rememberIssues(tx, ada, maru, facts, clock.now()));
const seenBy = (account: string, issueId: string, visible = true, checkedAt = clock.now()) => saw(ada, { connectionId: maru, issueId, accountId: accountIdOf(account), visible, checkedAt });
const card = async (member: Member, key: string) => (await cardsOf(member, [key])).get(key);
const find = (member: Member, wish: object) => findIssues(member, parseInput(searchIssuesInput, wish));
const commentsOn = async (key: string) => (await atlassian.control.as<{ comments: { body: string }[] }>("ada", "maru", "GET", `issue/${key}/comment`)).comments.map(({ body }) => body);

describe("what is remembered of an issue", () => {
  test("stays the newest by Jira's own time, whatever order it comes in", async () => {
    await seenBy("ada", "50001");
    await remember(issueOf(1, { status: "Done", updatedAt: "2026-01-03T00:00:00.000Z" }));
    await remember(issueOf(1, { status: "In Progress", updatedAt: "2026-01-02T00:00:00.000Z" }));
    expect((await card(ada, "SIDE-1"))?.status).toBe("Done");
    await remember(issueOf(1, { status: "A", updatedAt: "2026-01-05T00:00:00.000Z" }), issueOf(1, { status: "B", updatedAt: "2026-01-04T00:00:00.000Z" }));
    expect((await card(ada, "SIDE-1"))?.status).toBe("A");
  });

  test("without a time of its own it fills a gap and overwrites nothing", async () => {
    await seenBy("ada", "50002");
    await remember(issueOf(2, { status: "Undated", updatedAt: null }));
    expect((await card(ada, "SIDE-2"))?.status).toBe("Undated");
    await remember(issueOf(2, { status: "Dated" }));
    await remember(issueOf(2, { status: "Undated again", updatedAt: null }));
    expect((await card(ada, "SIDE-2"))?.status).toBe("Dated");
  });

  test("follows a key that moved", async () => {
    await seenBy("ada", "50003");
    await remember(issueOf(3));
    await remember(issueOf(3, { key: "OTHER-9", updatedAt: "2026-01-02T00:00:00.000Z" }));
    expect(await card(ada, "SIDE-3")).toBeUndefined();
    expect((await card(ada, "OTHER-9"))?.issueId).toBe("50003");
  });

  test("stays deleted, whatever comes late", async () => {
    await seenBy("ada", "50004");
    await inTenant(ada, (tx) => rememberDeletions(tx, ada, maru, [issueOf(4)], clock.now()));
    await remember(issueOf(4, { summary: "Late", updatedAt: "2026-01-09T00:00:00.000Z" }));
    expect(await card(ada, "SIDE-4")).toMatchObject({ deleted: true, summary: "Issue 4" });
  });

  test("is the same after fifty writers at once", async () => {
    await seenBy("ada", "50005");
    const stages = Array.from({ length: 50 }, (_, index) => issueOf(5, { summary: `Stage ${index}`, updatedAt: new Date(Date.UTC(2026, 2, 1, 0, index)).toISOString() }));
    await Promise.all(stages.sort((a, b) => (a.summary < b.summary ? 1 : -1)).map((stage, index) => remember(stage, issueOf(100 + (index % 7)))));
    expect((await card(ada, "SIDE-5"))?.summary).toBe("Stage 49");
  });
});

describe("a card", () => {
  test("is for nobody whose own account does not see the issue", async () => {
    const { key } = await atlassian.control.createIssue({ project: "PEOPLE", fields: { summary: "Pay" } });
    await find(ada, { jql: "project = PEOPLE" });
    expect((await card(ada, key))?.summary).toBe("Pay");
    expect(await card(minjun, key)).toBeUndefined();
    expect(await card(guest, key)).toBeUndefined();
  });

  test("is for nobody in another organization, even with the same account there", async () => {
    await siteFor(sid, cloudIdOf("maru-labs"));
    await link(sid, "ada");
    await remember(issueOf(21));
    await seenBy("ada", "50021");
    expect(await card(ada, "SIDE-21")).toBeDefined();
    expect(await card(sid, "SIDE-21")).toBeUndefined();
  });

  test("ends when the right to see the issue ends", async () => {
    const { key } = await atlassian.control.createIssue();
    await find(minjun, { text: key });
    expect(await card(minjun, key)).toBeDefined();
    await atlassian.control.moveIssue(key, "PEOPLE");
    expect(await card(minjun, key)).toBeDefined();
    await clock.at(new Date(Date.now() + 6 * 60_000), async () => expect(await card(minjun, key)).toBeUndefined());
  });

  test("of an open project is for those without an account in its workspace", async () => {
    await remember(issueOf(22, { project: { id: "opened", key: "SIDE", name: "Side" } }));
    expect(await card(guest, "SIDE-22")).toBeUndefined();
    await inTenant(ada, (tx) => tx.insert(openProjects).values({ organizationId: ada.organizationId, connectionId: maru, projectId: "opened", projectKey: "SIDE", workspaceId, openedBy: ada.id }));
    expect(await card(guest, "SIDE-22")).toMatchObject({ status: "To Do" });
  });

  test("of an open project is for nobody without an account while only some may see it over there", async () => {
    const project = { id: "opened-too", key: "DUTY", name: "Duty" };
    await inTenant(ada, (tx) => tx.insert(openProjects).values({ organizationId: ada.organizationId, connectionId: maru, projectId: project.id, projectKey: "DUTY", workspaceId, openedBy: ada.id }));
    const told = async (id: number) => (await maySee(ada, { id: maru, plugin: "jira", metadata: {} }, { entity: `issue:${50_000 + id}`, projectId: project.id }, [guest.id])).get(guest.id);
    await remember(issueOf(31, { key: "DUTY-31", project, restricted: true }), issueOf(32, { key: "DUTY-32", project }));
    expect([await card(guest, "DUTY-31"), await told(31)]).toEqual([undefined, false]);
    expect([(await card(guest, "DUTY-32"))?.key, await told(32)]).toEqual(["DUTY-32", true]);
    expect((await suggestionsFor(guest, maru)).projects.map(({ key }) => key)).toContain("DUTY");
    await remember(issueOf(32, { key: "DUTY-32", project, restricted: true, updatedAt: "2031-01-01T00:00:00.000Z" }));
    expect(await told(32)).toBe(false);
    expect((await suggestionsFor(guest, maru)).projects.map(({ key }) => key)).not.toContain("DUTY");
  });

  test("is asked for once for all keys of a text, and not at all for what only looks like one", async () => {
    const { key } = await atlassian.control.createIssue();
    await find(ada, { jql: "project = MOIM" });
    const { key: unheard } = await atlassian.control.createIssue();
    const shown = async () => [...(await cardsOf(ada, [key, unheard, "UTF-8", "MOIM-99999"])).keys()].sort();
    expect(await shown()).toEqual([key, unheard].sort());
    await atlassian.control.answer({ match: "/issue/bulkfetch", count: 100, status: 500 });
    expect(await shown()).toEqual([key, unheard].sort());
    expect(await atlassian.control.send("GET", "answers")).toMatchObject([{ left: 100 }]);
  });

  test("stays for an hour while Jira does not answer", async () => {
    const { key } = await atlassian.control.createIssue();
    await find(ada, { text: key });
    await atlassian.control.outage("unavailable");
    try {
      await clock.at(new Date(Date.now() + 20 * 60_000), async () => {
        expect(await card(ada, key)).toBeDefined();
        expect(await issueView(ada, maru, key)).toMatchObject({ state: "silent", card: { key } });
      });
    } finally {
      await atlassian.control.outage("off");
    }
  });
});

describe("looking things up", () => {
  test("finds by words, by key in any case, by address, and mine", async () => {
    const { key } = await atlassian.control.createIssue({ fields: { summary: "The hinge squeaks", assignee: { accountId: accountIdOf("minjun") } } });
    for (const text of ["hinge squ", key.toLowerCase(), `https://maru.atlassian.example/browse/${key}`]) {
      expect((await find(minjun, { text })).issues.map((issue) => issue.key)).toEqual([key]);
    }
    expect((await find(minjun, { mine: "true" })).issues.map((issue) => issue.key)).toContain(key);
    expect((await find(ada, { mine: "true" })).issues.map((issue) => issue.key)).not.toContain(key);
  });

  test("goes on where a page ended", async () => {
    const first = await find(ada, { jql: "project = MOIM ORDER BY key", limit: "2" });
    const second = await find(ada, { jql: "project = MOIM ORDER BY key", limit: "2", cursor: first.cursor });
    expect(new Set([...first.issues, ...second.issues].map(({ key }) => key)).size).toBe(4);
  });

  test("shows what Jira says of a query", async () => {
    const refused = await refusal(find(ada, { jql: "nonsense ===" }));
    expect(refused.fields[0]).toMatchObject({ path: ["jql"], detail: expect.stringContaining("Error in the JQL Query") as string });
  });

  test("shows one with all that may be done to it", async () => {
    const { key } = await atlassian.control.createIssue({ fields: { summary: "Open me", description: "See\n\nhere" } });
    await atlassian.control.comment(key, "First");
    expect(await issueView(ada, maru, key)).toMatchObject({
      state: "open",
      issue: { facts: { key, summary: "Open me" }, transitions: [{ name: "Start progress" }, { name: "Done" }] },
      comments: [{ author: { name: "Ada Sinclair" }, body: { blocks: [{ kind: "paragraph" }] } }],
      commentCount: 1,
    });
  });

  test("follows a moved key, and tells what is deleted and what is hidden apart from nothing", async () => {
    const { key } = await atlassian.control.createIssue();
    const { key: moved } = await atlassian.control.moveIssue(key, "OPS");
    expect(await issueView(ada, maru, key)).toEqual({ state: "moved", key: moved });
    await atlassian.control.moveIssue(moved, "PEOPLE");
    expect(await issueView(minjun, maru, moved)).toEqual({ state: "gone", card: null });
    expect(await issueView(minjun, maru, "MOIM-99999")).toEqual({ state: "gone", card: null });
  });

  test("guides whoever has not linked an account", async () => {
    const refused = await refusal(find(guest, { text: "x" }));
    expect(refused.code).toBe("ACCOUNT_NEEDED");
    expect(refused.extra.linkUrl).toContain(`/oauth/jira/start?organization=${guest.organizationSlug}&purpose=link&return=`);
    expect(await issueView(guest, maru, "MOIM-1")).toMatchObject({ state: "unlinked", card: null });
    expect((await refusal(commentOn(guest, maru, "MOIM-1", { text: "x" }))).code).toBe("ACCOUNT_NEEDED");
  });

  test("is not possible at a site of others", async () => {
    expect((await refusal(issueView(sid, maru, "MOIM-1"))).code).toBe("NOT_FOUND");
  });
});

describe("acting as oneself", () => {
  test("comments once, however often the form is sent", async () => {
    const { key } = await atlassian.control.createIssue();
    const send = () => commentOn(minjun, maru, key, { text: "Me too" }, { idempotencyKey: "form-1" }).catch((error: unknown) => error);
    await Promise.all([send(), send(), send()]);
    await send();
    expect(await commentsOn(key)).toEqual(["Me too"]);
    expect(await issueView(ada, maru, key)).toMatchObject({ comments: [{ author: { name: "김민준" } }] });
  });

  test("comments once also when the answer was lost on its way", async () => {
    const { key } = await atlassian.control.createIssue();
    await atlassian.control.answer({ method: "POST", match: `/issue/${key}/comment`, kind: "lose" });
    expect((await refusal(commentOn(minjun, maru, key, { text: "Lost" }, { idempotencyKey: "lost" }))).code).toBe("JIRA_UNAVAILABLE");
    await commentOn(minjun, maru, key, { text: "Lost" }, { idempotencyKey: "lost" });
    expect(await commentsOn(key)).toEqual(["Lost"]);
  });

  test("mentions who is named", async () => {
    const { key } = await atlassian.control.createIssue();
    await commentOn(ada, maru, key, { text: "@김민준님 please" });
    expect(await commentsOn(key)).toEqual([`[~accountid:${accountIdOf("minjun")}]님 please`]);
  });

  test("moves an issue on, and its card is new at once", async () => {
    const { key } = await atlassian.control.createIssue();
    await find(ada, { text: key });
    await transition(ada, maru, key, { transitionId: "11" });
    expect((await card(ada, key))?.status).toBe("In Progress");
  });

  test("is refused in Jira's own words", async () => {
    const { key } = await atlassian.control.createIssue();
    const refused = await refusal(transition(ada, maru, key, { transitionId: "61" }));
    expect(refused).toMatchObject({ code: "JIRA_REFUSED", fields: [{ path: [""], detail: "Transition id '61' is not valid for this issue." }] });
  });

  test("takes an issue", async () => {
    const { key } = await atlassian.control.createIssue();
    await find(minjun, { text: key });
    await assignToMe(minjun, maru, key);
    expect((await card(minjun, key))?.assignee).toBe("김민준");
  });

  test("makes an issue once, with everything that was filled in", async () => {
    const choices = await newIssueChoices(ada, { connectionId: maru, project: "MOIM" });
    expect(choices).toMatchObject({ project: { key: "MOIM" }, type: { name: "Task" }, screen: { missing: [], defaultPriorityId: "3" } });
    expect(choices.types.map(({ name }) => name)).not.toContain("Sub-task");
    const input = parseInput(createIssueInput, { connection: maru, project: "MOIM", typeId: choices.type?.id, summary: "Made here", description: "Two\nlines", labels: ["from-moim"], priorityId: "1", assigneeId: accountIdOf("minjun") });
    const made = await makeIssue(ada, input, { idempotencyKey: "new" });
    expect(await makeIssue(ada, input, { idempotencyKey: "new" })).toEqual(made);
    expect(await issueView(ada, maru, made.key)).toMatchObject({ issue: { facts: { summary: "Made here", labels: ["from-moim"], priority: "Highest", assignee: { name: "김민준" }, reporter: { name: "Ada Sinclair" } } } });
    expect((await find(ada, { text: "Made here" })).issues).toHaveLength(1);
  });

  test("says at its field what Jira has against a new issue", async () => {
    const input = parseInput(createIssueInput, { connection: maru, project: "MOIM", typeId: "10002", summary: "x", assigneeId: "nobody" });
    expect((await refusal(makeIssue(ada, input, { idempotencyKey: newId("request") }))).fields).toEqual([{ path: ["assigneeId"], code: "jira", detail: "User 'nobody' cannot be assigned issues." }]);
  });
});
