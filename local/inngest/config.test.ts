import { expect, it } from "vitest";
import { parseFunctions, RegistrationRefused } from "./config";

const config = (extra: Record<string, unknown>) => ({
  id: "app-fn",
  name: "fn",
  triggers: [{ event: "t/go" }],
  steps: { step: { id: "step", name: "step", runtime: { type: "http", url: "http://127.0.0.1:3000/api/inngest?fnId=app-fn&stepId=step" } } },
  ...extra,
});

function problems(extra: Record<string, unknown>): string {
  try {
    parseFunctions([config(extra)]);
    return "";
  } catch (error) {
    if (error instanceof RegistrationRefused) return error.message;
    throw error;
  }
}

it.each([
  { idempotency: "event.data.id" },
  { batchEvents: { maxSize: 10, timeout: "5s", key: "event.data.k", if: "event.data.x == 1" } },
  { debounce: { period: "5s", key: "event.data.k", timeout: "1m" } },
  { rateLimit: { limit: 1, period: "1h" } },
  { throttle: { limit: 1, period: "1h", burst: 2, key: "event.data.k" } },
  { singleton: { mode: "cancel", key: "event.data.k" } },
  { priority: { run: "event.data.p == 1 ? 10 : 0" } },
  { timeouts: { start: "1m", finish: "1h" } },
  { concurrency: 5 },
  { concurrency: [{ limit: 1 }, { limit: 2, key: "'shared'", scope: "env" }] },
  { cancel: [{ event: "t/stop", if: "event.data.k == async.data.k", timeout: "1h" }] },
  { triggers: [{ event: "app/*", expression: "event.data.x > 1" }, { cron: "0 9 * * 1", jitter: "30s" }] },
  { triggers: [] },
])("takes %j", (extra) => expect(problems(extra)).toBe(""));

it.each([
  [{ teleport: true }, 'option "teleport" is not supported'],
  [{ debounce: { period: "5s", leading: true } }, 'option "debounce.leading" is not supported'],
  [{ debounce: { period: "soon" } }, '"soon" is no duration'],
  [{ throttle: { limit: 0, period: "1h" } }, 'option "throttle.limit"'],
  [{ concurrency: [{ limit: 1 }, { limit: 1 }, { limit: 1 }] }, 'option "concurrency"'],
  [{ concurrency: { limit: 1, key: "event.data.(" } }, "cannot be understood"],
  [{ triggers: [{ event: "a*" }] }, "a wildcard may stand only at the end"],
  [{ triggers: [{ event: "t/go", expression: "async.data.x == 1" }] }, "cannot be understood"],
  [{ triggers: [{ cron: "never" }] }, 'cron "never"'],
  [{ batchEvents: { maxSize: 2, timeout: "5s" }, singleton: { mode: "skip" } }, "cannot be combined with batchEvents"],
  [{ steps: { step: { id: "step", name: "step", runtime: { type: "ws", url: "ws://127.0.0.1/x" } } } }, "only HTTP functions"],
])("refuses %j", (extra, part) => {
  const message = problems(extra);
  expect(message).toContain('function "app-fn"');
  expect(message).toContain(part);
});

it("refuses a registration whole and names every problem in it", () => {
  expect(() => parseFunctions([config({ id: "a", x: 1 }), config({ id: "b", y: 1 }), config({})])).toThrow(/"a".*"x"[^]*"b".*"y"/);
  expect(() => parseFunctions([config({}), config({})])).toThrow("registered twice");
});
