import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runSoon } from "./soon";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.999);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a call is followed soon, and a storm of calls by few questions of which the last comes after the last call", async () => {
  const asked: number[] = [];
  const { call } = runSoon(async () => void asked.push(performance.now()));
  const startedAt = performance.now();
  call();
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toHaveLength(1);

  let calledAt = 0;
  for (let time = 0; time < 200; time += 1) {
    calledAt = performance.now();
    call();
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked.at(-1)).toBeGreaterThan(calledAt);
  expect(asked.length).toBeLessThan(10);
  expect(asked[1]).toBeLessThan(startedAt + 2_000);

  // Afterwards each is followed as soon as before, also when they follow one another as people talk.
  for (const _ of [1, 2, 3, 4]) {
    call();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = asked.length;
    call();
    await vi.advanceTimersByTimeAsync(400);
    expect(asked).toHaveLength(before + 1);
  }
});

test("never twice at a time, and not after it was stopped", async () => {
  let under = 0;
  let most = 0;
  const runner = runSoon(async () => {
    most = Math.max(most, (under += 1));
    await new Promise((done) => setTimeout(done, 1_000));
    under -= 1;
  });
  for (let time = 0; time < 50; time += 1) {
    runner.call();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(most).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  runner.stop();
  runner.call();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(under).toBe(0);
});

test("what fails is done again by itself, ever later, and as soon as it is called", async () => {
  const asked: number[] = [];
  let down = true;
  const startedAt = performance.now();
  const { call, stop } = runSoon(async () => {
    asked.push(performance.now() - startedAt);
    if (down) throw new Error("not reachable");
  });
  call();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked.length).toBeLessThan(17);
  const before = asked.length;
  down = false;
  call();
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toHaveLength(before + 1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(before + 1);
  down = true;
  call();
  await vi.advanceTimersByTimeAsync(400);
  stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(before + 2);
});
