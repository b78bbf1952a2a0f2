import type Pusher from "pusher-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { subscribeSurely } from "./subscribing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection that counts how often a channel is asked for, and whose answers are given by hand. */
function connection() {
  const heard = new Map<string, (data: unknown) => void>();
  const channel = { bind: (event: string, hear: (data: unknown) => void) => heard.set(event, hear) };
  const state = { asked: 0, left: false };
  const fake = { subscribe: () => ((state.asked += 1), channel), channel: () => (state.left ? undefined : channel) };
  subscribeSurely(fake as unknown as Pusher, "private-article-1");
  return { state, say: (event: string, data?: unknown) => heard.get(`pusher:subscription_${event}`)?.(data) };
}

test.each([{ status: 503 }, { status: 429 }, { status: 0 }, {}])("a channel of which nobody could tell (%o) is asked for again, ever later", (fault) => {
  const { state, say } = connection();
  say("error", fault);
  vi.advanceTimersByTime(2_000);
  expect(state.asked).toBe(2);
  say("error", fault);
  vi.advanceTimersByTime(1_900);
  expect(state.asked).toBe(2);
  vi.advanceTimersByTime(2_100);
  expect(state.asked).toBe(3);
  for (let time = 0; time < 20; time += 1) {
    say("error", fault);
    vi.advanceTimersByTime(60_000);
  }
  expect(state.asked).toBe(23);
  say("succeeded");
  say("error", fault);
  vi.advanceTimersByTime(2_000);
  expect(state.asked).toBe(24);
});

test.each([401, 403, 404])("one that may not be heard (%i) is not", (status) => {
  const { state, say } = connection();
  say("error", { status });
  vi.advanceTimersByTime(600_000);
  expect(state.asked).toBe(1);
});

test("one that was left meanwhile is not", () => {
  const { state, say } = connection();
  say("error", { status: 502 });
  state.left = true;
  vi.advanceTimersByTime(600_000);
  expect(state.asked).toBe(1);
});
