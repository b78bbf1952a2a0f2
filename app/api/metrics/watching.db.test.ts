import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { inTenant } from "@/lib/platform/db/client";
import { foundOrganization } from "@/lib/organizations/testing";

const token = "a-token-of-the-monitor";
let asked = 0;
const mail = createServer((_request, response) => void ((asked += 1), response.writeHead(503).end()));
await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
afterAll(() => void mail.close());
const { port } = mail.address() as AddressInfo;
useTestDatabase({ METRICS_TOKEN: token, RESEND_BASE_URL: `http://127.0.0.1:${port}`, INNGEST_DEV: "http://127.0.0.1:9" });

const get = async (path: "metrics" | "health", authorization?: string) => {
  const { GET } = path === "metrics" ? await import("./route") : await import("../health/route");
  const request = new Request(`http://localhost:3000/api/${path}`, { headers: authorization ? { authorization } : {} });
  const response = await GET(request, { params: Promise.resolve({}) });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

test("what is measured is for the monitor alone", async () => {
  expect(await get("metrics")).toMatchObject({ status: 401 });
  expect(await get("metrics", "Bearer guessed")).toMatchObject({ status: 401 });
});

test("a scrape counts what waits and what has died, and the requests themselves", async () => {
  const { owner } = await foundOrganization("ada@here.example", "Here");
  await inTenant(systemTenant(owner.organizationId), async (tx) => {
    await tx.execute(sql`
      insert into notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at)
      values ('ntf_1', ${owner.organizationId}, 'evt_1', 'meeting.invited', 'invitations', 'mtg_1', 'mtg_1', '{}', now())`);
    await tx.execute(sql`
      insert into deliveries (id, organization_id, notification_id, channel, recipient, state, cause, deliver_after) values
      ('dlv_1', ${owner.organizationId}, 'ntf_1', 'email', 'a', 'pending', null, now() - interval '90 seconds'),
      ('dlv_2', ${owner.organizationId}, 'ntf_1', 'email', 'b', 'failed', 'gone', now()),
      ('dlv_3', ${owner.organizationId}, 'ntf_1', 'push', 'c', 'held', null, now() + interval '1 hour')`);
  });
  const { status, text, headers } = await get("metrics", `Bearer ${token}`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toContain("text/plain");
  for (const line of [
    'notifications_queue_depth{channel="email",state="pending"} 1',
    'notifications_queue_depth{channel="email",state="failed"} 1',
    'notifications_queue_depth{channel="push",state="held"} 1',
    "outbox_unsent_events 2",
    'http_request_duration_seconds_count{method="GET",route="/api/metrics",status="401"} 2',
    "process_resident_memory_bytes",
  ]) {
    expect(text).toContain(line);
  }
  expect(Number(/notifications_overdue_seconds\{channel="email"\} ([\d.]+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(90);
});

test("everybody may know what works, and only the monitor why something does not", async () => {
  const open = await get("health");
  expect(open.status).toBe(200);
  expect(JSON.parse(open.text)).toEqual({ status: "degraded", engines: { postgres: { ok: true }, inngest: { ok: false }, pusher: { ok: false }, mail: { ok: false } } });
  const told = await get("health", `Bearer ${token}`);
  expect(JSON.parse(told.text)).toMatchObject({ engines: { mail: { ok: false, reason: "answered 503" } }, outbox: { unsent: expect.any(Number) } });
});

test("asking often asks the engines once", async () => {
  const before = asked;
  await Promise.all(Array.from({ length: 50 }, () => get("health")));
  expect(asked - before).toBeLessThanOrEqual(1);
});
