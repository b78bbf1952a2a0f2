/** How long an answer about what somebody may see is believed. */
export const sightLastsMs = 5 * 60_000;

/** What is gone can no longer be asked about; whoever saw it within this time hears that it went. */
export const lastSightLastsMs = 24 * 60 * 60_000;

/** What is known of one member and one thing over there. */
export interface Knowledge {
  /** Their own account over there; null when they linked none. */
  account: { broken: boolean } | null;
  /** The answer that they got last. */
  sight: { visible: boolean; checkedAtMs: number } | null;
  /** Its project is open to a workspace that they are in. */
  open: boolean;
}

/**
 * `ask`: only their own account can tell. Whoever linked one sees what it sees, no more, even in an open project: an open project is for
 * those of whom nothing better is known.
 * @param gone it was deleted, so nobody can be asked about it any more.
 */
export function verdict({ account, sight, open }: Knowledge, gone: boolean, nowMs: number): boolean | "ask" {
  if (!account) return open;
  if (account.broken) return false;
  const ageMs = sight ? nowMs - sight.checkedAtMs : Infinity;
  if (sight && ageMs < (gone ? lastSightLastsMs : sightLastsMs)) return sight.visible;
  return gone ? false : "ask";
}
