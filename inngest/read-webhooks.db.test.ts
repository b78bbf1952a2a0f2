import { serve } from "inngest/node";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startInngest } from "@/local/inngest/engine";
import { eventually, TestApp, testDatabaseUrl, testSchema } from "@/local/inngest/testing";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { receive } from "@/lib/integrations/ingest/commands";
import { changelog, issueWebhook, makeConnection, signedBy, webhooksOf } from "@/lib/integrations/ingest/testing";
import { foundOrganization } from "@/lib/organizations/testing";

const schema = testSchema();
const app = await TestApp.start();
const engine = await startInngest({ databaseUrl: testDatabaseUrl(), schema, port: 0, appUrl: app.url });
useTestDatabase({ INNGEST_DEV: engine.url });
afterAll(async () => {
  await engine.close();
  await app.stop();
  const sql = postgres(testDatabaseUrl(), { max: 1, onnotice: () => undefined });
  await sql`drop schema if exists ${sql(schema)} cascade`;
  await sql.end();
});

let relay: typeof import("./send-outbox").relay;
let functions: typeof import("./functions/read-webhooks");
beforeAll(async () => {
  process.env.INNGEST_DEV = engine.url;
  const { inngest } = await import("./client");
  functions = await import("./functions/read-webhooks");
  ({ relay } = await import("./send-outbox"));
  app.handler = serve({ client: inngest, functions: [functions.readWebhooks] });
});

const runs = async () => {
  const response = await fetch(`${engine.url}/api/runs?function=moim-read-webhooks&limit=500`);
  return ((await response.json()) as { runs: { status: string }[] }).runs;
};

test("a burst is read, dispatched and told in order by a few runs, not by one for each webhook", { timeout: 60_000 }, async () => {
  const { owner } = await foundOrganization("ada@burst.example", "Burst");
  const [busy, quiet] = [await makeConnection(owner, { secrets: [{ secret: "s" }] }), await makeConnection(owner, { secrets: [{ secret: "s" }] })];
  const come = (to: string, index: number) =>
    receive("jira", to, signedBy("s", issueWebhook("updated", { id: String(index % 7), updated: new Date(Date.UTC(2026, 10, 21, 9, 0, index)).toISOString() }, changelog(String(index)))));
  for (let sent = 0; sent < 500; sent += 50) await Promise.all(Array.from({ length: 50 }, (_, index) => come(busy, sent + index)));
  await come(quiet, 1);
  await relay();
  const settled = async () => {
    const all = [...(await webhooksOf(owner, busy)), ...(await webhooksOf(owner, quiet))];
    return all.every(({ toldAt }) => toldAt !== null) ? all : undefined;
  };
  const all = await eventually(settled, "everything is told", 45_000);
  expect(all).toHaveLength(501);
  expect(all.every(({ state, dispatchedAt, toldAt }) => state === "read" && dispatchedAt !== null && toldAt !== null && dispatchedAt <= toldAt)).toBe(true);
  await eventually(async () => ((await runs()).every(({ status }) => status === "completed") ? true : undefined), "every run has ended", 15_000);
  expect((await runs()).length).toBeLessThanOrEqual(50);
});
