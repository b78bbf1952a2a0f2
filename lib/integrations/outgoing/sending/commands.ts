import { Round, type RoundOptions, type RoundOutcome, type Wish } from "./round";

// Next compiles route handlers and instrumentation into separate module graphs; one round per process needs a global.
const held = globalThis as typeof globalThis & { moimOutgoingRound?: Round };

/**
 * Sends what is due to these endpoints. Whoever comes while a round is under way in this process hands over to it and leaves, so that one
 * call of a durable function serves however many endpoints. What is lost when the process dies is found by the sweep.
 * @returns null when it was handed over.
 */
export async function sendOutgoing(wishes: Wish[], options: RoundOptions = {}): Promise<RoundOutcome | null> {
  const current = held.moimOutgoingRound;
  const rest = current ? wishes.filter((wish) => !current.join(wish)) : wishes;
  if (rest.length === 0) return null;
  const round = new Round(options);
  held.moimOutgoingRound = round;
  try {
    return await roundOf(round, rest);
  } finally {
    if (held.moimOutgoingRound === round) held.moimOutgoingRound = undefined;
  }
}

/** A round of its own, beside whichever is under way. */
export const sendDue = (wishes: Wish[], options: RoundOptions = {}): Promise<RoundOutcome> => roundOf(new Round(options), wishes);

function roundOf(round: Round, wishes: Wish[]): Promise<RoundOutcome> {
  for (const wish of wishes) round.join(wish);
  return round.finish();
}
