interface Dated {
  refreshedAt: Date;
  expiresAt: Date;
}

const minuteMs = 60_000;

/** How long before its end a token is renewed; at most a quarter of its life, so that a short-lived one is used at all. */
const aheadMs = 5 * minuteMs;
/** How long before its end a refusal may be meant for the token: their clock need not be ours. */
const doubtMs = 10 * minuteMs;
/** A token as young as this is not what was refused: whatever answers 401 to every token costs one refresh in so long, not one a call. */
const settledMs = 10_000;

const lifeMs = ({ refreshedAt, expiresAt }: Dated) => Math.max(0, expiresAt.getTime() - refreshedAt.getTime());

export const isDue = (token: Dated, nowMs: number, marginMs = aheadMs) => token.expiresAt.getTime() - nowMs <= Math.min(marginMs, lifeMs(token) / 4);

export const isExpired = ({ expiresAt }: Dated, nowMs: number) => expiresAt.getTime() <= nowMs;

/**
 * Whether a refusal may mean that the token is over. A 401 says so; a 403 or 404 is usually meant as it is said, but Atlassian's gateway
 * answers with them for a token that has expired, too.
 */
export function mayBeExpiry(status: number, token: Dated, nowMs: number): boolean {
  if (isDue(token, nowMs, doubtMs)) return status === 401 || status === 403 || status === 404;
  return status === 401 && nowMs - token.refreshedAt.getTime() > settledMs;
}

/** How long nobody asks again after the token server failed us; as long as it wished, within reason. */
export const coolDownMs = (retryAfterSeconds: number | null) => Math.min(Math.max(retryAfterSeconds ?? 30, 5), 3600) * 1000;

/**
 * Stands in `last_error` while a pair is being fetched. A process that dies in between leaves it there, and whoever finds it has to ask
 * again before the provider takes the old refresh token for stolen (Atlassian: ten minutes).
 */
export const refreshUnderWay = "a refresh is under way";

/** What a credential's tokens are sealed to. */
export const credentialContext = (credentialId: string) => `credential:${credentialId}`;
