import { rateLimited } from "./control";

const windowMs = 1_000;

/** Resend's limit of requests per second, with its headers: https://resend.com/docs/api-reference/rate-limit */
export class RateLimit {
  private windowStart = 0;
  private used = 0;

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number,
  ) {}

  /** Counts a request and returns the headers of its answer; throws when the second is used up. */
  take(): Record<string, string> {
    const now = this.now();
    if (now - this.windowStart >= windowMs) {
      this.windowStart = now;
      this.used = 0;
    }
    this.used += 1;
    const headers = {
      "ratelimit-limit": String(this.perSecond),
      "ratelimit-remaining": String(Math.max(0, this.perSecond - this.used)),
      "ratelimit-reset": "1",
    };
    if (this.used <= this.perSecond) return headers;
    const refusal = rateLimited(1);
    Object.assign(refusal.headers, headers);
    throw refusal;
  }
}
