import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { cloudIdOf } from "@/local/atlassian/world/seed";
import { GET as readRoute, DELETE as endRoute, PATCH as changeRoute } from "@/app/api/connections/[id]/route";
import { GET as listRoute } from "@/app/api/connections/route";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import { accessTokenOf } from "../credentials/queries";
import { refreshUnderWay } from "../credentials/rules";
import { changeCredential, credentialRow, givenGrant, jiraSettings } from "../credentials/testing";
import { useDynamicHooks as registerHooks, useManualHook as enterHook } from "../hooks/commands";
import { registrationsOf, secretsOf } from "../hooks/queries";
import { rotateSecret } from "../hooks/secrets/commands";
import { removeAbandonedHooks } from "../hooks/upkeep/commands";
import { receive } from "../ingest/commands";
import { issueWebhook, signedBy } from "../ingest/testing";
import { pluginPeople } from "../people/tables";
import { connectSites, createGenericConnection, pauseConnection, resumeConnection, setUnsigned } from "./commands";
import { healthOf, healthOfAll } from "./health/queries";
import { disconnect } from "./leaving/commands";
import { connectionWithHealth } from "./mappings";
import { connectionOf, connectionsOf } from "./queries";
import { siteChoices } from "./sites/queries";
import { pluginConnections } from "./tables";

vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const atlassian = await startAtlassian();
useTestDatabase(jiraSettings(atlassian));
afterAll(() => atlassian.stop());

let ada: Member;
let minjun: Member;
let member: Member;
let sam: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
  minjun = await joinAs(ada, "minjun@maru.example", "admin");
  member = await joinAs(ada, "zoe@maru.example");
  sam = (await foundOrganization("sam@hanbit.example", "Hanbit")).owner;
});
beforeEach(() => atlassian.control.reset());
afterEach(() =>
  asSystem("grants", (tx) => tx.execute(sql`delete from plugin_connections; delete from oauth_credentials; delete from outbox_events; delete from audit_entries; delete from site_budgets`)),
);

const maru = cloudIdOf("maru");
const labs = cloudIdOf("maru-labs");

/** A connection of the site "maru", by Ada's own account. */
async function connected(): Promise<{ id: string; credentialId: string }> {
  const credentialId = await givenGrant(ada, atlassian, "ada", { link: true });
  const { connections } = await connectSites(ada, { credentialId, cloudIds: [maru] });
  return { id: connections[0]?.id ?? "", credentialId };
}

const events = async (name: string) =>
  (await asSystem("relay", (tx) => tx.execute<{ payload: Record<string, unknown> }>(sql`select payload from outbox_events where name = ${name} order by id`))).map(({ payload }) => payload);
const audited = async () => (await asSystem("housekeeping", (tx) => tx.execute<{ action: string }>(sql`select action from audit_entries where action like 'connection.%' order by id`))).map(({ action }) => action);
const credentials = async () => (await asSystem("grants", (tx) => tx.execute<{ id: string }>(sql`select id from oauth_credentials order by id`))).map(({ id }) => id);
const hooksThere = async () => (await atlassian.control.hooks()).filter(({ kind }) => kind === "dynamic");

describe("connecting sites", () => {
  test("makes a connection of each, with what the grant says of it and a secret of its own", async () => {
    const credentialId = await givenGrant(ada, atlassian);
    const { connections, taken } = await connectSites(ada, { credentialId, cloudIds: [maru, labs, maru] });
    expect(taken).toEqual([]);
    expect(connections).toHaveLength(2);
    const stored = await connectionsOf(ada);
    expect(stored).toHaveLength(2);
    expect(stored.find(({ externalId }) => externalId === maru)).toMatchObject({ plugin: "jira", credentialId, hookKind: "manual", allowsUnsigned: false, metadata: { cloudId: maru, siteUrl: expect.stringContaining("maru") } });
    const secrets = await Promise.all(stored.map(async ({ id }) => (await secretsOf(ada, id)).map(({ secret }) => secret)));
    expect(new Set(secrets.flat()).size).toBe(2);
    expect(await events("connection.established")).toHaveLength(2);
    expect(await audited()).toEqual(["connection.established", "connection.established"]);
    const raw = await asSystem("webhooks", (tx) => tx.execute<{ secret: string }>(sql`select secret from webhook_secrets`));
    for (const secret of secrets.flat()) expect(JSON.stringify(raw)).not.toContain(secret);
  });

  test("refuses a site that the grant does not reach, whatever the form says, and connects none", async () => {
    const credentialId = await givenGrant(ada, atlassian);
    const forged = "11111111-2222-3333-4444-555555555555";
    await expect(connectSites(ada, { credentialId, cloudIds: [maru, forged] })).rejects.toMatchObject({ code: "INVALID", fields: [{ path: ["cloudIds"], code: "unknown-site" }] });
    expect(await connectionsOf(ada)).toEqual([]);
  });

  test("takes neither the grant of another organization nor that of a colleague", async () => {
    const theirs = await givenGrant(sam, atlassian, "ada");
    const colleagues = await givenGrant(minjun, atlassian, "minjun");
    for (const credentialId of [theirs, colleagues, "crd_nobody"]) {
      await expect(connectSites(ada, { credentialId, cloudIds: [maru] })).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(siteChoices(ada, credentialId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });

  test("leaves a site to the organization that has it, and connects the others", async () => {
    await connected();
    const credentialId = await givenGrant(sam, atlassian, "ada");
    expect((await siteChoices(sam, credentialId)).sites.map(({ cloudId, standing }) => [cloudId, standing])).toEqual(
      expect.arrayContaining([
        [maru, "taken"],
        [labs, "free"],
      ]),
    );
    await expect(connectSites(sam, { credentialId, cloudIds: [maru] })).rejects.toMatchObject({ code: "SITE_TAKEN", fields: [{ code: "site-taken", values: { site: expect.any(String) } }] });
    const both = await connectSites(sam, { credentialId, cloudIds: [maru, labs] });
    expect(both.taken).toHaveLength(1);
    expect(both.connections).toMatchObject([{ cloudId: labs, moved: false }]);
    expect((await connectionsOf(sam)).map(({ externalId }) => externalId)).toEqual([labs]);
  });

  test("of many at once makes one connection", async () => {
    const credentialId = await givenGrant(ada, atlassian);
    await Promise.all(Array.from({ length: 8 }, () => connectSites(ada, { credentialId, cloudIds: [maru] })));
    expect(await connectionsOf(ada)).toHaveLength(1);
    expect(await secretsOf(ada, (await connectionsOf(ada))[0]?.id ?? "")).toHaveLength(1);
  });

  test("moves a connection to a new grant, with all that hangs on it, and asks for what was missed since the old one broke", async () => {
    const { id, credentialId } = await connected();
    const [before] = await secretsOf(ada, id);
    const brokenAt = new Date("2026-11-20T10:00:00Z");
    await changeCredential(credentialId, { brokenAt, brokenReason: "revoked" });
    await inTenant(ada, (tx) => tx.delete(pluginPeople));
    const fresh = await givenGrant(minjun, atlassian, "minjun");
    expect(await connectSites(minjun, { credentialId: fresh, cloudIds: [maru] })).toMatchObject({ connections: [{ id, moved: true }] });
    expect(await connectionOf(ada, id)).toMatchObject({ credentialId: fresh, gapSince: brokenAt });
    expect(await secretsOf(ada, id)).toEqual([before]);
    expect(await events("connection.gap-found")).toEqual([{ connectionId: id, since: brokenAt.toISOString() }]);
    expect(await credentials()).toEqual([fresh]);
  });

  test("is for those who manage integrations; another organization sees nothing of it", async () => {
    const { id } = await connected();
    const theirs = await givenGrant(member, atlassian, "minjun");
    const attempts = [
      () => connectSites(member, { credentialId: theirs, cloudIds: [labs] }),
      () => createGenericConnection(member, { name: "CI" }),
      () => pauseConnection(member, id),
      () => resumeConnection(member, id),
      () => setUnsigned(member, id, true),
      () => rotateSecret(member, id),
      () => registerHooks(member, id),
      () => enterHook(member, id),
      () => disconnect(member, id),
      () => secretsOf(member, id),
      () => healthOf(member, id),
      () => healthOfAll(member),
      () => siteChoices(member, theirs),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (const attempt of [() => pauseConnection(sam, id), () => setUnsigned(sam, id, true), () => rotateSecret(sam, id), () => registerHooks(sam, id), () => enterHook(sam, id), () => disconnect(sam, id)]) {
      await expect(attempt()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await connectionOf(sam, id)).toBeNull();
    expect(await healthOf(sam, id)).toBeNull();
    expect(await secretsOf(sam, id)).toEqual([]);
    expect(await inTenant(sam, (tx) => tx.select({ id: pluginConnections.id }).from(pluginConnections))).toEqual([]);
    expect(await connectionOf(ada, id)).toMatchObject({ pausedAt: null, allowsUnsigned: false, hookKind: "manual" });
  });
});

describe("a rotated secret", () => {
  test("is taken beside the new one for a day, and no longer", async () => {
    const { id } = await connected();
    const before = (await secretsOf(ada, id))[0]?.secret ?? "";
    await rotateSecret(ada, id);
    const after = (await secretsOf(ada, id))[0]?.secret ?? "";
    expect(after).not.toBe(before);
    for (const secret of [before, after]) await expect(receive("jira", id, signedBy(secret, issueWebhook("created", { id: secret.slice(0, 4) })))).resolves.toMatchObject({ duplicate: false });
    await clock.at(new Date(Date.now() + 24.1 * 3_600_000), async () => {
      expect((await secretsOf(ada, id)).map(({ secret }) => secret)).toEqual([after]);
      await expect(receive("jira", id, signedBy(before, issueWebhook("created", { id: "9" })))).rejects.toMatchObject({ code: "WEBHOOK_UNPROVEN" });
      await expect(receive("jira", id, signedBy(after, issueWebhook("created", { id: "10" })))).resolves.toMatchObject({ duplicate: false });
    });
  });

  test("ends at once when it leaked", async () => {
    const { id } = await connected();
    const before = (await secretsOf(ada, id))[0]?.secret ?? "";
    await rotateSecret(ada, id);
    await rotateSecret(ada, id, { atOnce: true });
    expect(await secretsOf(ada, id)).toHaveLength(1);
    await expect(receive("jira", id, signedBy(before, issueWebhook("created", { id: "1" })))).rejects.toMatchObject({ code: "WEBHOOK_UNPROVEN" });
  });

  test("is one of several when two rotate at once", async () => {
    const { id } = await connected();
    await Promise.all([rotateSecret(ada, id), rotateSecret(minjun, id)]);
    expect((await secretsOf(ada, id)).map(({ validUntil }) => validUntil === null)).toEqual([true, false, false]);
  });
});

describe("pausing", () => {
  test("is told once, and resuming has what was kept read and what was missed asked for", async () => {
    const { id } = await connected();
    await pauseConnection(ada, id);
    await pauseConnection(ada, id);
    const pausedAt = (await connectionOf(ada, id))?.pausedAt;
    expect(pausedAt).toBeInstanceOf(Date);
    expect(await healthOf(ada, id)).toMatchObject({ verdict: "paused" });
    await resumeConnection(ada, id);
    await resumeConnection(ada, id);
    expect(await connectionOf(ada, id)).toMatchObject({ pausedAt: null, gapSince: pausedAt });
    expect(await events("webhook.received")).toEqual([{ connectionId: id }]);
    expect(await events("connection.gap-found")).toEqual([{ connectionId: id, since: pausedAt?.toISOString() }]);
    expect(await audited()).toEqual(["connection.established", "connection.paused", "connection.resumed"]);
  });

  test("a sender without a place that could be asked has no gap", async () => {
    const { connectionId } = await createGenericConnection(ada, { name: "CI" });
    expect((await secretsOf(ada, connectionId))[0]?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await pauseConnection(ada, connectionId);
    await resumeConnection(ada, connectionId);
    expect(await connectionOf(ada, connectionId)).toMatchObject({ gapSince: null });
    expect(await events("connection.gap-found")).toEqual([]);
  });
});

describe("disconnecting", () => {
  test("ends the address, the secrets, the subscriptions and the grant, and keeps the log", async () => {
    const { id } = await connected();
    const secret = (await secretsOf(ada, id))[0]?.secret ?? "";
    const signed = signedBy(secret, issueWebhook("created", { id: "1" }));
    await receive("jira", id, signed);
    await asSystem("housekeeping", (tx) =>
      tx.execute(sql`insert into subscriptions (id, organization_id, name, connection_id, events, filter, target, owner_id)
        values ('sub_1', ${ada.organizationId}, 'All', ${id}, '{}', '{}', 'me', ${ada.id})`),
    );
    await disconnect(ada, id);
    await expect(receive("jira", id, signed)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await connectionOf(ada, id)).toBeNull();
    expect(await credentials()).toEqual([]);
    const [left] = await asSystem("housekeeping", (tx) =>
      tx.execute(sql`select (select count(*)::int from webhook_secrets) as secrets, (select count(*)::int from subscriptions) as subscriptions, (select count(*)::int from inbound_webhooks) as webhooks`),
    );
    expect(left).toEqual({ secrets: 0, subscriptions: 0, webhooks: 1 });
    await expect(disconnect(ada, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await audited()).toEqual(["connection.established", "connection.disconnected"]);
  });

  test("keeps a grant that another connection or a person still needs", async () => {
    const credentialId = await givenGrant(ada, atlassian, "ada", { link: true });
    const { connections } = await connectSites(ada, { credentialId, cloudIds: [maru, labs] });
    const linked = await givenGrant(minjun, atlassian, "minjun", { link: true });
    await disconnect(ada, connections[0]?.id ?? "");
    expect(await credentials()).toEqual([credentialId, linked].sort());
    await disconnect(ada, connections[1]?.id ?? "");
    expect(await credentials()).toEqual([]);
  });

  test("of the last two at once lets go of everybody's grant", async () => {
    const credentialId = await givenGrant(ada, atlassian, "ada", { link: true });
    const { connections } = await connectSites(ada, { credentialId, cloudIds: [maru, labs] });
    await Promise.all(connections.map(({ id }) => disconnect(ada, id)));
    expect(await credentials()).toEqual([]);
  });

  test("removes what was registered at the site even when Jira is away at first, and holds the tokens until then", async () => {
    const { id, credentialId } = await connected();
    await registerHooks(ada, id);
    expect(await hooksThere()).toHaveLength(1);
    await disconnect(ada, id);
    expect(await events("hooks.abandoned")).toEqual([{ connectionId: id }]);
    expect(await asSystem("grants", (tx) => tx.execute(sql`select credential_id from plugin_connections`))).toEqual([{ credential_id: credentialId }]);
    await atlassian.control.outage("unavailable");
    await expect(removeAbandonedHooks(ada, id)).rejects.toMatchObject({ kind: "unavailable" });
    expect(await credentials()).toEqual([credentialId]);
    await atlassian.control.outage("off");
    await asSystem("grants", (tx) => tx.execute(sql`delete from site_budgets`));
    expect(await removeAbandonedHooks(ada, id)).toEqual({ removed: 1 });
    expect(await hooksThere()).toEqual([]);
    expect(await credentials()).toEqual([]);
    expect(await registrationsOf(ada, id)).toEqual([]);
  });

  test("lets go of the tokens when the grant is gone and nothing can be removed", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    await disconnect(ada, id);
    await changeCredential((await credentials())[0] ?? "", { brokenAt: new Date() });
    await removeAbandonedHooks(ada, id);
    expect(await credentials()).toEqual([]);
  });

  test.each(["disconnecting", "moving to another grant"] as const)("%s waits for a refresh that is under way and finds the grant gone; neither fails", async (what) => {
    const { id, credentialId } = await connected();
    const other = await givenGrant(ada, atlassian, "nora");
    await atlassian.control.revoke("ada");
    await changeCredential(credentialId, { refreshedAt: new Date(Date.now() - 7_200_000), expiresAt: new Date(Date.now() - 60_000) });
    await atlassian.control.answer({ match: "/oauth/token", kind: "slow", delayMs: 1_000 });
    const refused = expect(accessTokenOf(ada, credentialId)).rejects.toMatchObject({ code: "RECONNECT_NEEDED" });
    await vi.waitFor(async () => expect((await credentialRow(credentialId)).lastError).toBe(refreshUnderWay), { timeout: 5_000 });
    await (what === "disconnecting" ? disconnect(ada, id) : connectSites(ada, { credentialId: other, cloudIds: [maru] }));
    await refused;
    expect((await connectionOf(ada, id))?.credentialId).toBe(what === "disconnecting" ? undefined : other);
  });

  test("leaves the site to whoever connects it next", async () => {
    const { id } = await connected();
    await disconnect(ada, id);
    const credentialId = await givenGrant(sam, atlassian, "ada");
    expect(await connectSites(sam, { credentialId, cloudIds: [maru] })).toMatchObject({ connections: [{ moved: false }], taken: [] });
  });
});

describe("over the API", () => {
  const params = (id: string) => ({ params: Promise.resolve({ id }) });
  async function calling(who: Member, method = "GET", body?: object): Promise<Request> {
    const { secret } = await createApiToken(who, { name: "Connections", scopes: ["integrations:read", "integrations:write"] });
    const headers = { authorization: `Bearer ${secret}`, ...(body && { "content-type": "application/json" }) };
    return new Request("http://localhost:3000/api/connections", { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  test("connections are listed, read, paused, resumed and ended by those who manage them", async () => {
    const { id } = await connected();
    const listed = (await (await listRoute(await calling(ada), { params: Promise.resolve({}) })).json()) as { connections: unknown[] };
    expect(listed.connections.map((one) => connectionWithHealth.parse(one))).toMatchObject([{ id, paused: false, health: { state: "waiting" } }]);
    expect(JSON.stringify(listed)).not.toContain((await secretsOf(ada, id))[0]?.secret);
    expect(await (await readRoute(await calling(ada), params(id))).json()).toMatchObject({ id, plugin: "jira", webhookUrl: `http://localhost:3000/webhook/jira/${id}` });
    expect(await (await changeRoute(await calling(ada, "PATCH", { paused: true }), params(id))).json()).toMatchObject({ paused: true, health: { state: "paused" } });
    expect(await (await changeRoute(await calling(ada, "PATCH", { paused: false }), params(id))).json()).toMatchObject({ paused: false });
    for (const [who, status] of [[member, 403], [sam, 404]] as const) {
      expect((await readRoute(await calling(who), params(id))).status).toBe(status);
      expect((await changeRoute(await calling(who, "PATCH", { paused: true }), params(id))).status).toBe(status);
      expect((await endRoute(await calling(who, "DELETE"), params(id))).status).toBe(status);
    }
    expect((await endRoute(await calling(ada, "DELETE"), params(id))).status).toBe(204);
    expect((await readRoute(await calling(ada), params(id))).status).toBe(404);
  });
});

describe("how connections are", () => {
  test("is read for all of them at once: what waits, what came today, what was turned away", async () => {
    const { id } = await connected();
    const generic = (await createGenericConnection(ada, { name: "CI" })).connectionId;
    const secret = (await secretsOf(ada, id))[0]?.secret ?? "";
    for (const issue of ["1", "2"]) await receive("jira", id, signedBy(secret, issueWebhook("created", { id: issue })));
    await expect(receive("generic", generic, signedBy("wrong", "{}"))).rejects.toMatchObject({ code: "WEBHOOK_UNPROVEN" });
    const all = await healthOfAll(ada);
    expect([...all.keys()].sort()).toEqual([generic, id].sort());
    expect(all.get(id)).toMatchObject({
      token: { state: "ok" },
      webhook: { state: "verified", kind: "manual" },
      lag: { unread: 2, untold: 0 },
      day: { received: 2, read: 0, duplicate: 0, unreadable: 0 },
    });
    await clock.at(new Date(Date.now() + 25 * 3_600_000), async () => expect(await healthOf(ada, id)).toMatchObject({ day: { received: 0 }, lag: { unread: 2 } }));
    expect(all.get(generic)).toMatchObject({ token: { state: "none" }, webhook: { state: "refused", refusedReason: "unsigned" }, verdict: "attention" });
  });

  test("says who has to act when the grant is gone", async () => {
    const { id, credentialId } = await connected();
    await changeCredential(credentialId, { brokenAt: new Date(), brokenReason: "HTTP 403: invalid_grant" });
    expect(await healthOf(ada, id)).toMatchObject({ verdict: "broken", token: { state: "broken", detail: "HTTP 403: invalid_grant" } });
  });
});
