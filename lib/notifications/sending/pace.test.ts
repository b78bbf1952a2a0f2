import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPace } from "./pace";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("calls go out as they come until the provider says it is too much", () => {
  const pace = createPace();
  expect([pace.turnMs(), pace.turnMs(), pace.turnMs()]).toEqual([0, 0, 0]);
});

test("after 429 everybody pauses, then calls are spaced, further after each further 429", () => {
  const pace = createPace();
  pace.tooFast(1);
  expect([pace.turnMs(), pace.turnMs(), pace.turnMs()]).toEqual([1000, 1100, 1200]);
  vi.advanceTimersByTime(2000);
  pace.tooFast(null);
  expect([pace.turnMs(), pace.turnMs()]).toEqual([1000, 1200]);
});

test("a provider that copes again is called as fast as before", () => {
  const pace = createPace();
  pace.tooFast(1);
  for (let call = 0; call < 20; call += 1) pace.wentWell();
  vi.advanceTimersByTime(5000);
  expect([pace.turnMs(), pace.turnMs()]).toEqual([0, 0]);
});
