import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { cloudIdOf } from "@/local/atlassian/world/seed";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { connectSites, createGenericConnection } from "../connections/commands";
import { healthOf } from "../connections/health/queries";
import { disconnect } from "../connections/leaving/commands";
import { connectionOf, webhookUrlOf } from "../connections/queries";
import { changeCredential, givenGrant, jiraSettings } from "../credentials/testing";
import { receive } from "../ingest/commands";
import { issueWebhook, signedBy, tokenBy } from "../ingest/testing";
import { useDynamicHooks as registerHooks, useManualHook as enterHook } from "./commands";
import { registrationsOf, secretsOf } from "./queries";
import { lookAfterHooks, removeAbandonedHooks } from "./upkeep/commands";
import { hooksToLookAfter } from "./upkeep/queries";

const dayMs = 86_400_000;
let aheadMs = 0;
const atlassian = await startAtlassian({ now: () => Date.now() + aheadMs });
useTestDatabase(jiraSettings(atlassian));
afterAll(() => atlassian.stop());

let ada: Member;
let sam: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
  sam = (await foundOrganization("sam@hanbit.example", "Hanbit")).owner;
});
beforeEach(async () => {
  aheadMs = 0;
  await atlassian.control.reset();
});
afterEach(() => asSystem("grants", (tx) => tx.execute(sql`delete from plugin_connections; delete from oauth_credentials; delete from outbox_events; delete from audit_entries; delete from site_budgets`)));

async function connected(member = ada, site = "maru", scopes?: string[]): Promise<{ id: string; credentialId: string }> {
  const credentialId = await givenGrant(member, atlassian, "ada", { scopes });
  const { connections } = await connectSites(member, { credentialId, cloudIds: [cloudIdOf(site)] });
  return { id: connections[0]?.id ?? "", credentialId };
}

/** So many days later, there and here. The token is renewed on the way. */
async function after<T>(days: number, work: () => Promise<T>): Promise<T> {
  aheadMs = days * dayMs;
  await asSystem("grants", (tx) => tx.execute(sql`delete from site_budgets`));
  return clock.at(new Date(Date.now() + aheadMs), work);
}

const hooksThere = async () => (await atlassian.control.hooks()).filter(({ kind }) => kind === "dynamic");
const events = async (name: string) =>
  (await asSystem("relay", (tx) => tx.execute<{ payload: Record<string, unknown> }>(sql`select payload from outbox_events where name = ${name} order by id`))).map(({ payload }) => payload);
const daysLeft = async (id: string) => Math.round(((await registrationsOf(ada, id))[0]?.expiresAt.getTime() ?? 0) / dayMs - clock.nowMs() / dayMs);

describe("a webhook that we register", () => {
  test("stands at the site under this connection's address, and is the only kind that is taken", async () => {
    const { id } = await connected();
    const secret = (await secretsOf(ada, id))[0]?.secret ?? "";
    await registerHooks(ada, id, { filter: "project = MOIM" });
    const [there] = await hooksThere();
    const connection = await connectionOf(ada, id);
    expect(there).toMatchObject({ url: connection && webhookUrlOf(connection), jql: "project = MOIM" });
    expect(connection).toMatchObject({ hookKind: "dynamic", verifiedAt: null });
    const [stored] = await registrationsOf(ada, id);
    expect(stored).toMatchObject({ externalId: String(there?.id), filter: "project = MOIM" });
    const body = { ...issueWebhook("created", { id: "1" }), matchedWebhookIds: [Number(stored?.externalId)] };
    await expect(receive("jira", id, tokenBy(atlassian.clientSecret, body))).resolves.toMatchObject({ duplicate: false });
    await expect(receive("jira", id, signedBy(secret, body))).rejects.toMatchObject({ code: "WEBHOOK_UNPROVEN" });
    expect(await connectionOf(ada, id)).toMatchObject({ verifiedAt: expect.any(Date) });

    await enterHook(ada, id);
    await expect(receive("jira", id, tokenBy(atlassian.clientSecret, body))).rejects.toMatchObject({ code: "WEBHOOK_UNPROVEN" });
    await expect(receive("jira", id, signedBy(secret, issueWebhook("created", { id: "2" })))).resolves.toMatchObject({ duplicate: false });
    expect(await events("hooks.abandoned")).toEqual([{ connectionId: id }]);
    expect(await removeAbandonedHooks(ada, id)).toEqual({ removed: 1 });
    expect(await hooksThere()).toEqual([]);
    expect(await connectionOf(ada, id)).toMatchObject({ hookKind: "manual", credentialId: expect.any(String) });
  });

  test("is replaced by one with another filter, and clicked twice it is one", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    await registerHooks(ada, id, { filter: "project = MOIM" });
    expect(await hooksThere()).toMatchObject([{ jql: "project = MOIM" }]);
    await Promise.all([registerHooks(ada, id), registerHooks(ada, id)]);
    expect(await hooksThere()).toHaveLength(1);
    expect(String((await hooksThere())[0]?.id)).toBe((await registrationsOf(ada, id))[0]?.externalId);
  });

  test("leaves everything as it was when Jira has something against it, and says what", async () => {
    const { id } = await connected();
    await atlassian.control.answer({ method: "POST", match: "/rest/api/3/webhook", status: 200, body: { webhookRegistrationResult: [{ errors: ["The value 'NOPE' does not exist for the field 'project'."] }] } });
    await expect(registerHooks(ada, id)).rejects.toMatchObject({ code: "JIRA_REFUSED", fields: [{ path: [], code: "jira-said", values: { words: "The value 'NOPE' does not exist for the field 'project'." } }] });
    await expect(registerHooks(ada, id, { filter: "labels = x" })).rejects.toMatchObject({ code: "INVALID", fields: [{ path: ["filter"], code: "filter-field", values: { found: "labels" } }] });
    expect(await connectionOf(ada, id)).toMatchObject({ hookKind: "manual" });
    expect(await registrationsOf(ada, id)).toEqual([]);
  });

  test("asks for a fresh consent where the grant does not cover webhooks", async () => {
    const { id } = await connected(ada, "maru", ["read:jira-work", "read:jira-user", "offline_access"]);
    await expect(registerHooks(ada, id)).rejects.toMatchObject({ code: "RECONNECT_NEEDED", fields: [{ code: "hook-scope" }] });
  });

  test("explains that an app has one address at a site, and clears away what we left there ourselves", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    // Its connection is gone without having tidied up, as after a restored backup.
    await asSystem("webhooks", (tx) => tx.execute(sql`delete from plugin_connections`));
    const second = await connected();
    await after(1, () => registerHooks(ada, second.id));
    expect(await hooksThere()).toMatchObject([{ url: expect.stringContaining(second.id) }]);
    await atlassian.control.answer({ method: "POST", match: "/rest/api/3/webhook", status: 200, body: { webhookRegistrationResult: [{ errors: ["Only a single URL per app is allowed to be registered"] }] } });
    await after(1, () => expect(registerHooks(ada, second.id)).rejects.toMatchObject({ code: "JIRA_REFUSED", fields: [{ code: "hook-url" }] }));
  });

  test("is nothing for a sender without a place", async () => {
    const { connectionId } = await createGenericConnection(ada, { name: "CI" });
    await expect(registerHooks(ada, connectionId)).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("looking after registered webhooks", () => {
  test("renews one with less than 20 days left, and leaves a fresh one alone", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    expect(await after(5, () => lookAfterHooks(ada, id))).toEqual({ renewed: 0, registered: 0 });
    expect(await after(5, () => hooksToLookAfter())).toEqual([]);
    expect(await after(5, () => hooksToLookAfter({ all: true }))).toEqual([{ organizationId: ada.organizationId, connectionId: id, abandoned: false }]);
    await after(11, async () => {
      expect(await hooksToLookAfter()).toHaveLength(1);
      expect(await lookAfterHooks(ada, id)).toEqual({ renewed: 1, registered: 0 });
      expect(await daysLeft(id)).toBe(30);
      expect(await hooksToLookAfter()).toEqual([]);
    });
  });

  test("renews after a run that failed, and forgets the failure", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    await after(11, async () => {
      await atlassian.control.outage("unavailable");
      await expect(lookAfterHooks(ada, id)).rejects.toThrow();
      expect((await registrationsOf(ada, id))[0]?.lastError).toBeTruthy();
      expect(await healthOf(ada, id)).toMatchObject({ webhook: { renewalError: expect.any(String) } });
      expect(await hooksToLookAfter()).toHaveLength(1);
      expect(await events("connection.broken")).toEqual([]);
      await atlassian.control.outage("off");
      await asSystem("grants", (tx) => tx.execute(sql`delete from site_budgets; update oauth_credentials set retry_after = null`));
      expect(await lookAfterHooks(ada, id)).toEqual({ renewed: 1, registered: 0 });
      expect((await registrationsOf(ada, id))[0]?.lastError).toBeNull();
    });
  });

  test("tells once that a webhook is about to lapse, and again only after it was renewed in between", async () => {
    const { id, credentialId } = await connected();
    await registerHooks(ada, id);
    await after(24, async () => {
      await changeCredential(credentialId, { brokenAt: clock.now(), brokenReason: "revoked" });
      for (let run = 0; run < 3; run += 1) await expect(lookAfterHooks(ada, id)).rejects.toThrow();
      expect(await events("connection.broken")).toMatchObject([{ connection: { id }, cause: "hook" }]);
      expect(await healthOf(ada, id)).toMatchObject({ verdict: "broken", webhook: { state: "lapsing" } });
      await givenGrant(ada, atlassian, "ada");
      expect(await lookAfterHooks(ada, id)).toEqual({ renewed: 1, registered: 0 });
    });
    await after(50, async () => {
      await changeCredential(credentialId, { brokenAt: clock.now(), brokenReason: "revoked" });
      await expect(lookAfterHooks(ada, id)).rejects.toThrow();
    });
    expect(await events("connection.broken")).toHaveLength(2);
  });

  test("makes anew what is gone at the site, with its filter, and asks for what was missed", async () => {
    const { id } = await connected();
    await registerHooks(ada, id, { filter: "project = MOIM" });
    const [before] = await registrationsOf(ada, id);
    const seenUntil = (await connectionOf(ada, id))?.seenUntil;
    await atlassian.control.removeHook(before?.externalId ?? "");
    expect(await lookAfterHooks(ada, id)).toEqual({ renewed: 0, registered: 1 });
    const [now] = await registrationsOf(ada, id);
    expect(now?.externalId).not.toBe(before?.externalId);
    expect(now?.filter).toBe("project = MOIM");
    expect(await hooksThere()).toMatchObject([{ jql: "project = MOIM" }]);
    expect(await connectionOf(ada, id)).toMatchObject({ gapSince: seenUntil });
    expect(await events("connection.gap-found")).toEqual([{ connectionId: id, since: seenUntil?.toISOString() }]);
  });

  test("makes what is gone anew once, whoever looks at the same time", async () => {
    const { id } = await connected();
    await registerHooks(ada, id, { filter: "project = MOIM" });
    await atlassian.control.removeHook((await registrationsOf(ada, id))[0]?.externalId ?? "");
    await atlassian.control.answer({ match: "/webhook", kind: "slow", count: 20, delayMs: 100 });
    const looks = await Promise.all([1, 2, 3].map(() => lookAfterHooks(ada, id)));
    expect(looks.map(({ registered }) => registered).toSorted()).toEqual([0, 0, 1]);
    const stored = await registrationsOf(ada, id);
    expect(stored).toHaveLength(1);
    expect((await hooksThere()).map((hook) => String(hook.id))).toEqual([stored[0]?.externalId]);
  });

  test("leaves nothing at the site when the connection ends meanwhile", async () => {
    const { id } = await connected();
    await registerHooks(ada, id);
    await atlassian.control.removeHook((await registrationsOf(ada, id))[0]?.externalId ?? "");
    await atlassian.control.answer({ match: "/webhook", kind: "slow", count: 20, delayMs: 300 });
    const looking = lookAfterHooks(ada, id);
    await disconnect(ada, id);
    await looking;
    expect(await hooksThere()).toEqual([]);
  });

  test("of one connection does not wait for that of another", async () => {
    const broken = await connected();
    await registerHooks(ada, broken.id);
    const fine = await connected(sam, "maru-labs");
    await registerHooks(sam, fine.id);
    await after(11, async () => {
      await changeCredential(broken.credentialId, { brokenAt: clock.now() });
      expect((await hooksToLookAfter()).map(({ connectionId }) => connectionId).sort()).toEqual([broken.id, fine.id].sort());
      await expect(lookAfterHooks(ada, broken.id)).rejects.toThrow();
      expect(await lookAfterHooks(sam, fine.id)).toEqual({ renewed: 1, registered: 0 });
    });
  });
});
