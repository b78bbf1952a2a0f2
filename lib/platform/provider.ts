import { clock } from "./clock";

/** What a provider (Resend, Pusher) said to one call, in the words every channel records. */
export interface ProviderAnswer {
  ok: boolean;
  /** HTTP status; null when no answer came (refused, reset, timed out), so the outcome is unknown. */
  statusCode: number | null;
  /** The provider's own id of what it accepted. */
  providerId: string | null;
  /** True for 429, 5xx and silence: the same call may succeed later. */
  retryable: boolean;
  /** Seconds the provider asked to wait (RFC 9110 Retry-After), when it did. */
  retryAfterSeconds: number | null;
  /** The answer in the provider's words, shown to the person who looks into a failure. */
  answer: string;
  /** What a refusal for good is about, where the status alone would mislead. */
  cause?: "bad-request" | "credentials" | "permission" | "gone";
}

/** A provider that takes longer counts as silent: whoever waits for it holds up others. */
export const providerAnswersWithinMs = 3_000;

export function isRetryable(statusCode: number | null): boolean {
  return statusCode === null || statusCode === 408 || statusCode === 425 || statusCode === 429 || statusCode >= 500;
}

/** Silence to a call that may have arrived: only a provider that recognizes a repetition tells whether it did. */
export const isUnknown = ({ ok, statusCode, retryable }: ProviderAnswer) => !ok && statusCode === null && retryable;

/** The provider itself is unwell. A 429 is no outage: it answers, and says that we are too fast. */
export const isOutage = (answer: ProviderAnswer) => isUnknown(answer) || (!answer.ok && answer.statusCode !== null && (answer.statusCode >= 500 || answer.statusCode === 408));

/** What to record of a call that was refused, or that nobody answered. */
export function refusedAnswer(statusCode: number | null, retryable: boolean, answer: string, retryAfterSeconds: number | null = null): ProviderAnswer {
  return { ok: false, statusCode, providerId: null, retryable, retryAfterSeconds, answer };
}

/** RFC 9110, 10.2.3: seconds, or an HTTP date. */
export function retryAfterSeconds(header: string | undefined): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - clock.nowMs()) / 1000));
}

/** A call that does not answer in time counts as silence; whether it took effect is unknown, so only idempotent calls retry. */
export async function withTimeout<T>(call: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For pings: any answer below 500 shows that somebody is there. */
export function refuseServerFault(response: Response): void {
  if (response.status >= 500) throw new Error(`answered ${response.status}`);
}
