import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { clock } from "../clock";
import { asSystem, inTenant, systemTenant } from "../db/client";
import { useTestDatabase } from "../db/use-test-database";
import { append, defineEvent } from "./outbox";
import { parkedEvents, parkEvent, replayEvent } from "./parking";
import { Rejected, relayOutbox, type OutboxMessage } from "./relay";
import { outboxEvents } from "./tables";

useTestDatabase();

const tenant = systemTenant("org_test");
const happened = defineEvent("test.happened", 1, z.object({ number: z.number() }));
const write = (number: number) => inTenant(tenant, (tx) => append(tx, tenant, happened, { number }));
const rows = () => asSystem("relay", (tx) => tx.select().from(outboxEvents).orderBy(outboxEvents.id));
const numbers = (messages: OutboxMessage[]) => messages.map((message) => message.data.payload.number);

beforeEach(() => asSystem("relay", (tx) => tx.delete(outboxEvents)));

describe("the outbox", () => {
  test("an event of a change that rolls back does not exist", async () => {
    await expect(
      inTenant(tenant, async (tx) => {
        await append(tx, tenant, happened, { number: 1 });
        throw new Error("the change failed");
      }),
    ).rejects.toThrow("the change failed");
    expect(await rows()).toEqual([]);
  });

  test("an event that breaks its contract fails the command that wrote it", async () => {
    const broken = { number: "one" } as unknown as { number: number };
    await expect(inTenant(tenant, (tx) => append(tx, tenant, happened, broken))).rejects.toThrow();
  });
});

describe("the relay", () => {
  test("hands every event over once, in order, with the outbox id as its id", async () => {
    for (let number = 0; number < 5; number += 1) await write(number);
    const handed: OutboxMessage[] = [];
    const relay = () => relayOutbox(async (messages) => void handed.push(...messages));
    const totals = await Promise.all([relay(), relay(), relay()]);
    expect(totals.reduce((sum, total) => sum + total.sent, 0)).toBe(5);
    expect(numbers(handed).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(handed.map((message) => message.id).sort()).toEqual((await rows()).map((row) => row.id));
    expect(await relayOutbox(() => Promise.reject(new Error("called for nothing")))).toEqual({ sent: 0, parked: 0 });
  });

  test("keeps everything when Inngest does not answer, and says why", async () => {
    await write(1);
    await expect(relayOutbox(() => Promise.reject(new Error("connection refused")))).rejects.toThrow("connection refused");
    expect(await rows()).toMatchObject([{ sentAt: null, claimedUntil: null, attempts: 1, lastError: "connection refused" }]);
    expect(await relayOutbox(() => Promise.resolve())).toMatchObject({ sent: 1 });
  });

  test("takes over from a relay that died holding events, but not before its claim has lapsed", async () => {
    await write(1);
    const died = new Promise<never>(() => undefined);
    void relayOutbox(() => died);
    await expect.poll(async () => (await rows())[0]?.claimedUntil).toBeTruthy();
    expect(await relayOutbox(() => Promise.resolve())).toEqual({ sent: 0, parked: 0 });
    await clock.at(new Date(Date.now() + 31_000), async () => expect(await relayOutbox(() => Promise.resolve())).toMatchObject({ sent: 1 }));
  });

  test("parks the one event that is refused, and sends the others of its batch", async () => {
    for (const number of [1, 2, 3]) await write(number);
    const handed: unknown[] = [];
    const total = await relayOutbox(async (messages) => {
      if (numbers(messages).includes(2)) throw new Rejected("bad event");
      handed.push(...numbers(messages));
    });
    expect(total).toEqual({ sent: 2, parked: 1 });
    expect(handed).toEqual([1, 3]);
    expect((await rows()).filter((row) => row.parkedAt)).toMatchObject([{ payload: { number: 2 }, lastError: "bad event", sentAt: null }]);
    expect(await relayOutbox(() => Promise.reject(new Error("called for nothing")))).toEqual({ sent: 0, parked: 0 });
  });

  test("sends a parked event again under a new id, which Inngest does not take for the first, and leaves the others parked", async () => {
    for (const number of [1, 2]) await write(number);
    await relayOutbox(() => Promise.reject(new Rejected("bad event")));
    const [first, second] = await rows();
    expect(await parkedEvents(tenant)).toMatchObject([{ id: second?.id, reason: "bad event" }, { id: first?.id, payload: { number: 1 }, replays: 0 }]);
    expect(await replayEvent(systemTenant("org_other"), first?.id ?? "")).toBe(false);
    expect(await replayEvent(tenant, first?.id ?? "")).toBe(true);
    expect(await replayEvent(tenant, first?.id ?? "")).toBe(false);
    const handed: OutboxMessage[] = [];
    await relayOutbox(async (messages) => void handed.push(...messages));
    expect(handed).toMatchObject([{ id: `${first?.id}/1`, data: { eventId: first?.id } }]);
    expect(await rows()).toMatchObject([{ parkedAt: null, sentAt: expect.any(Date) }, { parkedAt: expect.any(Date) }]);
  });

  test("keeps parked what failed before the sender had answered", async () => {
    await write(1);
    await relayOutbox(([message]) => parkEvent(message?.data.eventId ?? "", "failed at once"));
    expect(await rows()).toMatchObject([{ sentAt: null, parkedAt: expect.any(Date), lastError: "failed at once" }]);
  });

  test("takes an event that was sent but led to nothing out of the way, as not done", async () => {
    await write(1);
    await relayOutbox(() => Promise.resolve());
    const [sent] = await rows();
    await parkEvent(sent?.id ?? "", "its name holds \u0000");
    expect(await rows()).toMatchObject([{ sentAt: null, parkedAt: expect.any(Date), lastError: "its name holds \uFFFD" }]);
    expect(await relayOutbox(() => Promise.reject(new Error("called for nothing")))).toEqual({ sent: 0, parked: 0 });
  });

  test("a tenant's scope sees only its own events, and no scope sees none", async () => {
    await write(1);
    const other = systemTenant("org_other");
    expect(await inTenant(other, (tx) => tx.select().from(outboxEvents))).toEqual([]);
    expect(await inTenant(other, (tx) => tx.update(outboxEvents).set({ name: "x" }).where(sql`true`).returning())).toEqual([]);
    await expect(inTenant(other, (tx) => append(tx, tenant, happened, { number: 9 }))).rejects.toThrow();
    expect(await asSystem("relay", (tx) => tx.select().from(outboxEvents).where(eq(outboxEvents.organizationId, "org_test")))).toHaveLength(1);
  });
});
