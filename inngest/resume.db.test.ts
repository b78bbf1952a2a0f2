import { serve } from "inngest/node";
import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { startInngest } from "@/local/inngest/engine";
import { eventually, TestApp, testDatabaseUrl, testSchema } from "@/local/inngest/testing";
import { startMail } from "@/local/mail/server";
import { breakers } from "@/lib/platform/breaker";
import { systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { scheduleMeetingInput } from "@/lib/meetings/inputs";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { deliveryRows, eventsAbout, mailFolder } from "@/lib/notifications/testing";
import { foundOrganization } from "@/lib/organizations/testing";

const apiKey = "re_test_key";
const mail = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
const schema = testSchema();
const app = await TestApp.start();
const engine = await startInngest({ databaseUrl: testDatabaseUrl(), schema, port: 0, appUrl: app.url });
useTestDatabase({ RESEND_BASE_URL: mail.url, RESEND_API_KEY: apiKey, INNGEST_DEV: engine.url });
afterAll(async () => {
  await engine.close();
  await app.stop();
  await mail.close();
  const sql = postgres(testDatabaseUrl(), { max: 1, onnotice: () => undefined });
  await sql`drop schema if exists ${sql(schema)} cascade`;
  await sql.end();
});

const control = (rule: object) => fetch(`${mail.url}/control`, { method: "POST", body: JSON.stringify(rule) });

test("what a provider that was away held goes out by itself soon after it is back", { timeout: 90_000 }, async () => {
  process.env.INNGEST_DEV = engine.url;
  const { inngest } = await import("./client");
  const { deliverEvent } = await import("./events");
  const { deliverFunctions } = await import("./functions/deliver");
  const { resumeFunctions } = await import("./functions/resume");
  app.handler = serve({ client: inngest, functions: [...deliverFunctions, ...resumeFunctions] });

  const { owner } = await foundOrganization("ada@here.example", "Here");
  const addresses = Array.from({ length: 8 }, (_, index) => `guest${index}@out.example`);
  const input = { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees: addresses.map((email) => ({ email })) };
  const { meetingId } = await scheduleMeeting(owner, parseInput(scheduleMeetingInput, input));
  await control({ mode: "server-error" });
  for (const { name, envelope } of await eventsAbout(meetingId)) {
    for (const batch of await fanOut(systemTenant(owner.organizationId), name, envelope)) {
      await inngest.send({ name: deliverEvent, data: { organizationId: owner.organizationId, ...batch } });
    }
  }
  await eventually(async () => ((await deliveryRows(meetingId)).some(({ reason }) => reason === "provider-away") ? true : undefined), "deliveries are held", 30_000);
  expect(breakers().get("resend")?.state()).toBe("open");
  await control({ mode: "ok" });
  await eventually(async () => ((await deliveryRows(meetingId)).every(({ state }) => state === "sent") ? true : undefined), "everything is sent", 45_000);
  for (const address of addresses) expect(await (await fetch(`${mail.url}/messages?to=${address}`)).json()).toHaveLength(1);
});
