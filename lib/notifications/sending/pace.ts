/**
 * How fast one provider is called from this process. Calls go out as they come until the provider answers 429; then they are spaced,
 * twice as far after each further 429, and closer again after a quiet while. Shared by all runs, because the limit is too; by a
 * clock that never leaps.
 */
export interface Pace {
  /** Milliseconds to wait before the next call; the slot is taken by asking. */
  turnMs(): number;
  tooFast(retryAfterSeconds: number | null): void;
  wentWell(): void;
}

const firstSpacingMs = 100;
const spacingMaxMs = 1_000;
const quietCalls = 20;

export function createPace(): Pace {
  let spacingMs = 0;
  let nextMs = 0;
  let calm = 0;
  return {
    turnMs() {
      const now = performance.now();
      const turn = Math.max(now, nextMs);
      nextMs = turn + spacingMs;
      return turn - now;
    },
    tooFast(retryAfterSeconds) {
      calm = 0;
      spacingMs = Math.min(spacingMaxMs, Math.max(firstSpacingMs, spacingMs * 2));
      // A long wait is the delivery's own business (it goes back with a later time); here a second of silence is enough.
      nextMs = Math.max(nextMs, performance.now() + Math.min(retryAfterSeconds ?? 1, 1) * 1_000);
    },
    wentWell() {
      calm += 1;
      if (calm < quietCalls) return;
      calm = 0;
      spacingMs = spacingMs <= firstSpacingMs ? 0 : spacingMs / 2;
    },
  };
}

const paces = new Map<string, Pace>();

/** The pace of each provider that this process calls. */
export function paceOf(provider: string): Pace {
  const pace = paces.get(provider) ?? createPace();
  paces.set(provider, pace);
  return pace;
}

/** Begins anew with every provider: one test's limit must not slow the next. */
export const forgetPaces = () => paces.clear();
