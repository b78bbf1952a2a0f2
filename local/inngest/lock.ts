import postgres, { type Sql } from "postgres";
import { connectionOptions } from "./database";
import { log, reason } from "./log";

/**
 * Exactly one engine works on a schema: it holds this advisory lock on a connection of its own for as long as it lives, so a
 * killed engine frees it at once and the next may take over all leases without waiting for them to run out.
 */
export class EngineLock {
  private sql: Sql;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  held = false;

  constructor(
    private readonly options: {
      databaseUrl: string;
      schema: string;
      /** The lock came back after its connection was lost: another engine may have worked in between. */
      onRegained: () => Promise<void>;
    },
  ) {
    this.sql = this.open();
  }

  /** Waits a little for a killed predecessor's session to end, then refuses. */
  async acquire(waitMs: number): Promise<void> {
    const deadline = Date.now() + waitMs;
    while (!(await this.tryLock())) {
      if (Date.now() >= deadline) {
        throw new Error(`another Inngest engine is at work on schema "${this.options.schema}" of this database`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.held = true;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.held = false;
    clearTimeout(this.timer);
    await this.sql.end({ timeout: 1 });
  }

  private open(): Sql {
    const opened: Sql = postgres(this.options.databaseUrl, {
      ...connectionOptions(this.options.schema, "lock"),
      max: 1,
      onclose: () => this.lost(opened),
    });
    return opened;
  }

  private async tryLock(): Promise<boolean> {
    const [row] = await this.sql<{ locked: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${`moim.inngest.${this.options.schema}`}, 0)) as locked`;
    return row?.locked ?? false;
  }

  private lost(connection: Sql): void {
    if (this.closed || !this.held || connection !== this.sql) return;
    this.held = false;
    void connection.end({ timeout: 1 });
    this.sql = this.open();
    log("error", "the engine lock was lost with its connection; nothing new starts until it is back");
    this.regain();
  }

  private regain(): void {
    this.timer = setTimeout(() => void this.tryAgain(), 250);
  }

  private async tryAgain(): Promise<void> {
    try {
      if (await this.tryLock()) {
        await this.options.onRegained();
        this.held = true;
        log("info", "the engine lock is held again");
        return;
      }
    } catch (error) {
      if (!this.closed) log("warn", "the engine lock is not back yet", { error: reason(error) });
    }
    if (!this.closed) this.regain();
  }
}
