import { z } from "zod";
import { addressOf } from "./addresses";
import { Refusal } from "./refusal";

export const controlSchema = z.strictObject({
  mode: z.enum(["ok", "rate-limit", "server-error", "slow", "drop-after-accept", "drop-before-accept", "refuse"]),
  /** How many sends it applies to; without it, until the mode is set again. */
  count: z.number().int().positive().optional(),
  delayMs: z.number().int().min(0).max(600_000).optional(),
  retryAfterSeconds: z.number().int().min(0).max(86_400).optional(),
  /** Only sends with this recipient: a whole address, or a part of one. */
  match: z.strictObject({ to: z.string().min(1).optional() }).optional(),
});

export type ControlRule = z.infer<typeof controlSchema>;
export type Interference = Pick<ControlRule, "mode" | "delayMs">;

const defaultDelayMs = 5_000;

/** What goes wrong on purpose. In memory: a restart heals it. */
export class Control {
  private rule: ControlRule = { mode: "ok" };
  private applied = 0;

  set(rule: ControlRule): void {
    this.rule = rule;
    this.applied = 0;
  }

  state(): ControlRule & { applied: number } {
    return { ...this.rule, applied: this.applied };
  }

  /** What to do to a send to these recipients; throws when it is to be refused. Uses up one of `count`. */
  interfere(recipients: string[]): Interference {
    const { mode, count, match, delayMs, retryAfterSeconds } = this.rule;
    if (mode === "ok" || !matches(match?.to, recipients)) return { mode: "ok" };
    this.applied += 1;
    if (count !== undefined && this.applied >= count) this.rule = { mode: "ok" };
    switch (mode) {
      case "rate-limit":
        throw rateLimited(retryAfterSeconds ?? 1);
      case "server-error":
        throw new Refusal(500, "application_error", "An unexpected error occurred.");
      case "refuse":
        throw new Refusal(422, "validation_error", "The email was refused by the mail engine's control page.");
      default:
        return { mode, delayMs: delayMs ?? (mode === "slow" ? defaultDelayMs : 0) };
    }
  }
}

export const rateLimited = (retryAfterSeconds: number): Refusal =>
  new Refusal(
    429,
    "rate_limit_exceeded",
    "Too many requests. Please limit the number of requests per second. Or contact support to increase rate limit.",
    { "retry-after": String(retryAfterSeconds) },
  );

export function matches(wanted: string | undefined, recipients: string[]): boolean {
  if (wanted === undefined || wanted === "") return true;
  const whole = addressOf(wanted)?.toLowerCase();
  const part = wanted.toLowerCase();
  return recipients.some((recipient) =>
    whole === undefined ? recipient.toLowerCase().includes(part) : addressOf(recipient)?.toLowerCase() === whole,
  );
}
