import { type FailureEventArgs, type GetStepTools, type Inngest, NonRetriableError, RetryAfterError } from "inngest";
import { afterEach, describe, expect, it } from "vitest";
import { World, type Functions } from "./testing";

type Failure = FailureEventArgs & { step: GetStepTools<Inngest> };

let world: World;
afterEach(() => world?.close());

const start = async (functions: Functions) => {
  world = await World.start(functions);
  return world;
};

describe("the steps of a run", () => {
  it("run one after the other, each once, and the result of the function is kept", async () => {
    const done: string[] = [];
    await start((client) => [
      client.createFunction({ id: "chain", triggers: [{ event: "t/go" }] }, async ({ event, step }) => {
        const a = await step.run("a", () => (done.push("a"), { n: event.data.n as number }));
        const b = await step.run("b", () => (done.push("b"), a.n + 1));
        await step.run("nothing", () => undefined);
        return { b, event };
      }),
    ]);
    await world.send("t/go", { n: 41 });
    const run = await world.ended("chain");
    expect(run.status).toBe("completed");
    expect(run.output).toMatchObject({ b: 42, event: { name: "t/go", data: { n: 41 } } });
    expect(done).toEqual(["a", "b"]);
    expect(run.steps.map(({ name, status, output }) => [name, status, output])).toEqual([
      ["a", "done", { n: 41 }],
      ["b", "done", 42],
      ["nothing", "done", null],
    ]);
    expect(world.calls.filter(({ functionId }) => functionId === "test-chain")).toHaveLength(4);
  });

  it("in parallel each get one call of their own, and one discovery follows when all are done", async () => {
    const done: string[] = [];
    await start((client) => [
      client.createFunction({ id: "fan", triggers: [{ event: "t/go" }] }, async ({ step }) => {
        const chain = async (name: string) => {
          await step.run(`${name}1`, () => void done.push(`${name}1`));
          return step.run(`${name}2`, () => (done.push(`${name}2`), name));
        };
        const names = await Promise.all([chain("a"), chain("b"), chain("c"), step.sleep("nap", "5s")]);
        await step.run("after", () => void done.push("after"));
        return names;
      }),
    ]);
    await world.send("t/go");
    await world.waiting("fan", "nap");
    await world.settled();
    expect([...done].sort()).toEqual(["a1", "b1", "c1"]);
    world.advance(5000);
    const run = await world.ended("fan");
    expect(run.output).toEqual(["a", "b", "c", null]);
    expect([...done].sort()).toEqual(["a1", "a2", "after", "b1", "b2", "c1", "c2"]);
    const discoveries = world.calls.filter(({ stepId }) => stepId === "step");
    // First look, after the first group, after the second group (plans "after"), after "after".
    expect(discoveries).toHaveLength(4);
    expect(world.calls).toHaveLength(4 + 7);
  });

  it("race: the function goes on as soon as one of a parallel group is done", async () => {
    await start((client) => [
      client.createFunction({ id: "race", triggers: [{ event: "t/go" }] }, async ({ step, group }) => {
        const winner = await group.parallel(() =>
          Promise.race([step.run("fast", () => "fast"), step.waitForEvent("slow", { event: "t/never", timeout: "1h" }).then(() => "slow")]),
        );
        return step.run("after", () => winner);
      }),
    ]);
    await world.send("t/go");
    await world.settled();
    const [run] = await world.runs("race");
    const detail = await world.run(run?.id ?? "");
    expect(detail.steps.find(({ name }) => name === "after")?.output).toBe("fast");
    world.advance(3_600_000);
    expect((await world.ended("race")).output).toBe("fast");
  });

  it("that throw are tried again with the attempts counted, and start at 0 for the next step", async () => {
    const attempts: [string, number][] = [];
    await start((client) => [
      client.createFunction({ id: "retry", retries: 2, triggers: [{ event: "t/go" }] }, async ({ step, attempt }) => {
        await step.run("flaky", () => {
          attempts.push(["flaky", attempt]);
          if (attempt < 2) throw new Error(`no ${attempt}`);
        });
        await step.run("next", () => void attempts.push(["next", attempt]));
        return "ok";
      }),
    ]);
    await world.send("t/go");
    const run = await world.ended("retry");
    expect(run.output).toBe("ok");
    expect(attempts).toEqual([["flaky", 0], ["flaky", 1], ["flaky", 2], ["next", 0]]);
    expect(run.calls.filter(({ outcome }) => outcome === "retried").map(({ error }) => (error as Error).message)).toEqual(["no 0", "no 1"]);
  });

  it("that fail for good are thrown in the function, which may catch them", async () => {
    await start((client) => [
      client.createFunction({ id: "catch", retries: 1, triggers: [{ event: "t/go" }] }, async ({ step }) => {
        const caught = await step.run("bad", () => Promise.reject(new Error("bad"))).catch((error: Error) => error.message);
        const parallel = await Promise.all([
          step.run("p1", () => Promise.reject(new NonRetriableError("p1 is bad"))).catch((error: Error) => error.message),
          step.run("p2", () => "p2"),
        ]);
        return [caught, ...parallel];
      }),
    ]);
    await world.send("t/go");
    const run = await world.ended("catch");
    expect(run.output).toEqual(["bad", "p1 is bad", "p2"]);
    expect(run.steps.find(({ name }) => name === "bad")?.status).toBe("failed");
  });

  it("wait as long as a Retry-After says", async () => {
    let tries = 0;
    await start((client) => [
      client.createFunction({ id: "after", triggers: [{ event: "t/go" }] }, async ({ step }) => {
        await step.run("limited", () => {
          tries += 1;
          if (tries === 1) throw new RetryAfterError("slow down", "1h");
        });
        return "ok";
      }),
    ]);
    await world.send("t/go");
    await world.settled();
    world.advance(3_500_000);
    await world.settled();
    expect(tries).toBe(1);
    world.advance(100_000);
    expect((await world.ended("after")).output).toBe("ok");
    expect(tries).toBe(2);
  });

  it("a function that throws outside of steps is tried again, and not at all after a NonRetriableError", async () => {
    const tries = { again: 0, never: 0 };
    await start((client) => [
      client.createFunction({ id: "again", retries: 3, triggers: [{ event: "t/go" }] }, () => {
        tries.again += 1;
        throw new Error("always");
      }),
      client.createFunction({ id: "never", retries: 3, triggers: [{ event: "t/go" }] }, () => {
        tries.never += 1;
        throw new NonRetriableError("never");
      }),
    ]);
    await world.send("t/go");
    expect((await world.ended("again")).error).toMatchObject({ message: "always" });
    expect((await world.ended("never")).error).toMatchObject({ message: "never" });
    expect(tries).toEqual({ again: 4, never: 1 });
  });

  it("onFailure gets the error and the event of the failed run", async () => {
    const failures: unknown[] = [];
    await start((client) => [
      client.createFunction(
        {
          id: "fails",
          retries: 0,
          triggers: [{ event: "t/go" }],
          onFailure: async ({ error, event, step }: Failure) => {
            await step.run("note", () => void failures.push([error.message, event.data.event.data, event.data.function_id]));
          },
        },
        async () => {
          throw new Error("broken");
        },
      ),
    ]);
    await world.send("t/go", { n: 1 });
    await world.ended("fails-failure");
    expect(failures).toEqual([["broken", { n: 1 }, "test-fails"]]);
  });
});

describe("waiting", () => {
  it("sleeps and sleeps until, for as long as it says", async () => {
    await start((client) => [
      client.createFunction({ id: "sleeper", triggers: [{ event: "t/go" }] }, async ({ event, step }) => {
        await step.sleep("nap", "2h");
        await step.sleepUntil("until", new Date(event.data.until as string));
        return "awake";
      }),
    ]);
    await world.send("t/go", { until: new Date(world.now() + 86_400_000).toISOString() });
    await world.waiting("sleeper", "nap");
    world.advance(7_100_000);
    await world.settled();
    await world.waiting("sleeper", "nap");
    world.advance(100_000);
    await world.waiting("sleeper", "until");
    world.advance(86_400_000);
    expect((await world.ended("sleeper")).output).toBe("awake");
  });

  it("waits for the event that matches, or gets null at the timeout", async () => {
    await start((client) => [
      client.createFunction({ id: "waiter", triggers: [{ event: "t/go" }] }, async ({ step }) => {
        const hit = await step.waitForEvent("hit", { event: "t/answer", match: "data.k", timeout: "1h" });
        const miss = await step.waitForEvent("miss", { event: "t/answer", if: "async.data.k == 'other'", timeout: "1h" });
        return { hit: hit?.data as unknown, miss };
      }),
    ]);
    await world.send("t/go", { k: 7 });
    await world.waiting("waiter", "hit");
    await world.send("t/answer", { k: 8 });
    await world.settled();
    await world.waiting("waiter", "hit");
    await world.send("t/answer", { k: 7, text: "yes" });
    await world.waiting("waiter", "miss");
    world.advance(3_600_000);
    expect((await world.ended("waiter")).output).toEqual({ hit: { k: 7, text: "yes" }, miss: null });
  });

  it("waits for a signal, which reaches one run", async () => {
    await start((client) => [
      client.createFunction({ id: "listener", triggers: [{ event: "t/go" }] }, ({ event, step }) =>
        step.waitForSignal("signal", { signal: `sig-${String(event.data.k)}`, timeout: "1h", onConflict: "fail" }),
      ),
      client.createFunction({ id: "sender", triggers: [{ event: "t/send" }] }, ({ step }) =>
        step.sendSignal("send", { signal: "sig-1", data: { ok: true } }),
      ),
    ]);
    await world.send("t/go", { k: 1 });
    await world.send("t/go", { k: 2 });
    const waiting = await world.waiting("listener", "signal", 0);
    await world.waiting("listener", "signal", 1);
    await world.send("t/send");
    expect((await world.ended("sender")).output).toEqual({ runId: waiting.id });
    expect((await world.ended("listener", 0)).output).toEqual({ signal: "sig-1", data: { ok: true } });
    world.advance(3_600_000);
    expect((await world.ended("listener", 1)).output).toBeNull();
  });

  it("invokes another function for its result, its error, or a timeout", async () => {
    await start((client) => {
      const double = client.createFunction({ id: "double", triggers: [] }, ({ event }) => Number((event.data as { x?: number }).x) * 2);
      const bad = client.createFunction({ id: "bad", retries: 0, triggers: [] }, () => {
        throw new Error("child broke");
      });
      const slow = client.createFunction({ id: "slow", triggers: [] }, async ({ step }) => {
        await step.sleep("long", "1d");
      });
      const parent = client.createFunction({ id: "parent", triggers: [{ event: "t/go" }] }, async ({ step }) => {
        const message = (error: Error) => error.message;
        return {
          double: await step.invoke("double", { function: double, data: { x: 21 } }),
          bad: await step.invoke("bad", { function: bad }).catch(message),
          slow: await step.invoke("slow", { function: slow, timeout: "1m" }).catch(message),
        };
      });
      return [double, bad, slow, parent];
    });
    await world.send("t/go");
    await world.waiting("slow", "long");
    world.advance(60_000);
    expect((await world.ended("parent")).output).toEqual({
      double: 42,
      bad: expect.stringContaining("child broke"),
      slow: expect.stringContaining("Timed out waiting"),
    });
  });

  it("sends events from a step, which trigger other functions", async () => {
    await start((client) => [
      client.createFunction({ id: "source", triggers: [{ event: "t/go" }] }, ({ step }) =>
        step.sendEvent("send", [{ name: "t/next", data: { n: 1 } }, { name: "t/next", data: { n: 2 } }]),
      ),
      client.createFunction({ id: "sink", triggers: [{ event: "t/next" }] }, ({ event }) => event.data.n as number),
    ]);
    await world.send("t/go");
    expect([(await world.ended("sink", 0)).output, (await world.ended("sink", 1)).output].sort()).toEqual([1, 2]);
  });
});
