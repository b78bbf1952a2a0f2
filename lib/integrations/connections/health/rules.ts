/** What is stored about a connection's well-being, as it was read in one go. */
export interface Signs {
  plugin: string;
  hookKind: "manual" | "dynamic";
  allowsUnsigned: boolean;
  verifiedAt: Date | null;
  lastReceivedAt: Date | null;
  refusedAt: Date | null;
  pausedAt: Date | null;
  gapSince: Date | null;
  grant: { refreshedAt: Date; expiresAt: Date; lastError: string | null; brokenAt: Date | null } | null;
  hook: { lapsesAt: Date; lastError: string | null } | null;
  /** When the oldest came that nobody has read, dispatched or told yet. */
  waitingSince: Date | null;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Atlassian forgets a grant that was not used for 90 days; ours are refreshed long before, so that so many days are a warning. */
const idleDays = 80;
/** What was turned away after the last good delivery, and not long ago, is worth a word. */
const refusedWithinMs = 7 * dayMs;
const lapsesSoonMs = 7 * dayMs;
/** Reading takes seconds; what waits for minutes waits for something that does not come. */
const lateMs = 5 * minuteMs;

export const tokenStates = ["ok", "expiring", "broken", "none"] as const;
export type TokenState = (typeof tokenStates)[number];

export function tokenState({ plugin, grant }: Pick<Signs, "plugin" | "grant">, now: Date): TokenState {
  if (!grant) return plugin === "jira" ? "broken" : "none";
  if (grant.brokenAt) return "broken";
  const idle = now.getTime() - grant.refreshedAt.getTime() > idleDays * dayMs;
  return idle || (grant.lastError !== null && grant.expiresAt <= now) ? "expiring" : "ok";
}

export const webhookStates = ["waiting", "verified", "refused", "lapsing", "lapsed"] as const;
export type WebhookState = (typeof webhookStates)[number];

export function webhookState(signs: Pick<Signs, "hookKind" | "verifiedAt" | "lastReceivedAt" | "refusedAt" | "hook">, now: Date): WebhookState {
  const { hookKind, hook, refusedAt, lastReceivedAt, verifiedAt } = signs;
  if (hookKind === "dynamic" && (!hook || hook.lapsesAt <= now)) return "lapsed";
  if (hookKind === "dynamic" && hook && hook.lapsesAt.getTime() - now.getTime() < lapsesSoonMs) return "lapsing";
  const refusedLast = refusedAt && now.getTime() - refusedAt.getTime() < refusedWithinMs && (!lastReceivedAt || refusedAt > lastReceivedAt);
  if (refusedLast) return "refused";
  return verifiedAt ? "verified" : "waiting";
}

export const verdicts = ["good", "waiting", "attention", "broken", "paused"] as const;
export type Verdict = (typeof verdicts)[number];

/** All of it in one word, the worst first: what needs a hand, what is worth a look, what somebody stopped, what has yet to begin. */
export function verdict(signs: Signs, now: Date): Verdict {
  const token = tokenState(signs, now);
  const webhook = webhookState(signs, now);
  if (token === "broken" || webhook === "lapsed") return "broken";
  if (signs.pausedAt) return "paused";
  const late = signs.waitingSince !== null && now.getTime() - signs.waitingSince.getTime() > lateMs;
  if (token === "expiring" || webhook === "refused" || webhook === "lapsing" || signs.allowsUnsigned || late) return "attention";
  return webhook === "waiting" ? "waiting" : "good";
}
