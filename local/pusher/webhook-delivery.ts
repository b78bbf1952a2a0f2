import { setTimeout as pause } from "node:timers/promises";
import { log, reasonOf } from "./log";
import type { AppCredentials, WebhookSettings } from "./settings";
import { sign } from "./signature";

export type WebhookEvent = { name: string; channel: string } & Record<string, string | number | undefined>;

const eventsPerRequest = 100;
const longestPauseMs = 60_000;

/**
 * Delivers in order, one request at a time: whatever happens meanwhile goes into the next one. A request that keeps
 * failing is given up after a while, so that one bad hour at the receiver does not hold the queue for ever.
 */
export class WebhookDelivery {
  private queue: WebhookEvent[] = [];
  /** Taken from the queue, not yet settled. */
  private batch: WebhookEvent[] = [];
  private working = false;
  private dropped = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly app: AppCredentials,
    private readonly settings: WebhookSettings,
  ) {}

  add(event: WebhookEvent): void {
    if (this.stopping.signal.aborted) return;
    if (this.queue.length >= this.settings.queuedEvents) {
      this.queue.shift();
      this.dropped += 1;
    }
    this.queue.push(event);
    if (this.working) return;
    this.working = true;
    // What happens in the same turn travels together.
    setImmediate(() => void this.work());
  }

  /** Gives what is waiting one last, short chance. */
  async stop(timeoutMs: number): Promise<void> {
    this.stopping.abort();
    const rest = [...this.batch, ...this.queue.splice(0)];
    if (rest.length === 0) return;
    const delivered = await this.attempt(this.body(rest), AbortSignal.timeout(timeoutMs));
    if (!delivered) log("warn", "webhook events were dropped at shutdown", { events: rest.length });
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0 && !this.stopping.signal.aborted) {
      this.batch = this.queue.splice(0, eventsPerRequest);
      if (await this.settle(this.body(this.batch))) this.batch = [];
      if (this.dropped > 0) log("warn", "webhook events were dropped: too many were waiting", { events: this.dropped });
      this.dropped = 0;
    }
    this.working = false;
  }

  private body(events: WebhookEvent[]): string {
    return JSON.stringify({ time_ms: Date.now(), events });
  }

  /** Tries until it is delivered or given up. False only when a stop came first. */
  private async settle(body: string): Promise<boolean> {
    const giveUpAt = performance.now() + this.settings.retryForMs;
    for (let pauseMs = this.settings.retryBaseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (this.stopping.signal.aborted) return false;
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.settings.requestTimeoutMs)]);
      if (await this.attempt(body, signal)) return true;
      if (this.stopping.signal.aborted) return false;
      if (performance.now() + pauseMs > giveUpAt) {
        log("error", "webhook given up");
        return true;
      }
      await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async attempt(body: string, signal: AbortSignal): Promise<boolean> {
    try {
      const response = await fetch(this.settings.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Pusher-Key": this.app.key,
          "X-Pusher-Signature": sign(this.app.secret, body),
        },
        body,
        signal,
        redirect: "manual",
      });
      await response.body?.cancel();
      if (response.ok) return true;
      log("warn", "webhook refused", { status: response.status });
    } catch (error) {
      if (!this.stopping.signal.aborted) log("warn", "webhook failed", { reason: reasonOf(error) });
    }
    return false;
  }
}
