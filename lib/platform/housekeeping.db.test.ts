import { expect, test } from "vitest";
import { clock } from "./clock";
import { asSystem } from "./db/client";
import { useTestDatabase } from "./db/use-test-database";
import { assertDatabase, outboxHealth, probe } from "./health";
import { tidy } from "./housekeeping";
import { outboxEvents } from "./outbox/tables";
import { rateLimits, verificationTokens } from "./auth/tables";

useTestDatabase();

const ago = (seconds: number) => new Date(clock.nowMs() - seconds * 1000);
const day = 86_400;

function event(occurredAt: Date, more: Partial<typeof outboxEvents.$inferInsert> = {}) {
  return { organizationId: "org_x", name: "meeting.scheduled", version: 1, payload: {}, occurredAt, ...more };
}

test("health tells how long the oldest event has waited, and what was refused, and forgets neither when others were sent", async () => {
  expect(await outboxHealth()).toEqual({ oldestUnsentSeconds: 0, unsent: 0, parked: 0 });
  await asSystem("relay", (tx) =>
    tx.insert(outboxEvents).values([event(ago(90)), event(ago(500), { parkedAt: ago(400) }), event(ago(900), { sentAt: ago(899) }), event(ago(10))]),
  );
  const { oldestUnsentSeconds, ...counts } = await outboxHealth();
  expect(counts).toEqual({ unsent: 2, parked: 1 });
  expect(oldestUnsentSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestUnsentSeconds).toBeLessThan(400);
});

test("the role of the tests is as powerless as the application's must be", async () => {
  await expect(assertDatabase()).resolves.toBeUndefined();
});

test("an engine that answers with a fault is named, not thrown", async () => {
  expect(await probe(() => Promise.reject(new Error("refused")))).toMatchObject({ ok: false, reason: "refused" });
});

test("housekeeping deletes what is over and nothing that still counts", async () => {
  await asSystem("relay", async (tx) => {
    await tx.insert(outboxEvents).values([event(ago(9 * day), { sentAt: ago(8 * day) }), event(ago(9 * day)), event(ago(6 * day), { sentAt: ago(6 * day) })]);
    await tx.insert(rateLimits).values([{ key: "old", windowStart: ago(2 * day) }, { key: "new", windowStart: ago(60) }]);
    await tx.insert(verificationTokens).values([
      { identifier: "a", token: "old", expiresAt: ago(2 * day) },
      { identifier: "a", token: "new", expiresAt: ago(-60) },
    ]);
  });
  const before = await asSystem("housekeeping", (tx) => tx.$count(outboxEvents));
  expect(await tidy()).toEqual({ events: 1, keys: 0, limits: 1, tokens: 1, sessions: 0 });
  expect(await asSystem("housekeeping", (tx) => tx.$count(outboxEvents))).toBe(before - 1);
  expect(await asSystem("housekeeping", (tx) => tx.select({ key: rateLimits.key }).from(rateLimits))).toEqual([{ key: "new" }]);
  expect(await tidy()).toEqual({ events: 0, keys: 0, limits: 0, tokens: 0, sessions: 0 });
});
