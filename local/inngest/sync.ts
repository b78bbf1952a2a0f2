import type { Caller } from "./call";
import { RegistrationRefused } from "./config";
import type { Database } from "./database";
import { log, reason } from "./log";
import { Loop } from "./loop";
import { register } from "./register";
import type { Registry } from "./registry";

const BODY_MAX = 16 * 1024 * 1024;
const UNTIL_ANSWERED_MS = 1000;

export interface SyncState {
  url: string;
  answeredAt: number | null;
  problem: string | null;
}

/** Asks the application for its functions (in-band sync) until it answers, and then now and again for changes. */
export class Sync {
  readonly state: SyncState;
  private readonly loop: Loop;

  constructor(
    private readonly settings: {
      url: string;
      everyMs: number;
      database: Database;
      registry: Registry;
      caller: Caller;
      now: () => number;
    },
  ) {
    this.state = { url: settings.url, answeredAt: null, problem: "not yet asked" };
    // Real time, also where a test moves the engine's clock: this is about a server that is starting.
    this.loop = new Loop("sync", Date.now, async () => {
      await this.ask();
      return Date.now() + (this.state.problem === null ? settings.everyMs : UNTIL_ANSWERED_MS);
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async ask(): Promise<void> {
    const { caller, database, registry, url } = this.settings;
    try {
      const answer = await caller.request("PUT", url, JSON.stringify({ url }), {
        headers: { "x-inngest-sync-kind": "in_band", "x-inngest-server-kind": "dev" },
        timeoutMs: 60_000,
        bytesMax: BODY_MAX,
      });
      if (answer.status !== 200) throw new Error(`the application answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      // An application that only syncs out of band has posted to /fn/register meanwhile.
      if (answer.headers["x-inngest-sync-kind"] === "in_band") await register(database, registry, JSON.parse(answer.body));
      this.state.answeredAt = this.settings.now();
      this.problem(null);
    } catch (error) {
      this.problem(reason(error), error instanceof RegistrationRefused);
    }
  }

  /** Told once, not at each asking. */
  private problem(problem: string | null, refused = false): void {
    if (problem !== null && problem !== this.state.problem) {
      log(refused ? "error" : "warn", refused ? "registration refused" : "the application is not in sync", { url: this.state.url, problem });
    }
    this.state.problem = problem;
  }
}
