import { log, reason } from "./log";

/** Timers of the platform overflow above 24.8 days; a sweep each half minute also covers a clock that was moved. */
const SWEEP_MS = 30_000;

/**
 * One pass of work at a time. `poke` asks for a pass now (pokes during a pass join into one more); a pass returns the
 * instant (epoch ms) of its next known work, or undefined when there is none.
 */
export class Loop {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = true;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(
    private readonly name: string,
    private readonly now: () => number,
    private readonly pass: () => Promise<number | undefined>,
  ) {}

  start(): void {
    this.stopped = false;
    this.poke();
  }

  poke(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = undefined;
      // A poke may land between the last look at `again` and here.
      if (this.again) this.poke();
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    let next: number | undefined;
    do {
      this.again = false;
      try {
        next = await this.pass();
        this.failures = 0;
      } catch (error) {
        if (this.stopped) return;
        this.failures += 1;
        log("error", `${this.name} pass failed`, { error: reason(error), failures: this.failures });
        next = this.now() + Math.min(5000, 100 * 2 ** this.failures);
        break;
      }
    } while (this.again && !this.stopped);
    if (this.stopped) return;
    const wait = next === undefined ? SWEEP_MS : Math.max(1, next - this.now());
    this.timer = setTimeout(() => this.poke(), Math.min(SWEEP_MS, wait));
  }
}
