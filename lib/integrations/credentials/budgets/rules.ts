/**
 * What one site is asked at most. Atlassian takes 100 requests a second of a kind, and 65,000 points an hour of all sites of an app
 * together; this leaves most of either to others.
 */
export const burst = 40;
export const perSecond = 10;

/** Who would wait longer than this for their turn is told to come back instead. */
export const waitMsMax = 2_000;

/** How far the bucket may be overdrawn: those who overdraw it wait until it is full enough for them. */
export const overdraft = (perSecond * waitMsMax) / 1000;

export const waitMs = (tokens: number) => Math.max(0, Math.ceil((-tokens / perSecond) * 1000));
