import { z } from "zod";

export const scriptedAnswerSchema = z.strictObject({
  /** A part of the path, or a regular expression between slashes; every call without it. */
  match: z.string().default(""),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).optional(),
  /** How many calls are answered so. */
  count: z.number().int().positive().default(1),
  /** `rate-limit` 429, `unavailable` 503, both with Retry-After; `slow` waits and then does what was asked; `reset` cuts the connection before, `lose` after it was done. */
  kind: z.enum(["rate-limit", "unavailable", "slow", "reset", "lose", "status"]).default("status"),
  status: z.number().int().min(200).max(599).default(500),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  retryAfterSeconds: z.number().int().min(0).default(1),
  delayMs: z.number().int().min(0).max(600_000).default(0),
});

export type ScriptedAnswer = z.infer<typeof scriptedAnswerSchema>;

/** "The next n calls that match are answered so", oldest rule first. In memory: a restart heals it. */
export class ScriptedAnswers {
  private rules: (ScriptedAnswer & { left: number })[] = [];

  add(rule: ScriptedAnswer): void {
    this.rules.push({ ...rule, left: rule.count });
  }

  list(): (ScriptedAnswer & { left: number })[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /** Uses up one. */
  take(method: string, path: string): ScriptedAnswer | null {
    const rule = this.rules.find((one) => (one.method === undefined || one.method === method) && matches(one.match, path));
    if (!rule) return null;
    rule.left -= 1;
    if (rule.left === 0) this.rules = this.rules.filter((one) => one !== rule);
    return rule;
  }
}

function matches(wanted: string, path: string): boolean {
  const pattern = /^\/(.+)\/$/.exec(wanted)?.[1];
  return pattern === undefined || !/[\\^$*+?()[\]{}|]/.test(pattern) ? path.includes(wanted) : new RegExp(pattern).test(path);
}
