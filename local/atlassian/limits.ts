import type { Clock } from "./clock";
import type { Store } from "./store";

export interface Refused {
  reason: "jira-quota-global-based" | "jira-quota-tenant-based" | "jira-burst-based" | "jira-per-issue-on-write";
  retryAfterSeconds: number;
  limit: number;
}

const hourMs = 3_600_000;

/** Jira's budgets: points an hour over all sites of an application, calls a second for each site and endpoint, writes to one issue. */
export class Limits {
  private hour = -1;
  private points = new Map<string, number>();
  private calls = new Map<string, number[]>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** What is left of the hour, as the headers of every answer tell it. */
  standing(clientId: string): { limit: number; remaining: number; resetAt: number } {
    const { pointsPerHour } = this.store.settings().limits;
    const hour = this.thisHour();
    return { limit: pointsPerHour, remaining: Math.max(0, pointsPerHour - (this.points.get(clientId) ?? 0)), resetAt: (hour + 1) * hourMs };
  }

  /** Takes one call from the budgets; what refuses it otherwise. */
  take(call: { clientId: string; siteId: string; endpoint: string; method: string; issue: string | null }): Refused | null {
    const { readsPerSecond, writesPerSecond, issueWrites } = this.store.settings().limits;
    const { remaining, limit, resetAt } = this.standing(call.clientId);
    if (remaining === 0) return { reason: "jira-quota-global-based", retryAfterSeconds: secondsUntil(resetAt - this.clock.now()), limit };
    const isRead = call.method === "GET" || call.method === "POST";
    const burst = this.within(`burst ${call.siteId} ${call.method} ${call.endpoint}`, isRead ? readsPerSecond : writesPerSecond, 1_000);
    if (burst !== null) return { reason: "jira-burst-based", retryAfterSeconds: secondsUntil(burst), limit: isRead ? readsPerSecond : writesPerSecond };
    if (issueWrites && call.issue !== null && call.method !== "GET") {
      const wait = this.within(`issue ${call.siteId} ${call.issue}`, 20, 2_000) ?? this.within(`issue long ${call.siteId} ${call.issue}`, 100, 30_000);
      if (wait !== null) return { reason: "jira-per-issue-on-write", retryAfterSeconds: secondsUntil(wait), limit: 20 };
    }
    return null;
  }

  /** One point for the call and one for each object it gave; writes cost one. */
  spend(clientId: string, points: number): void {
    this.thisHour();
    this.points.set(clientId, (this.points.get(clientId) ?? 0) + points);
  }

  clear(): void {
    this.points.clear();
    this.calls.clear();
  }

  private thisHour(): number {
    const hour = Math.floor(this.clock.now() / hourMs);
    if (hour !== this.hour) {
      this.hour = hour;
      this.points.clear();
      this.calls.clear();
    }
    return hour;
  }

  /** Null when there is room in the window, or for how long there is none. */
  private within(key: string, most: number, windowMs: number): number | null {
    const now = this.clock.now();
    const recent = (this.calls.get(key) ?? []).filter((at) => at > now - windowMs);
    const [oldest] = recent;
    if (recent.length >= most && oldest !== undefined) return oldest + windowMs - now;
    recent.push(now);
    this.calls.set(key, recent);
    return null;
  }
}

const secondsUntil = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1_000));
