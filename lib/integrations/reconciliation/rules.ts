import { logDays } from "../ingest/retention/rules";

/** Webhooks are at-least-once, but a receiver that was away for longer than they are tried again loses them. */
export const askEveryMs = 60 * 60 * 1000;

/** What changed just before the last thing we saw may have come late; what was told already is known by its key. */
const overlapMs = 2 * 60 * 1000;

/** Beyond the log nobody knows any more what was told; a day is left for it to be gone through. */
const furthestMs = (logDays - 1) * 24 * 60 * 60 * 1000;

export interface LastKnown {
  gapSince: Date | null;
  reconciledAt: Date | null;
  /** When the first webhook came; before that nobody was to hear of anything. */
  verifiedAt: Date | null;
  createdAt: Date;
}

/** From when on to ask: never from before the connection was made, which is none of its business. */
export function askFrom({ gapSince, reconciledAt, verifiedAt, createdAt }: LastKnown, now: Date): Date {
  const last = reconciledAt ?? verifiedAt ?? createdAt;
  const since = gapSince !== null && gapSince < last ? gapSince : last;
  return new Date(Math.max(since.getTime() - overlapMs, createdAt.getTime(), now.getTime() - furthestMs));
}
