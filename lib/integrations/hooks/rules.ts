/** How long a rotated secret is still taken: long enough for somebody to change it over there during their working day. */
export const overlapMs = 24 * 60 * 60 * 1000;

const dayMs = 86_400_000;

/** Jira forgets a registered webhook 30 days after it was made or renewed; with so many left it is renewed. */
export const lifetimeMs = 30 * dayMs;
export const renewWithinMs = 20 * dayMs;
/** With so little left and no renewal succeeding, somebody is told. */
export const alertWithinMs = 7 * dayMs;
