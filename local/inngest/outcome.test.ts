import { describe, expect, it } from "vitest";
import type { Answer } from "./call";
import { readOutcome, retryAfterMs } from "./outcome";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const sdk = (status: number, body: string, headers: Answer["headers"] = {}): Answer => ({
  status,
  body,
  headers: { "x-inngest-sdk": "inngest-js:v4.24.0", ...headers },
});

describe("an answer of the application", () => {
  it("200 is the result of the function", () => {
    expect(readOutcome(sdk(200, '{"a":1}'), NOW)).toEqual({ kind: "completed", output: '{"a":1}' });
    expect(readOutcome(sdk(200, "null"), NOW)).toEqual({ kind: "completed", output: "null" });
  });

  it("200 of something else is an error that is tried again", () => {
    expect(readOutcome({ status: 200, headers: {}, body: "<html>" }, NOW)).toMatchObject({ kind: "error", retry: true });
    expect(readOutcome(sdk(200, "<html>"), NOW)).toMatchObject({ kind: "error", retry: true });
  });

  it("206 reports steps, as a list or one alone", () => {
    const op = { id: "abc", op: "StepRun", data: 1 };
    expect(readOutcome(sdk(206, JSON.stringify([op])), NOW)).toMatchObject({ kind: "ops", ops: [op] });
    expect(readOutcome(sdk(206, JSON.stringify(op)), NOW)).toMatchObject({ kind: "ops", ops: [op] });
    expect(readOutcome(sdk(206, "[]"), NOW)).toMatchObject({ kind: "refused" });
    expect(readOutcome(sdk(206, '[{"op":"StepRun"}]'), NOW)).toMatchObject({ kind: "refused" });
  });

  it("201 is a streamed answer with the real one inside", () => {
    const inner = JSON.stringify({ status: 206, headers: { "Content-Type": "application/json" }, body: '[{"id":"x","op":"Sleep","name":"1s"}]' });
    expect(readOutcome(sdk(201, `   ${inner}`), NOW)).toMatchObject({ kind: "ops", ops: [{ op: "Sleep" }] });
  });

  it("errors say whether and when to try again", () => {
    const body = JSON.stringify({ name: "E", message: "m", stack: "s", __serialized: true });
    const again = readOutcome(sdk(500, body, { "x-inngest-no-retry": "false", "retry-after": "30" }), NOW);
    expect(again).toEqual({ kind: "error", error: body, retry: true, retryAfterMs: 30_000 });
    expect(readOutcome(sdk(400, body, { "x-inngest-no-retry": "true" }), NOW)).toMatchObject({ retry: false });
    expect(readOutcome({ status: 502, headers: {}, body: "Bad Gateway" }, NOW)).toMatchObject({ kind: "error", retry: true });
    expect(readOutcome({ status: 404, headers: { "x-inngest-no-retry": "true" }, body: "" }, NOW)).toMatchObject({ retry: true });
    expect(readOutcome(sdk(500, '{"error":"Could not find step"}'), NOW)).toMatchObject({ error: expect.stringContaining("Could not find step") });
  });

  it("Retry-After is seconds or a date, from one second to a day", () => {
    expect(retryAfterMs("0", NOW)).toBe(1000);
    expect(retryAfterMs("90", NOW)).toBe(90_000);
    expect(retryAfterMs("999999", NOW)).toBe(86_400_000);
    expect(retryAfterMs("2026-11-21T01:00:00Z", NOW)).toBe(3_600_000);
    expect(retryAfterMs("2020-01-01T00:00:00Z", NOW)).toBe(1000);
    expect(retryAfterMs("soon", NOW)).toBeUndefined();
    expect(retryAfterMs(undefined, NOW)).toBeUndefined();
  });
});
