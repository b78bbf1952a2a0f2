import { AsyncLocalStorage } from "node:async_hooks";
import { Temporal } from "temporal-polyfill";

/** The only place that reads the time, so that a test can freeze or move it without touching the code under test. */
const frozen = new AsyncLocalStorage<{ offsetMs: number; fixedMs: number | null }>();

export const clock = {
  now(): Date {
    return new Date(this.nowMs());
  },
  nowMs(): number {
    const frame = frozen.getStore();
    if (!frame) return Date.now();
    return (frame.fixedMs ?? Date.now()) + frame.offsetMs;
  },
  instant(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.nowMs());
  },
  /** Runs `work` as if the clock stood at `at`. Nested calls see the innermost clock. */
  at<T>(at: Date | string, work: () => T): T {
    return frozen.run({ offsetMs: 0, fixedMs: new Date(at).getTime() }, work);
  },
};
