import { eq, ne } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { accountIdOf, cloudIdOf } from "@/local/atlassian/world/seed";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { removeMember } from "@/lib/organizations/membership/commands";
import type { Member } from "@/lib/organizations/actor";
import { auditEntries, workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { openProject } from "../connections/open-projects/commands";
import { keepGrant } from "../credentials/commands";
import { oauthCredentials, siteBudgets } from "../credentials/tables";
import type { PluginFacts } from "../events";
import { inboundWebhooks, webhookMatches } from "../ingest/tables";
import { anEndpoint } from "../outgoing/testing";
import { linkPerson } from "../people/commands";
import { maySeeIssue } from "../people/sights/queries";
import { sights } from "../people/tables";
import { dispatchWaiting, tellWaiting } from "./commands";
import { dryRun } from "./dry-run/queries";
import { subscriptionLimits } from "./choices/inputs";
import { changeSubscriptionInput, dryRunInput } from "./inputs";
import { replaySubscription } from "./replay/commands";
import { aConnection, deliveriesTo, factsOf, happened, happenedAll, issueFactsOf, subscribe, toldOf } from "./testing";
import { changeSubscription, deleteSubscription, endSubscriptionsOf } from "./wishes/commands";
import { subscriptionDetails, subscriptionsOf } from "./wishes/queries";

const jira = await startAtlassian();
useTestDatabase({ ATLASSIAN_API_URL: jira.url, ATLASSIAN_AUTH_URL: jira.url, JIRA_CLIENT_ID: jira.clientId, JIRA_CLIENT_SECRET: jira.clientSecret, OUTBOUND_ALLOW: "127.0.0.1:9" });
afterAll(() => jira.stop());

let serial = 0;
let ada: Member;
let bora: Member;
let chun: Member;
let workspaceId: string;
let connectionId: string;
/** Every test has an organization of its own, so that what it was told is all there is. */
beforeEach(async () => {
  serial += 1;
  await jira.control.clearAnswers();
  await jira.control.outage("off");
  ({ owner: ada, workspaceId } = await foundOrganization(`ada${serial}@here.example`, `Here ${serial}`));
  bora = await joinAs(ada, `bora${serial}@here.example`);
  chun = await joinAs(ada, `chun${serial}@here.example`);
  // Whoever joins is in the first workspace; here nobody is in it who is not put there.
  await inTenant(ada, (tx) => tx.delete(workspaceMembers).where(ne(workspaceMembers.memberId, ada.id)));
  // What one test was asked to wait for is no other's business.
  await asSystem("housekeeping", (tx) => tx.delete(siteBudgets));
  connectionId = await aConnection(ada, { cloudId: cloudIdOf("maru") });
});

/** Links a member with an account of the Jira over there, with a real grant. */
async function link(member: Member, account: string): Promise<string> {
  const { accessToken, refreshToken, expiresIn, scope } = await jira.issueGrant(account);
  return inTenant(member, async (tx) => {
    const pair = { accessToken, refreshToken, expiresInSeconds: expiresIn, scopes: scope.split(" ") };
    const grant = await keepGrant(tx, member, "jira", { id: accountIdOf(account), name: account }, pair);
    await linkPerson(tx, member, "jira", grant, { replacing: true });
    return grant.id;
  });
}
const dispatchAll = async () => {
  while ((await dispatchWaiting(systemTenant(ada.organizationId), connectionId)) > 0);
};
const tellAll = async () => {
  while ((await tellWaiting(systemTenant(ada.organizationId), connectionId)) > 0);
};
const goThrough = async (...all: PluginFacts[]) => {
  const ids = await happenedAll(ada, connectionId, all);
  await dispatchAll();
  await tellAll();
  return ids;
};
const rowOf = async (id: string) => (await inTenant(ada, (tx) => tx.select().from(inboundWebhooks).where(eq(inboundWebhooks.id, id))))[0];
/** An issue that is really there. */
async function anIssue(project = "MOIM", as = "ada") {
  const { id, key } = await jira.control.createIssue({ project, as });
  const projectId = { MOIM: "10000", OPS: "10001", PEOPLE: "10002" }[project] ?? "";
  return issueFactsOf({ id, key, project: { id: projectId, key: project, name: project } });
}
const by = (account: string) => ({ id: accountIdOf(account), name: account });

describe("what may be kept", () => {
  test("everybody subscribes themselves; others, and programs, are for managers", async () => {
    expect((await subscriptionDetails(bora, await subscribe(bora, { connectionId }))).mayChange).toBe(true);
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    for (const wish of [{ target: "people", memberIds: [chun.id] }, { target: "workspace", workspaceId }, { target: "endpoint", endpointId }]) {
      await expect(subscribe(bora, { connectionId, ...wish })).rejects.toMatchObject({ code: "FORBIDDEN" });
      await subscribe(ada, { connectionId, ...wish });
    }
  });

  test("every name is checked, and every fault stands at its field", async () => {
    const stranger = (await foundOrganization(`sid${serial}@there.example`, `There ${serial}`)).owner;
    const wish = { connectionId, events: ["jira.issue.created", "jira.nonsense"], target: "people", memberIds: [bora.id, stranger.id] };
    await expect(subscribe(ada, wish)).rejects.toMatchObject({ fields: [{ path: ["events", 1], code: "unknown-event" }, { path: ["memberIds", 1], code: "unknown-member" }] });
    await expect(subscribe(ada, { connectionId: await aConnection(stranger) })).rejects.toMatchObject({ fields: [{ path: ["connectionId"], code: "unknown-connection" }] });
    await expect(subscribe(ada, { connectionId: null, filter: { projects: ["MOIM"] } })).rejects.toMatchObject({ fields: [{ code: "endpoints-only" }, { code: "filter-needs-connection" }] });
    for (const [target, field] of [["people", "memberIds"], ["workspace", "workspaceId"], ["endpoint", "endpointId"]]) {
      await expect(subscribe(ada, { connectionId, target })).rejects.toMatchObject({ fields: [{ path: [field], code: "required" }] });
    }
    await expect(subscribe(ada, { connectionId, target: "endpoint", endpointId: await anEndpoint(stranger, "http://127.0.0.1:9/") })).rejects.toMatchObject({ fields: [{ code: "unknown-endpoint" }] });
  });

  test("a change needs the version that was read, and one's own is nobody else's", async () => {
    const id = await subscribe(bora, { connectionId });
    const { version } = await subscriptionDetails(bora, id);
    await changeSubscription(bora, id, changeSubscriptionInput.parse({ paused: true, name: "Mine" }), { ifVersion: version });
    await expect(changeSubscription(bora, id, { paused: false }, { ifVersion: version })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(deleteSubscription(bora, id, { ifVersion: version })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(changeSubscription(chun, id, { paused: false })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(subscriptionDetails(chun, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(changeSubscription(bora, id, { target: "workspace", workspaceId })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await deleteSubscription(ada, id);
    const audited = await inTenant(ada, (tx) => tx.select({ action: auditEntries.action, subject: auditEntries.subject }).from(auditEntries).where(eq(auditEntries.subject, "Mine")));
    expect(audited).toEqual([{ action: "subscription.deleted", subject: "Mine" }]);
  });

  test("who manages no longer sees what they arranged for others", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    const helper = await joinAs(ada, `helper${serial}@here.example`, "admin");
    const ids = [await subscribe(helper, { connectionId, target: "endpoint", endpointId }), await subscribe(helper, { connectionId, target: "people", memberIds: [bora.id] })];
    const own = await subscribe(helper, { connectionId });
    const demoted = { ...helper, role: "member" as const };
    expect((await subscriptionsOf(demoted)).map(({ id }) => id)).toEqual([own]);
    for (const id of ids) await expect(subscriptionDetails(demoted, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("two that take the last place at once do not both get it", async () => {
    for (let number = 1; number < subscriptionLimits.own; number += 1) await subscribe(bora, { connectionId });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => subscribe(bora, { connectionId })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { fields: [{ code: "too-many-subscriptions" }] } });
  });

  test("whom it tells sees it, and cannot change it", async () => {
    await subscribe(ada, { connectionId, name: "For Bora", target: "people", memberIds: [bora.id] });
    expect(await subscriptionsOf(bora)).toMatchObject([{ name: "For Bora", mayChange: false }]);
    expect(await subscriptionsOf(chun)).toEqual([]);
  });

  test("who was removed is told nothing any more, and what they set up for others goes on", async () => {
    const admin = await joinAs(ada, `admin${serial}@here.example`, "admin");
    const [own, shared] = [await subscribe(admin, { connectionId }), await subscribe(admin, { connectionId, target: "people", memberIds: [admin.id] })];
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    const program = await subscribe(admin, { connectionId, target: "endpoint", endpointId });
    await removeMember(ada, admin.id);
    expect(await endSubscriptionsOf(systemTenant(ada.organizationId), admin.id)).toBe(1);
    expect(await endSubscriptionsOf(systemTenant(ada.organizationId), admin.id)).toBe(0);
    const left = await subscriptionsOf(ada);
    expect(left.map(({ id }) => id).sort()).toEqual([shared, program].sort());
    expect(left.find(({ id }) => id === own)).toBeUndefined();
    expect(left.find(({ id }) => id === shared)).toMatchObject({ memberIds: [], pausedAt: expect.any(Date) });
    expect(left.find(({ id }) => id === program)).toMatchObject({ pausedAt: null });
  });
});

describe("dispatching", () => {
  test("gives an endpoint one delivery for an event, however many subscriptions want it, in the connection's order", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    const wishes = [{}, { events: ["jira.issue.updated"] }, { filter: { projects: ["moim"] } }].map((wish) => subscribe(ada, { connectionId, target: "endpoint", endpointId, ...wish }));
    const ids = [...(await Promise.all(wishes))].sort();
    await subscribe(ada, { connectionId, target: "endpoint", endpointId, filter: { projects: ["OPS"] } });
    const paused = await subscribe(ada, { connectionId, target: "endpoint", endpointId });
    await changeSubscription(ada, paused, { paused: true });
    const events = await happenedAll(ada, connectionId, Array.from({ length: 7 }, () => factsOf()));
    expect(await dispatchWaiting(ada, connectionId, 5)).toBe(5);
    expect(await dispatchWaiting(ada, connectionId, 5)).toBe(2);
    expect(await dispatchWaiting(ada, connectionId, 5)).toBe(0);
    const sent = await deliveriesTo(ada, endpointId);
    expect(sent.map(({ eventId }) => eventId)).toEqual(events);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { subscriptionIds } of sent) expect([...subscriptionIds].sort()).toEqual(ids);
    expect(await inTenant(ada, (tx) => tx.select().from(webhookMatches).where(eq(webhookMatches.webhookId, events[0] ?? "")))).toHaveLength(3);
  });

  test("ten at once neither repeat nor overtake", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    await subscribe(ada, { connectionId, target: "endpoint", endpointId });
    const events = await happenedAll(ada, connectionId, Array.from({ length: 60 }, () => factsOf()));
    await Promise.all(Array.from({ length: 10 }, () => dispatchWaiting(ada, connectionId, 6)));
    const sent = await deliveriesTo(ada, endpointId);
    expect([...sent].sort((a, b) => a.sequence - b.sequence).map(({ eventId }) => eventId)).toEqual(events);
  });

  test("a replayed webhook goes out once more", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    await subscribe(ada, { connectionId, target: "endpoint", endpointId });
    const [id = ""] = await goThrough(factsOf());
    await inTenant(ada, (tx) => tx.update(inboundWebhooks).set({ dispatchedAt: null, replays: 1 }).where(eq(inboundWebhooks.id, id)));
    await dispatchAll();
    expect((await deliveriesTo(ada, endpointId)).map(({ generation }) => generation)).toEqual([1, 2]);
  });

  test("`me` in a filter is the account of whoever wrote it", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    await link(ada, "ada");
    await subscribe(ada, { connectionId, target: "endpoint", endpointId, filter: { assignees: ["me"] } });
    await goThrough(factsOf({ issue: issueFactsOf({ assignee: by("ada") }) }), factsOf({ issue: issueFactsOf({ assignee: by("minjun") }) }));
    expect(await deliveriesTo(ada, endpointId)).toHaveLength(1);
  });
});

describe("telling", () => {
  test("reaches whoever asked and may see it, not who did it, each once however many subscriptions named them", async () => {
    await link(ada, "ada");
    await link(bora, "minjun");
    await link(chun, "camille");
    await subscribe(ada, { connectionId, target: "people", memberIds: [ada.id, bora.id, chun.id], name: "All" });
    await subscribe(bora, { connectionId, name: "Bora's own" });
    const issue = await anIssue();
    const [id] = await goThrough(factsOf({ issue, actor: by("ada") }));
    expect(await toldOf(ada)).toMatchObject([
      { name: "jira.issue.updated", webhookId: id, actor: { memberId: ada.id }, memberIds: [bora.id, chun.id].sort(), subscriptions: [{ name: "All" }] },
    ]);
    expect(await tellWaiting(ada, connectionId)).toBe(0);
  });

  test("what Jira hides from somebody's account they never hear of, even in an open project", async () => {
    await link(bora, "camille");
    await link(chun, "nora");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    await join(bora);
    await openProject(ada, connectionId, { project: { projectId: "10002", projectKey: "PEOPLE" }, workspaceId });
    const issue = await anIssue("PEOPLE");
    await goThrough(factsOf({ issue }));
    expect((await toldOf(ada)).map(({ memberIds }) => memberIds)).toEqual([[chun.id]]);
    expect(await maySeeIssue(bora, await placeOf(), { id: issue.id, projectId: "10002" })).toBe(false);
    expect(await maySeeIssue(chun, await placeOf(), { id: issue.id, projectId: "10002" })).toBe(true);
  });

  test("without an account only what is open to a workspace of theirs", async () => {
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    await join(bora);
    const issue = await anIssue();
    await goThrough(factsOf({ issue }));
    expect(await toldOf(ada)).toEqual([]);
    await openProject(ada, connectionId, { project: { projectId: "10000", projectKey: "MOIM" }, workspaceId });
    await goThrough(factsOf({ issue }));
    expect((await toldOf(ada)).map(({ memberIds }) => memberIds)).toEqual([[bora.id]]);
  });

  test("a workspace is whoever is in it now", async () => {
    await subscribe(ada, { connectionId, target: "workspace", workspaceId });
    await join(bora);
    await openProject(ada, connectionId, { project: { projectId: "10000", projectKey: "MOIM" }, workspaceId });
    await happened(ada, connectionId, factsOf({ issue: await anIssue() }));
    await dispatchAll();
    await join(chun);
    await inTenant(ada, (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, bora.id)));
    await tellAll();
    expect((await toldOf(ada)).flatMap(({ memberIds }) => memberIds)).toContain(chun.id);
    expect((await toldOf(ada)).flatMap(({ memberIds }) => memberIds)).not.toContain(bora.id);
  });

  test("an outage of Jira keeps what it concerns, and what comes after, for later; nothing is lost or told twice", async () => {
    await link(bora, "minjun");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id] });
    const [first, second] = [await anIssue(), await anIssue()];
    const ids = await happenedAll(ada, connectionId, [factsOf({ issue: first }), factsOf({ issue: second }), factsOf({ issue: first })]);
    await dispatchAll();
    await jira.control.answer({ match: `/issue/${second.id}`, kind: "unavailable", retryAfterSeconds: 30 });
    await expect(tellWaiting(ada, connectionId)).rejects.toMatchObject({ kind: "unavailable" });
    expect((await toldOf(ada)).map(({ webhookId }) => webhookId)).toEqual([ids[0]]);
    expect((await rowOf(ids[1] ?? ""))?.toldAt).toBeNull();
    await jira.control.clearAnswers();
    await clock.at(new Date(clock.nowMs() + 60_000), tellAll);
    expect((await toldOf(ada)).map(({ webhookId }) => webhookId)).toEqual(ids);
  });

  test("an issue that Jira has not answered for in days holds up nothing any longer", async () => {
    await link(bora, "minjun");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id] });
    const [dead, alive] = [await anIssue(), await anIssue()];
    const ids = await happenedAll(ada, connectionId, [factsOf({ issue: dead }), factsOf({ issue: alive })]);
    await dispatchAll();
    await jira.control.answer({ match: `/issue/${dead.id}`, status: 500, count: 99 });
    await expect(tellWaiting(ada, connectionId)).rejects.toMatchObject({ kind: "unavailable" });
    await inTenant(ada, (tx) => tx.update(inboundWebhooks).set({ dispatchedAt: new Date(clock.nowMs() - 73 * 3_600_000) }).where(eq(inboundWebhooks.id, ids[0] ?? "")));
    await tellAll();
    expect((await toldOf(ada)).map(({ webhookId }) => webhookId)).toEqual([ids[1]]);
  });

  test("whose grant is broken hears of nothing, and holds nobody else up", async () => {
    const credentialId = await link(bora, "minjun");
    await link(chun, "camille");
    await inTenant(ada, (tx) => tx.update(oauthCredentials).set({ brokenAt: clock.now() }).where(eq(oauthCredentials.id, credentialId)));
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    await goThrough(factsOf({ issue: await anIssue() }));
    expect((await toldOf(ada)).map(({ memberIds }) => memberIds)).toEqual([[chun.id]]);
  });

  test("whose grant cannot be renewed for now is waited for by nobody, and hears of everything in order once it can", async () => {
    const credentialId = await link(bora, "minjun");
    await link(chun, "camille");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    const [first, second] = [await anIssue(), await anIssue()];
    const ids = await happenedAll(ada, connectionId, [factsOf({ issue: first }), factsOf({ issue: second })]);
    await dispatchAll();
    const grant = (change: Partial<typeof oauthCredentials.$inferInsert>) => inTenant(ada, (tx) => tx.update(oauthCredentials).set(change).where(eq(oauthCredentials.id, credentialId)));
    await grant({ expiresAt: new Date(clock.nowMs() - 1_000), retryAfter: new Date(clock.nowMs() + 600_000), lastError: "HTTP 400" });
    expect(await tellWaiting(ada, connectionId)).toBe(0);
    expect((await toldOf(ada)).map(({ webhookId, memberIds }) => [webhookId, memberIds])).toEqual(ids.map((id) => [id, [chun.id]]));
    await grant({ expiresAt: new Date(clock.nowMs() + 600_000), retryAfter: null, lastError: null });
    expect(await tellWaiting(ada, connectionId)).toBe(2);
    expect((await toldOf(ada)).slice(2).map(({ webhookId, memberIds }) => [webhookId, memberIds])).toEqual(ids.map((id) => [id, [bora.id]]));
  });

  test("for somebody whose grant cannot be renewed an event is kept for hours, not for ever", async () => {
    const credentialId = await link(bora, "minjun");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id] });
    const id = await happened(ada, connectionId, factsOf({ issue: await anIssue() }));
    await dispatchAll();
    await inTenant(ada, (tx) => tx.update(oauthCredentials).set({ expiresAt: new Date(0), retryAfter: new Date(clock.nowMs() + 24 * 3_600_000) }).where(eq(oauthCredentials.id, credentialId)));
    expect(await tellWaiting(ada, connectionId)).toBe(0);
    await clock.at(new Date(clock.nowMs() + 7 * 3_600_000), async () => expect(await tellWaiting(ada, connectionId)).toBe(1));
    expect(await toldOf(ada)).toEqual([]);
    expect((await rowOf(id))?.toldAt).not.toBeNull();
  });

  test("an answer is believed for five minutes, then asked for anew", async () => {
    await link(bora, "minjun");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id] });
    const issue = await anIssue();
    await goThrough(factsOf({ issue }));
    await jira.control.answer({ match: `/issue/${issue.id}`, status: 404, count: 9 });
    await goThrough(factsOf({ issue }));
    expect(await toldOf(ada)).toHaveLength(2);
    await inTenant(ada, (tx) => tx.update(sights).set({ checkedAt: new Date(clock.nowMs() - 6 * 60_000) }));
    await goThrough(factsOf({ issue }));
    expect(await toldOf(ada)).toHaveLength(2);
  });

  test("of a deleted issue hears who saw it last, within a day", async () => {
    await link(bora, "minjun");
    await link(chun, "camille");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    const issue = await anIssue();
    expect(await maySeeIssue(bora, await placeOf(), { id: issue.id, projectId: "10000" })).toBe(true);
    await jira.control.deleteIssue(issue.key);
    await inTenant(ada, (tx) => tx.update(sights).set({ checkedAt: new Date(clock.nowMs() - 23 * 3_600_000) }));
    await goThrough(factsOf({ event: "jira.issue.deleted", issue }));
    expect(await toldOf(ada)).toMatchObject([{ name: "jira.issue.deleted", memberIds: [bora.id] }]);
    await inTenant(ada, (tx) => tx.update(sights).set({ checkedAt: new Date(clock.nowMs() - 25 * 3_600_000) }));
    await goThrough(factsOf({ event: "jira.issue.deleted", issue }));
    expect(await toldOf(ada)).toHaveLength(1);
  });

  test("whom it concerns in person gets it as such, everybody else as the rest; huge texts are cut", async () => {
    await link(bora, "minjun");
    await link(chun, "camille");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    const issue = { ...(await anIssue()), assignee: by("minjun") };
    const changes = [{ field: "assignee", from: null, to: "minjun", fromId: null, toId: accountIdOf("minjun") }];
    await goThrough(factsOf({ issue, changes, text: "뷁".repeat(100_000) }));
    const told = await toldOf(ada);
    expect(told.map(({ memberIds, personal }) => ({ memberIds, personal }))).toEqual([{ memberIds: [bora.id], personal: true }, { memberIds: [chun.id], personal: undefined }]);
    expect(told[0]?.facts.text?.length).toBeLessThan(3_000);
  });

  test("what belongs to no project reaches managers, and whom one of them named", async () => {
    await subscribe(bora, { connectionId });
    await subscribe(ada, { connectionId });
    await subscribe(ada, { connectionId, target: "people", memberIds: [chun.id] });
    await goThrough(factsOf({ event: "jira.sprint.started", issue: null, project: null, entity: "sprint:7", title: "Sprint 7" }));
    expect(await toldOf(ada)).toMatchObject([{ name: "plugin.event", memberIds: [ada.id, chun.id].sort() }]);
  });

  test("a comment that only some may read is asked for itself, and no open project opens it", async () => {
    await link(bora, "minjun");
    await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id, chun.id] });
    await join(chun);
    await openProject(ada, connectionId, { project: { projectId: "10000", projectKey: "MOIM" }, workspaceId });
    const issue = await anIssue();
    const { id } = await jira.control.comment(issue.key, "secret");
    const facts = factsOf({ event: "jira.comment.created", issue, comment: { id, text: "secret", author: by("ada"), restricted: true } });
    await jira.control.answer({ match: `/comment/${id}`, status: 404 });
    await goThrough(facts);
    expect(await toldOf(ada)).toEqual([]);
    await goThrough({ ...facts, comment: { id, text: "open", author: by("ada") } });
    expect((await toldOf(ada)).map(({ memberIds }) => memberIds)).toEqual([[bora.id, chun.id].sort()]);
  });
});

describe("trying and replaying", () => {
  const week = () => ({ from: new Date(clock.nowMs() - 7 * 86_400_000), to: new Date(clock.nowMs() + 60_000) });

  test("a dry run counts exactly what the replay of the same wish delivers", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    await link(ada, "ada");
    const all = Array.from({ length: 1_203 }, (_, number) =>
      factsOf({
        event: number % 3 === 0 ? "jira.issue.created" : "jira.issue.updated",
        issue: issueFactsOf({ id: String(number), status: number % 2 === 0 ? "Done" : "To Do", labels: number % 5 === 0 ? ["Front"] : [], assignee: number % 7 === 0 ? by("ada") : null }),
      }),
    );
    await happenedAll(ada, connectionId, all);
    await happenedAll(ada, connectionId, [factsOf()], { receivedAt: new Date(clock.nowMs() - 8 * 86_400_000) });
    const wish = { connectionId, events: ["jira.issue.created"], filter: { statuses: ["done"], labels: ["FRONT"], assignees: ["me", "none"] }, target: "endpoint" };
    const tried = await dryRun(ada, dryRunInput.parse(wish));
    expect(tried).toMatchObject({ matched: 41, perDay: 5.9, complete: true });
    expect(tried.examples).toHaveLength(5);
    const id = await subscribe(ada, { ...wish, endpointId });
    expect(await deliveriesTo(ada, endpointId)).toEqual([]);
    expect(await replaySubscription(ada, id, week())).toBe(tried.matched);
    const sent = await deliveriesTo(ada, endpointId);
    expect(sent).toHaveLength(tried.matched);
    expect(sent.map(({ eventId }) => eventId)).toEqual(expect.arrayContaining(tried.examples.map((example) => example.id)));
    await dispatchAll();
    expect(await deliveriesTo(ada, endpointId)).toHaveLength(tried.matched);
    await replaySubscription(ada, id, week());
    expect((await deliveriesTo(ada, endpointId)).map(({ generation }) => generation).sort()).toEqual([...Array<number>(41).fill(1), ...Array<number>(41).fill(2)]);
  });

  test("a repeated request replays once", async () => {
    const endpointId = await anEndpoint(ada, "http://127.0.0.1:9/");
    const id = await subscribe(ada, { connectionId, target: "endpoint", endpointId });
    await happened(ada, connectionId, factsOf());
    const range = week();
    const counts = [await replaySubscription(ada, id, range, { idempotencyKey: "k" }), await replaySubscription(ada, id, range, { idempotencyKey: "k" })];
    expect(counts).toEqual([1, 1]);
    expect(await deliveriesTo(ada, endpointId)).toHaveLength(1);
  });

  test("people who were told are not told again; who was not, is", async () => {
    await link(bora, "minjun");
    const id = await subscribe(ada, { connectionId, target: "people", memberIds: [bora.id] });
    const issue = await anIssue();
    await goThrough(factsOf({ issue }));
    await link(chun, "camille");
    await changeSubscription(ada, id, { memberIds: [bora.id, chun.id] });
    expect(await replaySubscription(ada, id, week())).toBe(1);
    await tellAll();
    expect((await toldOf(ada)).map(({ memberIds }) => memberIds)).toEqual([[bora.id], [chun.id]]);
  });

  test("somebody's own dry run shows only what they may see, and not what they did", async () => {
    await link(bora, "camille");
    await happenedAll(ada, connectionId, [
      factsOf({ issue: await anIssue("PEOPLE"), title: "secret" }),
      factsOf({ issue: await anIssue(), title: "mine", actor: by("camille") }),
      factsOf({ issue: await anIssue(), title: "seen" }),
      factsOf({ event: "jira.sprint.started", issue: null, project: null, entity: "sprint:1", title: "sprint" }),
    ]);
    expect(await dryRun(bora, dryRunInput.parse({ connectionId }))).toMatchObject({ matched: 1, examples: [{ title: "seen" }] });
    expect(await dryRun(chun, dryRunInput.parse({ connectionId }))).toMatchObject({ matched: 0, examples: [] });
    await expect(dryRun(bora, dryRunInput.parse({ connectionId, target: "endpoint" }))).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await dryRun(ada, dryRunInput.parse({ connectionId, target: "endpoint" }))).toMatchObject({ matched: 4 });
  });

  test("neither a replay nor the last match tells somebody of what they may not see", async () => {
    await link(bora, "camille");
    const [mine, chuns] = [await subscribe(bora, { connectionId, filter: { text: "secret" } }), await subscribe(chun, { connectionId, filter: { text: "secret" } })];
    await goThrough(factsOf({ issue: { ...(await anIssue("PEOPLE")), summary: "secret plan" } }));
    for (const [member, id] of [[bora, mine], [chun, chuns]] as const) {
      expect(await replaySubscription(member, id, week())).toBe(0);
      expect((await subscriptionDetails(member, id)).lastMatchedAt).toBeNull();
    }
    await goThrough(factsOf({ issue: { ...(await anIssue()), summary: "no secret" } }));
    expect(await replaySubscription(bora, mine, week())).toBe(1);
    expect((await subscriptionDetails(bora, mine)).lastMatchedAt).not.toBeNull();
    expect((await subscriptionDetails(ada, chuns)).lastMatchedAt).not.toBeNull();
    expect(await replaySubscription(ada, chuns, week())).toBe(2);
  });

  test("while Jira is away, a dry run says so instead of showing what it does not know", async () => {
    await link(bora, "camille");
    await happened(ada, connectionId, factsOf({ issue: await anIssue() }));
    await jira.control.outage("unavailable");
    await expect(dryRun(bora, dryRunInput.parse({ connectionId }))).rejects.toMatchObject({ code: "JIRA_UNAVAILABLE" });
  });
});

const join = (member: Member) =>
  inTenant(ada, (tx) => tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId, memberId: member.id }).onConflictDoNothing());
const placeOf = async () => ({ id: connectionId, plugin: "jira", metadata: { cloudId: cloudIdOf("maru") } });
