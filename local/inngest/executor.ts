import postgres from "postgres";
import { applyOutcome, postpone, refusalOf } from "./apply";
import { Unreachable, type Caller } from "./call";
import { claimJobs, nextJobAt, type ClaimedJob } from "./claim";
import type { Database } from "./database";
import { ConcurrencyCounter } from "./flow/concurrency";
import { log, reason } from "./log";
import { readOutcome, type Outcome } from "./outcome";
import { errorText, LIMITS } from "./protocol";
import type { Registry } from "./registry";
import { prepareCalls, StateTooLarge, type PreparedCalls } from "./request";
import { unreachableMs } from "./retry";

interface Settings {
  database: Database;
  registry: Registry;
  caller: Caller;
  now: () => number;
  poke: () => void;
  /** Whether this process may start work: it holds the engine lock. */
  mayWork: () => boolean;
  inFlightMax: number;
  callTimeoutMs: number;
  retryIntervalMs: number | undefined;
}

/** Keeps up to `inFlightMax` calls to the application under way. */
export class Executor {
  private readonly counter = new ConcurrencyCounter();
  private readonly inFlight = new Map<number, Promise<void>>();
  private closing = false;

  constructor(private readonly settings: Settings) {}

  /** Fills the free places; answers when the next job is due. */
  async pass(): Promise<number | undefined> {
    const { database, registry, now } = this.settings;
    if (this.closing || !this.settings.mayWork()) return now() + 250;
    const free = this.settings.inFlightMax - this.inFlight.size;
    if (free <= 0) return undefined;
    // One instant for both questions: a job that falls due between two of them would be seen by neither.
    const moment = now();
    const { jobs, whole } = await claimJobs(database, registry, this.counter, free, moment);
    if (jobs.length > 0) {
      const calls = prepareCalls(database, jobs);
      for (const job of jobs) this.start(job, calls);
    }
    // With every place taken there is no hurry: the next call that ends asks again.
    if (this.inFlight.size >= this.settings.inFlightMax) return undefined;
    return whole ? nextJobAt(database, registry, moment) : moment + 5;
  }

  leases(): number[] {
    return [...this.inFlight.keys()];
  }

  get busy(): number {
    return this.inFlight.size;
  }

  /** Gives the calls under way a moment to end, then breaks them off; their jobs are free for the next start. */
  async close(graceMs: number): Promise<void> {
    this.closing = true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(this.inFlight.values()),
      new Promise((resolve) => (timer = setTimeout(resolve, graceMs))),
    ]);
    clearTimeout(timer);
    this.settings.caller.close();
    await Promise.all(this.inFlight.values());
  }

  private start(job: ClaimedJob, calls: Promise<PreparedCalls>): void {
    const done = this.execute(job, calls)
      .catch((error: unknown) => log("error", "a call was given up", { run: job.runId, step: job.stepId, error: reason(error) }))
      .finally(() => {
        this.inFlight.delete(job.lease);
        this.counter.leave(job.concurrencyKeys);
        this.settings.poke();
      });
    this.inFlight.set(job.lease, done);
  }

  private async execute(job: ClaimedJob, calls: Promise<PreparedCalls>): Promise<void> {
    const call = await this.persist(job, (tries) =>
      (tries === 0 ? calls : prepareCalls(this.settings.database, [job])).then((prepared) => prepared.get(job.id)),
    );
    if (!call) return;
    const startedAt = this.settings.now();
    let outcome: Outcome;
    if (call instanceof StateTooLarge) {
      outcome = { kind: "refused", error: errorText("EngineError", call.message) };
    } else {
      try {
        const answer = await this.settings.caller.request("POST", call.url, call.body, {
          timeoutMs: this.settings.callTimeoutMs,
          bytesMax: LIMITS.stateBytes,
        });
        outcome = readOutcome(answer, this.settings.now());
      } catch (error) {
        // Broken off by a stop: the job stays leased to this life, and the next one frees it.
        if (this.closing) return;
        if (error instanceof Unreachable) return this.waitForApp(job, error);
        outcome = { kind: "error", error: errorText("Error", reason(error)), retry: true, retryAfterMs: undefined };
      }
    }
    await this.apply(job, outcome, { startedAt, endedAt: this.settings.now() });
  }

  private async waitForApp(job: ClaimedJob, error: Unreachable): Promise<void> {
    if (job.unreachable === 0) log("warn", "the application cannot be reached", { url: job.fn.url, error: error.message });
    const text = errorText("Unreachable", error.message);
    await this.persist(job, () =>
      this.settings.database.transact((tx) =>
        postpone(tx, job, tx.now + unreachableMs(job.unreachable), text, job.attempt, job.unreachable + 1),
      ),
    );
  }

  private async apply(job: ClaimedJob, outcome: Outcome, call: { startedAt: number; endedAt: number }): Promise<void> {
    const write = (result: Outcome) =>
      this.settings.database.transact((tx) => applyOutcome(tx, job, result, call, this.settings));
    try {
      await this.persist(job, () => write(outcome));
    } catch (error) {
      const refusal = refusalOf(error) ?? unstorable(error);
      if (refusal === undefined) throw error;
      await this.persist(job, () => write({ kind: "refused", error: refusal }));
    }
  }

  /** A result in hand is worth waiting for a database that is away: dropping it would run the step again. */
  private async persist<T>(job: ClaimedJob, work: (tries: number) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work(tries);
      } catch (error) {
        if (this.closing || refusalOf(error) !== undefined || unstorable(error) !== undefined) throw error;
        log("warn", "the database did not take it; trying again", { run: job.runId, error: reason(error) });
        await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 50 * 2 ** tries)));
      }
    }
  }
}

/** Data that PostgreSQL will not take however often it is tried (class 22: data exceptions, class 54: limits). */
function unstorable(error: unknown): string | undefined {
  if (!(error instanceof postgres.PostgresError) || !/^(?:22|54)/.test(error.code)) return undefined;
  return errorText("EngineError", `the result cannot be stored: ${error.message}`);
}
