import { afterEach, describe, expect, it } from "vitest";
import { eventually, World, type Functions } from "./testing";

const HOUR = 3_600_000;
let world: World;
afterEach(() => world.close());

const start = async (functions: Functions) => {
  world = await World.start(functions);
};

describe("which events start a run", () => {
  it("names, wildcards and conditions; two matching triggers start one run", async () => {
    await start((client) => [
      client.createFunction({ id: "wild", triggers: [{ event: "app/*" }, { event: "app/user.created" }] }, () => "ok"),
      client.createFunction({ id: "adult", triggers: [{ event: "app/user.created", if: "event.data.age >= 18" }] }, () => "ok"),
    ]);
    await world.send("app/user.created", { age: 20 });
    await world.send("app/user.created", { age: 10 });
    await world.send("app/user.created", {});
    await world.send("application/other");
    await world.settled();
    expect(await world.runs("wild")).toHaveLength(3);
    expect(await world.runs("adult")).toHaveLength(1);
  });

  it("an event id is taken once per function within 24 hours", async () => {
    await start((client) => [
      client.createFunction({ id: "one", triggers: [{ event: "t/go" }] }, ({ event }) => event.id),
      client.createFunction({ id: "two", triggers: [{ event: "t/go" }] }, () => "ok"),
    ]);
    await Promise.all([1, 2, 3].map(() => world.send("t/go", {}, { id: "fixed-1" })));
    await world.settled();
    expect(await world.runs("one")).toHaveLength(1);
    expect(await world.runs("two")).toHaveLength(1);
    expect((await world.ended("one")).output).toBe("fixed-1");
    world.advance(24 * HOUR);
    await world.send("t/go", {}, { id: "fixed-1" });
    await world.settled();
    expect(await world.runs("one")).toHaveLength(2);
  });

  it("idempotency keeps out the same key for 24 hours", async () => {
    await start((client) => [
      client.createFunction({ id: "once", idempotency: "event.data.cart + '-' + string(event.data.n)", triggers: [{ event: "t/go" }] }, () => 1),
    ]);
    await world.send("t/go", { cart: "a", n: 1 });
    await world.send("t/go", { cart: "a", n: 1 });
    await world.send("t/go", { cart: "b", n: 1 });
    await world.settled();
    expect(await world.runs("once")).toHaveLength(2);
    world.advance(24 * HOUR);
    await world.send("t/go", { cart: "a", n: 1 });
    await world.settled();
    expect(await world.runs("once")).toHaveLength(3);
  });

  it("a send that the SDK repeats with its seed is stored once", async () => {
    await start((client) => [client.createFunction({ id: "f", triggers: [{ event: "t/go" }] }, () => 1)]);
    const seed = `${Date.now()},AAAAAAAAAAAAAA==`;
    const send = async () => {
      const response = await fetch(`${world.engine.url}/e/key`, {
        method: "POST",
        headers: { "x-inngest-event-id-seed": seed },
        body: JSON.stringify([{ name: "t/go" }, { name: "t/go" }]),
      });
      return (await response.json()) as { ids: string[] };
    };
    const [first, second] = [await send(), await send()];
    expect(second.ids).toEqual(first.ids);
    await world.settled();
    expect(await world.runs("f")).toHaveLength(2);
  });

  it("an event dated ahead starts its run then", async () => {
    await start((client) => [client.createFunction({ id: "later", triggers: [{ event: "t/go" }] }, () => "ok")]);
    await world.send("t/go", {}, { ts: world.now() + HOUR });
    await world.settled();
    expect((await world.runs("later"))[0]?.status).toBe("queued");
    world.advance(HOUR);
    expect((await world.ended("later")).output).toBe("ok");
  });

  it("debounce runs with the newest event after a quiet period, at the timeout at the latest", async () => {
    await start((client) => [
      client.createFunction(
        { id: "quiet", debounce: { period: "10m", key: "event.data.k", timeout: "25m" }, triggers: [{ event: "t/go" }] },
        ({ event }) => event.data.n as number,
      ),
    ]);
    const send = (k: string, n: number) => world.send("t/go", { k, n }).then(() => world.settled());
    await send("a", 1);
    await send("b", 10);
    world.advance(9 * 60_000);
    await send("a", 2);
    world.advance(9 * 60_000);
    await send("a", 3);
    expect((await world.runs("quiet")).length).toBe(1);
    expect((await world.ended("quiet", 0)).output).toBe(10);
    world.advance(7 * 60_000 + 1000);
    expect((await world.ended("quiet", 1)).output).toBe(3);
    await world.settled();
    expect(await world.runs("quiet")).toHaveLength(2);
  });

  it("rateLimit drops what is over the limit within any period", async () => {
    await start((client) => [
      client.createFunction(
        { id: "limited", rateLimit: { limit: 2, period: "1h", key: "event.data.k" }, triggers: [{ event: "t/go" }] },
        () => 1,
      ),
    ]);
    const send = (k: string, times: number) => Promise.all(Array.from({ length: times }, () => world.send("t/go", { k })));
    await send("a", 4);
    await send("b", 1);
    await world.settled();
    expect(await world.runs("limited")).toHaveLength(3);
    world.advance(HOUR);
    await send("a", 3);
    await world.settled();
    expect(await world.runs("limited")).toHaveLength(5);
  });

  it("throttle delays what is over limit and burst, in order, and drops nothing", async () => {
    await start((client) => [
      client.createFunction({ id: "slow", throttle: { limit: 1, period: "1h", burst: 1 }, triggers: [{ event: "t/go" }] }, ({ event }) => event.data.n as number),
    ]);
    for (const n of [1, 2, 3, 4]) await world.send("t/go", { n });
    await world.settled();
    expect(await world.runs("slow", "completed")).toHaveLength(2);
    world.advance(HOUR);
    await world.settled();
    expect(await world.runs("slow", "completed")).toHaveLength(3);
    world.advance(HOUR);
    expect((await world.ended("slow", 3)).output).toBe(4);
  });

  it("batchEvents runs when full or after its timeout, by key, and alone where the condition is false", async () => {
    await start((client) => [
      client.createFunction(
        {
          id: "batch",
          batchEvents: { maxSize: 3, timeout: "60s", key: "event.data.k", if: "event.data.urgent != true" },
          triggers: [{ event: "t/go" }],
        },
        ({ event, events }) => [event.data.n, events.map((one: { data: { n: number } }) => one.data.n)],
      ),
    ]);
    for (const n of [1, 2, 3, 4]) await world.send("t/go", { k: "a", n });
    await world.send("t/go", { k: "b", n: 5 });
    await world.send("t/go", { k: "a", n: 6, urgent: true });
    await world.settled();
    expect((await world.ended("batch", 0)).output).toEqual([1, [1, 2, 3]]);
    expect((await world.ended("batch", 1)).output).toEqual([6, [6]]);
    world.advance(60_000);
    const rest = [(await world.ended("batch", 2)).output, (await world.ended("batch", 3)).output];
    expect(rest).toEqual([[4, [4]], [5, [5]]]);
  });

  it("singleton skips a newcomer, or cancels the run under way", async () => {
    await start((client) => [
      client.createFunction({ id: "skip", singleton: { mode: "skip", key: "event.data.k" }, triggers: [{ event: "t/go" }] }, ({ step }) => step.sleep("s", "1h")),
      client.createFunction({ id: "newest", singleton: { mode: "cancel" }, triggers: [{ event: "t/go" }] }, async ({ event, step }) => {
        await step.sleep("s", "1h");
        return event.data.n as number;
      }),
    ]);
    for (const [n, k] of [[1, "a"], [2, "a"], [3, "b"]] as const) await world.send("t/go", { n, k });
    await world.settled();
    expect((await world.runs("skip")).map(({ status }) => status)).toEqual(["running", "running"]);
    expect((await world.runs("newest")).map(({ status }) => status)).toEqual(["cancelled", "cancelled", "running"]);
    world.advance(HOUR);
    expect((await world.ended("newest", 2)).output).toBe(3);
    await world.ended("skip", 1);
    await world.send("t/go", { n: 4, k: "a" });
    await world.settled();
    expect(await world.runs("skip")).toHaveLength(3);
  });
});

describe("how runs proceed", () => {
  it("concurrency bounds the executing steps per function and per key; sleeping runs do not count", async () => {
    let running = 0;
    let most = 0;
    const perKey = new Map<string, number>();
    let mostPerKey = 0;
    await start((client) => [
      client.createFunction(
        { id: "busy", concurrency: [{ limit: 3 }, { limit: 1, key: "event.data.k" }], triggers: [{ event: "t/go" }] },
        async ({ event, step }) => {
          await step.sleep("nap", "1h");
          await step.run("work", async () => {
            const k = String(event.data.k);
            most = Math.max(most, ++running);
            perKey.set(k, (perKey.get(k) ?? 0) + 1);
            mostPerKey = Math.max(mostPerKey, perKey.get(k) ?? 0);
            await new Promise((resolve) => setTimeout(resolve, 15));
            perKey.set(k, (perKey.get(k) ?? 0) - 1);
            running -= 1;
          });
        },
      ),
    ]);
    await Promise.all(Array.from({ length: 15 }, (_, n) => world.send("t/go", { k: n % 5 })));
    await world.settled();
    expect((await world.runs("busy")).every(({ status }) => status === "running")).toBe(true);
    world.advance(HOUR);
    await world.ended("busy", 14);
    await world.settled();
    expect(await world.runs("busy", "completed")).toHaveLength(15);
    expect(most).toBe(3);
    expect(mostPerKey).toBe(1);
  });

  it("priority lets urgent runs go ahead of older ones", async () => {
    const order: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start((client) => [
      client.createFunction(
        { id: "p", concurrency: 1, priority: { run: "event.data.plan == 'vip' ? 300 : 0" }, triggers: [{ event: "t/go" }] },
        async ({ event }) => {
          order.push(String(event.data.name));
          if (event.data.name === "first") await gate;
        },
      ),
    ]);
    await world.send("t/go", { name: "first" });
    await eventually(() => Promise.resolve(order.length === 1 || undefined), "the first runs");
    for (const name of ["a", "b"]) await world.send("t/go", { name });
    await world.send("t/go", { name: "vip", plan: "vip" });
    await eventually(async () => ((await world.runs("p")).length === 4 ? true : undefined), "all are queued");
    release();
    await world.ended("p", 2);
    await world.settled();
    expect(order).toEqual(["first", "vip", "a", "b"]);
  });

  it("cancelOn cancels the runs it matches, within its time, and not the run it starts", async () => {
    const after: unknown[] = [];
    await start((client) => [
      client.createFunction(
        {
          id: "c",
          cancelOn: [{ event: "t/stop", match: "data.k", timeout: "1h" }, { event: "t/go", if: "async.data.k == event.data.k" }],
          triggers: [{ event: "t/go" }],
        },
        async ({ event, step }) => {
          await step.sleep("nap", "1d");
          await step.run("after", () => void after.push(event.data.n));
        },
      ),
    ]);
    await world.send("t/go", { k: 1, n: 1 });
    await world.waiting("c", "nap", 0);
    await world.send("t/go", { k: 2, n: 2 });
    await world.waiting("c", "nap", 1);
    await world.send("t/stop", { k: 1 });
    await world.settled();
    expect((await world.runs("c")).map(({ status }) => status)).toEqual(["cancelled", "running"]);
    await world.send("t/go", { k: 2, n: 3 });
    await world.settled();
    expect((await world.runs("c")).map(({ status }) => status)).toEqual(["cancelled", "cancelled", "running"]);
    world.advance(2 * HOUR);
    await world.send("t/stop", { k: 2 });
    await world.settled();
    world.advance(24 * HOUR);
    await world.ended("c", 2);
    expect(after).toEqual([3]);
  });

  it("timeouts end a run that starts or finishes too late, and the lifecycle events tell", async () => {
    await start((client) => [
      client.createFunction(
        { id: "late", throttle: { limit: 1, period: "1d", burst: 0 }, timeouts: { start: "1h", finish: "2h" }, triggers: [{ event: "t/go" }] },
        async ({ step }) => step.sleep("nap", "1d"),
      ),
      client.createFunction({ id: "told", triggers: [{ event: "inngest/function.cancelled" }] }, ({ event }) => event.data),
    ]);
    await world.send("t/go");
    await world.waiting("late", "nap");
    await world.send("t/go");
    await world.settled();
    world.advance(HOUR);
    expect((await world.ended("late", 1)).cancelReason).toContain("timeouts.start");
    world.advance(HOUR);
    expect((await world.ended("late", 0)).cancelReason).toContain("timeouts.finish");
    expect((await world.ended("told", 0)).output).toMatchObject({ function_id: "test-late" });
  });

  it("a cron runs at each tick in its zone, and once for all ticks that were missed", async () => {
    await start((client) => [
      client.createFunction({ id: "daily", triggers: [{ cron: "TZ=Asia/Seoul 0 9 * * *" }] }, ({ event }) => event.data as unknown),
    ]);
    const nextTick = async () => Date.parse(String((await world.functions())[0]?.nextTickAt));
    const first = await nextTick();
    expect(new Date(first).toISOString()).toContain("T00:00:00.000Z");
    world.advance(first - world.now());
    const run = await world.ended("daily");
    expect(run.output).toMatchObject({ cron: "TZ=Asia/Seoul 0 9 * * *", scheduledAt: new Date(first).toISOString() });
    world.advance(3 * 24 * HOUR + HOUR);
    expect((await world.ended("daily", 1)).output).toMatchObject({ scheduledAt: new Date(first + 3 * 24 * HOUR).toISOString() });
    await world.settled();
    expect(await world.runs("daily")).toHaveLength(2);
    expect(await nextTick()).toBe(first + 4 * 24 * HOUR);
  });
});
