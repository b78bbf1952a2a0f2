import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { pluginConnections } from "../connections/tables";
import { sitesOf } from "../credentials/queries";
import { changeCredential, givenGrant, jiraSettings } from "../credentials/testing";
import { readWaiting, receive } from "../ingest/commands";
import { makeConnection, webhooksOf } from "../ingest/testing";
import { beginReconciliation, endReconciliation, reconcilePage } from "./commands";
import { connectionsToAsk } from "./queries";
import { askFrom } from "./rules";

const atlassian = await startAtlassian();
const { control } = atlassian;
useTestDatabase(jiraSettings(atlassian));

/** Where the site's webhooks arrive; each is received as the route would. */
const receiver = createServer((incoming, outgoing) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const [, , , id = ""] = new URL(incoming.url ?? "", "http://here").pathname.split("/");
    await receive("jira", id, { headers: incoming.headers as Record<string, string>, body: Buffer.concat(chunks) });
    outgoing.writeHead(200).end();
  })().catch(() => outgoing.writeHead(401).end());
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");

afterAll(async () => {
  await atlassian.stop();
  receiver.closeAllConnections();
  receiver.close();
});

const secret = "s";
const hourMs = 60 * 60 * 1000;
let ada: Member;
let credentialId: string;
let connection: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
});
beforeEach(async () => {
  await control.reset();
  await asSystem("grants", (tx) => tx.execute(sql`delete from plugin_connections; delete from oauth_credentials`));
  credentialId = await givenGrant(ada, atlassian);
  const site = (await sitesOf(ada, credentialId)).find(({ name }) => name.toLowerCase() === "maru");
  if (!site) throw new Error("no site");
  connection = await makeConnection(ada, {
    secrets: [{ secret }],
    externalId: site.cloudId,
    metadata: { cloudId: site.cloudId, siteUrl: site.url },
    credentialId,
    createdAt: new Date(Date.now() - hourMs / 2),
  });
  await control.hook({ site: "maru", url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhook/jira/${connection}`, secret });
});

const set = (change: Partial<typeof pluginConnections.$inferInsert>) => inTenant(ada, (tx) => tx.update(pluginConnections).set(change).where(eq(pluginConnections.id, connection)));
const row = async () => (await inTenant(ada, (tx) => tx.select().from(pluginConnections).where(eq(pluginConnections.id, connection))))[0];
const readAll = async () => {
  while ((await readWaiting(ada, connection)) > 0);
};
const told = async () => (await webhooksOf(ada, connection)).filter(({ state }) => state === "read");
const settled = async () => {
  await control.settle();
  await readAll();
};

/** As the durable function does it. @returns how many were new. */
async function reconciled(): Promise<number> {
  const begun = await beginReconciliation(ada, connection);
  if (!begun) throw new Error("it does not want to be asked");
  let fed = 0;
  for (let after: string | null = null; ; ) {
    const page = await reconcilePage(ada, begun, after);
    if ("later" in page) throw new Error(page.later);
    fed += page.fed;
    after = page.next;
    if (after === null) break;
  }
  await endReconciliation(ada, begun);
  await readAll();
  return fed;
}

describe("what webhooks did not tell", () => {
  test("is found by asking, each change once, also when its webhook comes late", async () => {
    const { key, id } = await control.createIssue({ fields: { summary: "First" } });
    await settled();
    expect((await told()).map(({ changeKey }) => changeKey)).toEqual([`created:${id}`]);
    await control.bend({ kind: "drop", count: 100 });
    await control.transition(key, "In Progress");
    await control.comment(key, "Nobody heard this");
    await control.editIssue(key, { summary: "First, again" });
    const second = await control.createIssue({ fields: { summary: "Second" } });
    await settled();
    expect(await told()).toHaveLength(1);

    await set({ gapSince: new Date(Date.now() - 60_000) });
    expect(await reconciled()).toBe(4);
    const all = await told();
    expect(all.map(({ proof }) => proof)).toEqual(["hmac", "asked", "asked", "asked", "asked"]);
    expect(all.map(({ event }) => event)).toEqual(expect.arrayContaining(["jira.issue.updated", "jira.issue.updated", "jira.comment.created", "jira.issue.created"]));
    expect(all.find(({ changeKey }) => changeKey === `created:${second.id}`)?.facts?.title).toContain("Second");
    expect(all.find(({ event }) => event === "jira.comment.created")?.facts?.comment?.text).toBe("Nobody heard this");
    expect(all.find(({ facts }) => facts?.changes.some(({ field }) => field === "status"))?.facts).toMatchObject({ actor: { name: "Ada Sinclair" }, changes: [{ to: "In Progress" }] });

    for (const { id: late } of await control.deliveries()) await control.resend(late);
    await settled();
    expect((await webhooksOf(ada, connection)).filter(({ state, proof }) => state === "duplicate" && proof === "hmac").length).toBeGreaterThanOrEqual(4);
    expect((await told()).map((one) => one.id).sort()).toEqual(all.map((one) => one.id).sort());
    expect(await row()).toMatchObject({ gapSince: null, reconciledAt: expect.any(Date) as Date });
  });

  test("is nothing when all of it came, however often it is asked", async () => {
    const { key } = await control.createIssue();
    await control.transition(key, "In Progress");
    await control.comment(key, "Heard");
    await settled();
    await set({ gapSince: new Date(Date.now() - hourMs) });
    expect(await reconciled()).toBe(0);
    await set({ gapSince: new Date(Date.now() - hourMs) });
    expect(await reconciled()).toBe(0);
  });

  test("is asked for page by page, also where more changed at once than fits on one", { timeout: 60_000 }, async () => {
    await control.bend({ kind: "drop", count: 1_000 });
    for (let made = 0; made < 120; made += 20) await Promise.all(Array.from({ length: 20 }, () => control.createIssue()));
    await set({ gapSince: new Date(Date.now() - 60_000) });
    expect(await reconciled()).toBe(120);
    expect(new Set((await told()).map(({ changeKey }) => changeKey)).size).toBe(120);
  });

  test("before the connection was made is none of its business", async () => {
    await control.bend({ kind: "drop", count: 100 });
    await control.createIssue();
    await set({ createdAt: new Date(Date.now() + 1_000), gapSince: new Date(Date.now() - hourMs) });
    expect(await reconciled()).toBe(0);
  });
});

describe("what the connection's webhooks leave out", () => {
  test("is left out: projects that an admin's webhook has not told of", async () => {
    await control.createIssue({ project: "MOIM" });
    await settled();
    await control.bend({ kind: "drop", count: 100 });
    const ours = await control.createIssue({ project: "MOIM" });
    await control.createIssue({ project: "OPS" });
    await set({ gapSince: new Date(Date.now() - 60_000) });
    expect(await reconciled()).toBe(1);
    expect((await told()).at(-1)?.changeKey).toBe(`created:${ours.id}`);
  });

  test("does not grow by what was told of since: a project that was quiet while thousands came of another is asked for", async () => {
    await control.createIssue({ project: "OPS" });
    await control.createIssue({ project: "MOIM" });
    await settled();
    const last = (await told()).at(-1)?.id ?? "";
    await inTenant(ada, (tx) =>
      tx.execute(sql`
        insert into inbound_webhooks (id, organization_id, connection_id, dedupe_key, proof, headers, body, received_at, state, facts, entity)
        select 'whk_7' || lpad(n::text, 25, '0'), organization_id, connection_id, n::text, proof, headers, body, received_at, 'duplicate', facts, entity
        from inbound_webhooks, generate_series(1, 5000) as n where id = ${last}`),
    );
    await control.bend({ kind: "drop", count: 100 });
    await control.createIssue({ project: "OPS" });
    await set({ gapSince: new Date(Date.now() - 60_000) });
    expect(await reconciled()).toBe(1);
  });

  test("is left out: what the filter of a registered webhook does not mean", async () => {
    await control.bend({ kind: "drop", count: 100 });
    await inTenant(ada, (tx) =>
      tx.execute(sql`insert into hook_registrations (organization_id, connection_id, external_id, events, filter, expires_at) values (${ada.organizationId}, ${connection}, '1', '[]', 'project = OPS', now())`),
    );
    await set({ hookKind: "dynamic", gapSince: new Date(Date.now() - 60_000) });
    await control.createIssue({ project: "MOIM" });
    const wanted = await control.createIssue({ project: "OPS" });
    expect(await reconciled()).toBe(1);
    expect((await told())[0]?.changeKey).toBe(`created:${wanted.id}`);
  });
});

describe("a place that cannot be asked now", () => {
  beforeEach(async () => {
    await control.bend({ kind: "drop", count: 100 });
    await control.createIssue();
    await set({ gapSince: new Date(Date.now() - 60_000) });
  });

  test.each([
    ["wants rest", { kind: "rate-limit", retryAfterSeconds: 7 }, { later: "rate-limited", retryAfterSeconds: 7 }],
    ["is away", { kind: "reset" }, { later: "unavailable" }],
  ] as const)("is asked later when it %s, and the gap stays until it was", async (_, answer, later) => {
    const begun = await beginReconciliation(ada, connection);
    if (!begun) throw new Error("not begun");
    await control.answer({ match: "/search/jql", count: 5, ...answer });
    expect(await reconcilePage(ada, begun, null)).toMatchObject(later);
    expect((await row())?.gapSince).not.toBeNull();
    await control.clearAnswers();
    await asSystem("grants", (tx) => tx.execute(sql`delete from site_budgets`));
    expect(await reconcilePage(ada, begun, null)).toEqual({ next: null, fed: 1 });
  });

  test("is left alone while its grant is broken", async () => {
    await changeCredential(credentialId, { brokenAt: new Date() });
    expect(await beginReconciliation(ada, connection)).toBeNull();
    expect(await connectionsToAsk()).toEqual([]);
    await changeCredential(credentialId, { brokenAt: null });
    expect(await connectionsToAsk()).toEqual([{ organizationId: ada.organizationId, connectionId: connection }]);
  });

  test("is not believed to have been asked when a gap began meanwhile", async () => {
    const begun = await beginReconciliation(ada, connection);
    if (!begun) throw new Error("not begun");
    const gapSince = new Date(Date.now() + 5_000);
    await set({ gapSince });
    await endReconciliation(ada, begun);
    expect((await row())?.gapSince).toEqual(gapSince);
  });
});

describe("who is asked", () => {
  test("every hour, once webhooks have come; at once after a gap; never while paused or when it is over", async () => {
    const asked = async () => (await connectionsToAsk()).length;
    const ago = (hours: number) => new Date(Date.now() - hours * hourMs);
    await set({ createdAt: ago(10) });
    expect(await asked()).toBe(0);
    await set({ verifiedAt: ago(9) });
    expect(await asked()).toBe(1);
    await set({ reconciledAt: ago(0.5) });
    expect(await asked()).toBe(0);
    await set({ gapSince: ago(0.1) });
    expect(await asked()).toBe(1);
    await set({ pausedAt: ago(0) });
    expect(await asked()).toBe(0);
    await set({ pausedAt: null, disconnectedAt: ago(0) });
    expect(await asked()).toBe(0);
  });

  test("is asked from what is known last, and never from before the log", () => {
    const now = new Date("2026-11-21T12:00:00Z");
    const at = (hoursAgo: number) => new Date(now.getTime() - hoursAgo * hourMs);
    const minutesBefore = (date: Date) => new Date(date.getTime() - 120_000);
    const known = { gapSince: null, reconciledAt: null, verifiedAt: null, createdAt: at(3) };
    expect(askFrom(known, now)).toEqual(at(3));
    expect(askFrom({ ...known, verifiedAt: at(2) }, now)).toEqual(minutesBefore(at(2)));
    expect(askFrom({ ...known, verifiedAt: at(2), reconciledAt: at(1) }, now)).toEqual(minutesBefore(at(1)));
    expect(askFrom({ ...known, reconciledAt: at(1), gapSince: at(2) }, now)).toEqual(minutesBefore(at(2)));
    expect(askFrom({ ...known, reconciledAt: at(1), gapSince: at(0.5) }, now)).toEqual(minutesBefore(at(1)));
    expect(askFrom({ ...known, createdAt: at(9_000), gapSince: at(8_000) }, now)).toEqual(at(29 * 24));
  });
});
