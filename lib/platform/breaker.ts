import { BrokenCircuitError, circuitBreaker, CircuitState, handleWhenResult, SamplingBreaker, type IBreaker } from "cockatiel";
import { clock } from "./clock";
import { log } from "./log";
import { isOutage, type ProviderAnswer } from "./provider";

export type BreakerState = "closed" | "half-open" | "open";

/**
 * Stands before one provider. While most calls fail it lets none through, so that nothing is tried in vain and nobody waits; after ten
 * seconds one call finds out whether the provider is back.
 */
export interface Breaker {
  readonly name: string;
  state(): BreakerState;
  /** When it may be called again; null when it may be called now. */
  blockedUntil(): Date | null;
  /** How many calls it has let through with success: whoever compares two readings knows whether others fared better. */
  successes(): number;
  /** The answers of one call, or null when it was not made because the provider is known to be away. */
  call(work: () => Promise<ProviderAnswer[]>): Promise<ProviderAnswer[] | null>;
}

const probeAfterMs = 10_000;
/** All tries of one message, timeouts included, lie within it. */
const sampleMs = 30_000;
const failingShare = 0.5;
const fewestCalls = 4;

/** SamplingBreaker forgets as calls come, one window each: after a quiet time it would still judge by what was then. */
class RecentSamples implements IBreaker {
  private samples = fresh();
  private lastMs = 0;

  get state(): unknown {
    return this.samples.state;
  }
  set state(value: unknown) {
    this.samples.state = value;
  }
  success(state: CircuitState): void {
    this.recent().success(state);
  }
  failure(state: CircuitState): boolean {
    return this.recent().failure(state);
  }
  private recent(): SamplingBreaker {
    const now = performance.now();
    if (now - this.lastMs > sampleMs) this.samples = fresh();
    this.lastMs = now;
    return this.samples;
  }
}

/** The smallest number of calls is given as a rate; half a call less keeps rounding from asking for one more. */
const fresh = () => new SamplingBreaker({ threshold: failingShare, duration: sampleMs, minimumRps: (fewestCalls - 0.5) / (sampleMs / 1000) });

const stateOf: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Open]: "open",
  [CircuitState.Isolated]: "open",
};

function createBreaker(name: string): Breaker {
  let openedAtMs = 0;
  let succeeded = 0;
  const failed = (answers: unknown) => Array.isArray(answers) && answers.length > 0 && (answers as ProviderAnswer[]).every(isOutage);
  const policy = circuitBreaker(handleWhenResult(failed), { breaker: new RecentSamples(), halfOpenAfter: probeAfterMs });
  policy.onBreak(() => {
    openedAtMs = clock.nowMs();
    log.warn("provider is away; its deliveries are held", { provider: name });
  });
  policy.onReset(() => log.info("provider is back", { provider: name }));
  return {
    name,
    state: () => stateOf[policy.state],
    blockedUntil() {
      if (policy.state !== CircuitState.Open) return null;
      const at = openedAtMs + probeAfterMs;
      return at > clock.nowMs() ? new Date(at) : null;
    },
    successes: () => succeeded,
    async call(work) {
      try {
        const answers = await policy.execute(work);
        if (answers.some(({ ok }) => ok)) succeeded += 1;
        return answers;
      } catch (error) {
        if (error instanceof BrokenCircuitError) return null;
        throw error;
      }
    },
  };
}

// Next compiles route handlers and instrumentation into separate module graphs; one breaker per provider and process needs a global.
const held = globalThis as typeof globalThis & { moimBreakers?: Map<string, Breaker> };

/** Every breaker that was asked for in this process, by provider. */
export function breakers(): Map<string, Breaker> {
  return (held.moimBreakers ??= new Map<string, Breaker>());
}

export function breakerOf(provider: string): Breaker {
  const known = breakers().get(provider);
  if (known) return known;
  const made = createBreaker(provider);
  breakers().set(provider, made);
  return made;
}
