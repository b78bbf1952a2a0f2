import { request } from "node:http";
import { Inngest } from "inngest";
import { serve } from "inngest/node";
import { afterEach, describe, expect, it } from "vitest";
import { startInngest } from "./engine";
import type { RunDetail } from "./queries";
import { eventually, TestApp, testDatabaseUrl, World, type Functions } from "./testing";

let world: World;
afterEach(() => world.close());

const start = async (functions: Functions = () => []) => {
  world = await World.start(functions);
};

const simple: Functions = (client) => [client.createFunction({ id: "simple", triggers: [{ event: "t/go" }] }, () => "ok")];

/** A request with headers that fetch would not let a caller set. */
function raw(method: string, path: string, headers: Record<string, string>, body = ""): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${world.engine.url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("bad input is answered clearly and does no harm", () => {
  const cases: [what: string, body: string, message: string][] = [
    ["no JSON", "{", "not valid JSON"],
    ["an empty body", "", "not valid JSON"],
    ["a number", "1", "must be an object"],
    ["no name", '{"data":{}}', "event name is empty"],
    ["an empty name", '{"name":""}', "event name is empty"],
    ["a reserved name", '{"name":"inngest/function.failed"}', "reserved for internal use: inngest/function.failed"],
    ["data that is no object", '{"name":"a","data":[1]}', "must be an object"],
    ["a fractional ts", '{"name":"a","ts":1.5}', "integer"],
    ["one bad event among good ones", '[{"name":"t/go"},{"name":""}]', "event name is empty"],
    ["a NUL in the name", '{"name":"a\\u0000"}', "NUL"],
    ["5001 events", JSON.stringify(Array(5001).fill({ name: "t/go" })), "more than 5000"],
    ["an event over 3 MB", JSON.stringify({ name: "t/go", data: { x: "x".repeat(3_200_000) } }), "3 MB"],
  ];

  it("an event that is not one is refused with its reason, and nothing of its request is stored", async () => {
    await start(simple);
    for (const [what, body, message] of cases) {
      const answer = await raw("POST", "/e/key", {}, body);
      expect(answer.status, what).toBe(400);
      expect(JSON.parse(answer.body), what).toMatchObject({ ids: [""], status: 400, error: expect.stringContaining(message) });
    }
    await world.settled();
    expect(await world.runs("simple")).toHaveLength(0);
  });

  it("a body over the cap", async () => {
    await start();
    const answer = await raw("POST", "/e/key", { "content-length": String(40 * 1024 * 1024) }).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
  });

  it("unusual text passes through whole", async () => {
    await start((client) => [client.createFunction({ id: "echo", concurrency: { limit: 1, key: "event.data.text" }, triggers: [{ event: "t/go" }] }, ({ event }) => event.data.text as string)]);
    const text = "nul \0 emoji 🎉 quote ' \" </script> " + "long ".repeat(1000);
    await world.send("t/go", { text });
    expect((await world.ended("echo")).output).toBe(text);
    await world.settled();
  });
});

describe("who may ask", () => {
  it("a foreign Host (DNS rebinding) or Origin gets nothing, own pages and programs do", async () => {
    await start(simple);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await raw("GET", "/", { host: "evil.example" })).status).toBe(403);
    expect((await raw("GET", "/api/runs", { host: "127.0.0.1.evil.example" })).status).toBe(403);
    expect((await raw("POST", "/e/key", { origin: "https://evil.example" }, '{"name":"t/go"}')).status).toBe(403);
    expect((await raw("POST", "/e/key", { origin: "null" }, '{"name":"t/go"}')).status).toBe(403);
    expect((await raw("POST", "/events", { ...form, "sec-fetch-site": "cross-site" }, "name=t/go")).status).toBe(403);
    const own = { ...form, host: `localhost:${world.engine.port}`, origin: `http://localhost:${world.engine.port}` };
    expect((await raw("POST", "/events", own, "name=t/go&data=%7B%7D")).status).toBe(303);
    await world.ended("simple");
  });
});

describe("registration", () => {
  it("refuses what is not supported, naming function and option, and keeps what was registered before", async () => {
    await start(simple);
    const refused = await raw("POST", "/fn/register", {}, JSON.stringify({
      appName: "other",
      url: "http://127.0.0.1:1/api/inngest",
      functions: [
        { id: "other-a", triggers: [{ event: "x" }], steps: step("other-a"), teleport: true },
        { id: "other-b", triggers: [{ event: "a*b" }], steps: step("other-b"), concurrency: { limit: 1, key: "event.data.(" } },
        { id: "other-c", triggers: [{ cron: "*/5 * * * * *" }], steps: step("other-c") },
        { id: "other-d", triggers: [], steps: step("other-d"), batchEvents: { maxSize: 2, timeout: "5s" }, priority: {} },
      ],
    }));
    expect(refused.status).toBe(400);
    const { error } = JSON.parse(refused.body) as { error: string };
    for (const part of ['"other-a": option "teleport" is not supported', '"other-b": option "triggers.0.event"', "concurrency.key", "five fields", '"other-d": option "priority": cannot be combined']) {
      expect(error).toContain(part);
    }
    expect((await world.functions()).map(({ id, active }) => [id, active])).toEqual([["test-simple", true]]);
  });

  it("takes an out-of-band registration by the SDK", async () => {
    await start();
    const client = new Inngest({ id: "band", isDev: true, baseUrl: world.engine.url });
    world.app.handler = serve({ client, functions: [client.createFunction({ id: "f", triggers: [{ event: "t/band" }] }, () => "out of band")] });
    const answer = await fetch(world.app.url, { method: "PUT" });
    expect(await answer.json()).toMatchObject({ modified: true });
    await client.send({ name: "t/band", data: {} });
    const run = await eventually(async () => {
      const { runs } = await world.api<{ runs: RunDetail[] }>("/api/runs?function=band-f&status=completed");
      return runs[0] && world.run(runs[0].id);
    }, "the run");
    expect(run.output).toBe("out of band");
  });

  it("deactivates functions that are gone, keeps their runs, and goes on when they are back", async () => {
    world = await World.start(
      (client) => [client.createFunction({ id: "gone", triggers: [{ event: "t/go" }] }, async ({ step }) => step.sleep("nap", "1h"))],
      { syncEveryMs: 20 },
    );
    await world.send("t/go");
    await world.waiting("gone", "nap");
    world.serve(simple);
    await eventually(async () => ((await world.functions()).some(({ id, active }) => id === "test-gone" && !active) ? true : undefined), "gone");
    world.advance(3_600_000);
    await world.send("t/go");
    await world.ended("simple");
    expect((await world.runs("gone")).map(({ status }) => status)).toEqual(["running"]);
    world.serve((client) => [client.createFunction({ id: "gone", triggers: [{ event: "t/go" }] }, async ({ step }) => step.sleep("nap", "1h").then(() => "back"))]);
    expect((await world.ended("gone")).output).toBe("back");
  });
});

describe("what goes wrong is seen", () => {
  it("an operation that the engine does not speak fails the run, by name", async () => {
    await start((client) => [
      client.createFunction({ id: "fetches", triggers: [{ event: "t/go" }] }, ({ step }) => step.fetch("http://127.0.0.1:1/").then(() => "never")),
    ]);
    await world.send("t/go");
    const run = await world.ended("fetches");
    expect(run.status).toBe("failed");
    expect(run.error).toMatchObject({ message: expect.stringContaining('"Gateway" is not supported') });
    expect(run.calls).toHaveLength(1);
  });

  it("an application that is away costs no attempt, and runs go on when it is back", async () => {
    await start((client) => [client.createFunction({ id: "patient", retries: 0, triggers: [{ event: "t/go" }] }, ({ attempt }) => attempt)]);
    const { port, handler } = world.app;
    await world.app.stop();
    await world.send("t/go");
    await eventually(async () => {
      world.advance(30_000);
      const [run] = await world.runs("patient");
      const next = run && (await world.run(run.id)).jobs[0];
      return (next?.lastError as { name?: string } | null)?.name === "Unreachable" ? true : undefined;
    }, "the engine has noticed");
    const back = await TestApp.start(port);
    back.handler = handler;
    await eventually(async () => {
      world.advance(30_000);
      return (await world.runs("patient", "completed")).length === 1 ? true : undefined;
    }, "the run is complete");
    expect((await world.ended("patient")).output).toBe(0);
    await back.stop();
  });

  it("an answer that is not the SDK's is tried again", async () => {
    await start((client) => [client.createFunction({ id: "proxied", retries: 2, triggers: [{ event: "t/go" }] }, () => "ok")]);
    const { handler } = world.app;
    let pages = 0;
    world.app.handler = (incoming, response) => {
      if (incoming.method === "POST" && ++pages <= 2) response.writeHead(pages === 1 ? 200 : 502).end("<html>sign in</html>");
      else handler(incoming, response);
    };
    await world.send("t/go");
    const run = await world.ended("proxied");
    expect(run.output).toBe("ok");
    expect(run.calls.map(({ outcome }) => outcome)).toEqual(["retried", "retried", "completed"]);
  });

  it("every call carries the secret that the application was given, too", async () => {
    world = await World.start(simple, { callerSecret: "known-to-both", syncEveryMs: 50 });
    const { handler } = world.app;
    const heard = new Set<string>();
    world.app.handler = (incoming, response) => {
      heard.add(`${incoming.method} ${incoming.headers.authorization}`);
      handler(incoming, response);
    };
    await world.send("t/go");
    await world.ended("simple");
    await eventually(async () => heard.size === 2 || undefined, "the engine has called and asked");
    expect([...heard].sort()).toEqual(["POST Bearer known-to-both", "PUT Bearer known-to-both"]);
  });

  it("a second engine on the same schema is refused", async () => {
    await start();
    const second = startInngest({ databaseUrl: testDatabaseUrl(), schema: world.schema, lockWaitMs: 200 });
    await expect(second).rejects.toThrow("another Inngest engine is at work");
  });

  it("a stopped engine frees its port and goes on where it was", async () => {
    await start((client) => [
      client.createFunction({ id: "long", triggers: [{ event: "t/go" }] }, async ({ step }) => {
        await step.sleep("nap", "1h");
        return "ok";
      }),
    ]);
    await world.send("t/go");
    await world.waiting("long", "nap");
    await world.engine.close();
    await world.restartEngine();
    world.advance(3_600_000);
    expect((await world.ended("long")).output).toBe("ok");
  });
});

describe("a person at the page", () => {
  const text = async (path: string): Promise<string> => (await fetch(`${world.engine.url}${path}`)).text();

  it("sees functions, runs, steps, errors, the next attempt and events", async () => {
    world = await World.start(
      (client) => [
        client.createFunction({ id: "shown", name: "Shown <b>", concurrency: 2, triggers: [{ event: "t/go", if: "event.data.n > 0" }, { cron: "0 9 * * 1" }] }, async ({ step }) => {
          await step.run("good", () => ({ html: "<script>" }));
          await step.run("bad", () => Promise.reject(new Error("it broke")));
        }),
      ],
      { retryIntervalMs: 3_600_000 },
    );
    await world.send("t/go", { n: 1 });
    const run = await eventually(async () => {
      const [first] = await world.runs("shown");
      const detail = first && (await world.run(first.id));
      return detail?.jobs[0]?.attempt === 1 ? detail : undefined;
    }, "the second attempt is planned");
    expect(await text("/functions")).toContain("Shown &lt;b&gt;");
    expect(await text("/functions")).toContain("cron 0 9 * * 1");
    expect(await text("/")).toContain(run.id);
    expect(await text("/?status=failed")).not.toContain(run.id);
    const page = await text(`/runs/${run.id}`);
    for (const part of ["good", "it broke", "attempt 2", "&lt;script&gt;", "Cancel", "Replay"]) expect(page).toContain(part);
    expect(await text("/events")).toContain("t/go");
    const { headers } = await raw("GET", "/", {});
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it("cancels and replays a run, and is told what cannot be done", async () => {
    await start((client) => [
      client.createFunction({ id: "held", triggers: [{ event: "t/go" }] }, async ({ event, step }) => {
        await step.sleep("nap", "1h");
        return event.data.n as number;
      }),
    ]);
    await world.send("t/go", { n: 5 });
    const { id } = await world.waiting("held", "nap");
    expect((await raw("GET", `/api/runs/${id}/cancel`, {})).status).toBe(404);
    expect((await raw("POST", `/runs/${id}/cancel`, {})).headers.location).toBe(`/runs/${id}`);
    expect((await world.run(id)).cancelReason).toBe("cancelled by hand");
    expect((await raw("POST", `/runs/${id}/cancel`, {})).status).toBe(409);
    const replay = await world.api<{ id: string }>(`/api/runs/${id}/replay`, "POST");
    await world.waiting("held", "nap", 1);
    world.advance(3_600_000);
    const second = await world.ended("held", 1);
    expect([second.id, second.replayOf, second.output]).toEqual([replay.id, id, 5]);
    expect((await raw("POST", "/runs/00000000000000000000000000/replay", {})).status).toBe(409);
    expect((await raw("POST", "/events", {}, "name=t%2Fx&data=%7B")).body).toContain("not valid JSON");
  });
});

it("what is past its retention is pruned, what still runs is kept", async () => {
  await start((client) => [
    client.createFunction({ id: "old", triggers: [{ event: "t/go" }] }, () => "ok"),
    client.createFunction({ id: "sleeping", triggers: [{ event: "t/go" }] }, async ({ step }) => step.sleep("nap", "30d")),
  ]);
  await world.send("t/go");
  await world.send("t/nobody");
  await world.ended("old");
  await world.waiting("sleeping", "nap");
  await world.engine.close();
  world.advance(8 * 86_400_000);
  await world.restartEngine();
  await eventually(async () => ((await world.runs("old")).length === 0 ? true : undefined), "the old run is gone");
  expect((await world.waiting("sleeping", "nap")).events).toHaveLength(1);
  await eventually(async () => ((await world.events("t/nobody")).length === 0 ? true : undefined), "the unused event is gone");
});

function step(id: string): Record<string, unknown> {
  return { step: { id: "step", name: "step", runtime: { type: "http", url: `http://127.0.0.1:1/api/inngest?fnId=${id}&stepId=step` } } };
}
