import { serve } from "inngest/node";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAtlassian } from "@/local/atlassian/testing";
import { startInngest } from "@/local/inngest/engine";
import { eventually, TestApp, testDatabaseUrl, testSchema } from "@/local/inngest/testing";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { connectionOf } from "@/lib/integrations/connections/queries";
import { beginReconciliation } from "@/lib/integrations/reconciliation/commands";
import { sitesOf } from "@/lib/integrations/credentials/queries";
import { givenGrant, jiraSettings } from "@/lib/integrations/credentials/testing";
import { makeConnection } from "@/lib/integrations/ingest/testing";
import { foundOrganization } from "@/lib/organizations/testing";

const schema = testSchema();
const app = await TestApp.start();
const atlassian = await startAtlassian();
const engine = await startInngest({ databaseUrl: testDatabaseUrl(), schema, port: 0, appUrl: app.url });
useTestDatabase({ INNGEST_DEV: engine.url, ...jiraSettings(atlassian) });
afterAll(async () => {
  await engine.close();
  await app.stop();
  await atlassian.stop();
  const sql = postgres(testDatabaseUrl(), { max: 1, onnotice: () => undefined });
  await sql`drop schema if exists ${sql(schema)} cascade`;
  await sql.end();
});

let inngest: typeof import("./client").inngest;
let events: typeof import("./events");
beforeAll(async () => {
  process.env.INNGEST_DEV = engine.url;
  ({ inngest } = await import("./client"));
  events = await import("./events");
  const { reconcile } = await import("./functions/reconcile");
  app.handler = serve({ client: inngest, functions: [reconcile] });
});

test("what is too much for one run is gone on with by another, from where it was", { timeout: 60_000 }, async () => {
  const { owner } = await foundOrganization("ada@long.example", "Long");
  const credentialId = await givenGrant(owner, atlassian);
  const [, site] = await sitesOf(owner, credentialId);
  if (!site) throw new Error("no site");
  const connectionId = await makeConnection(owner, { externalId: site.cloudId, metadata: { cloudId: site.cloudId }, credentialId, createdAt: new Date(Date.now() - 3_600_000), gapSince: new Date(Date.now() - 600_000) });
  await atlassian.control.createIssue({ project: "MOIM" });
  const begun = await beginReconciliation(owner, connectionId);
  const nothingLeft = JSON.stringify({ at: new Date(Date.now() + 3_600_000).toISOString(), page: null });
  await inngest.send({ name: events.reconcileEvent, data: { organizationId: owner.organizationId, payload: { connectionId }, going: { begun, after: nothingLeft } } });
  const ended = async () => ((await connectionOf(owner, connectionId))?.reconciledAt?.toISOString() === begun?.startedAt ? true : undefined);
  await eventually(ended, "it has ended as what it was begun as", 15_000);
  expect((await connectionOf(owner, connectionId))?.gapSince).toBeNull();
});

test("a site that asked for patience is not asked by another run meanwhile", { timeout: 60_000 }, async () => {
  const { owner } = await foundOrganization("ada@patience.example", "Patience");
  const credentialId = await givenGrant(owner, atlassian);
  const [site] = await sitesOf(owner, credentialId);
  if (!site) throw new Error("no site");
  const connectionId = await makeConnection(owner, { externalId: site.cloudId, metadata: { cloudId: site.cloudId }, credentialId, gapSince: new Date(Date.now() - 60_000) });
  await atlassian.control.answer({ match: "/search/jql", status: 429, headers: { "retry-after": "600" }, count: 99 });
  const runs = async () => {
    const response = await fetch(`${engine.url}/api/runs?function=moim-reconcile&limit=50`);
    return ((await response.json()) as { runs: { status: string }[] }).runs;
  };
  const wish = { name: events.reconcileEvent, data: { organizationId: owner.organizationId, payload: { connectionId } } };
  await inngest.send(wish);
  await eventually(async () => ((await runs()).length === 1 ? true : undefined), "it has begun", 15_000);
  await inngest.send([wish, wish]);
  await inngest.send({ ...wish, data: { ...wish.data, payload: { connectionId: await makeConnection(owner) } } });
  await eventually(async () => ((await runs()).some(({ status }) => status === "completed") ? true : undefined), "what was sent later has been gone through", 15_000);
  expect(await runs()).toHaveLength(2);
});
