import type { Store } from "./store";

/**
 * Two clocks. What is written (issues, payloads, signatures) carries the true time, because the application compares it with its own.
 * Lifetimes (codes, tokens, hooks, retries) run on a clock that the control page can move ahead, so that an hour or thirty days pass at once.
 */
export class Clock {
  constructor(
    private readonly store: Store,
    private readonly wall: () => number,
  ) {}

  now(): number {
    return this.wall();
  }

  life(): number {
    return this.wall() + this.store.settings().clockOffsetMs;
  }

  /** A moment of the moved clock as the application's own clock would have it. */
  told(lifeMs: number): number {
    return lifeMs - this.store.settings().clockOffsetMs;
  }
}
