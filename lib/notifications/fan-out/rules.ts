import type { Recipient, Told } from "../catalog";
import type { ChannelName } from "../inputs";
import { decide, preferenceOf, type Decision, type Decisions, type Held, type SkipReason, type Standing } from "../rules";

/** What becomes of the inbox row of everybody for whom the same was decided. */
export interface ReceiverVerdict {
  /** False when they keep this category out of their inbox. */
  shown: boolean;
  decisions: Decisions;
}

export interface PlannedReceiver {
  memberId: string;
  /** One object for all who stand alike. */
  verdict: ReceiverVerdict;
}

/** How and when something travels. One object for all to whom it happens alike. */
export interface Way {
  channel: ChannelName;
  hold: Held["hold"] | null;
  deliverAfter: Date;
  /** Nothing is sent, for this reason: the receipt of people who have no inbox to keep one in. */
  skipped: SkipReason | null;
}

export interface PlannedDelivery {
  /** Member id, or the address of a person without an account. A push is written once for each device of its member. */
  recipient: string;
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  mergeKey: string | null;
  way: Way;
}

export interface Plan {
  receivers: PlannedReceiver[];
  deliveries: PlannedDelivery[];
}

export interface Circumstances {
  now: Date;
  standingOf: (memberId: string) => Standing;
  /** Why an address that is no member's gets no mail of this; null when it does. */
  guestSkip?: (address: string) => SkipReason | null;
  /** False when one message to the whole place takes the place of one each. */
  liveEach?: boolean;
}

/**
 * Who of some people is told on which channel and when, and why not. Nobody is told about what they did themselves; a person named
 * twice is told once. People who stand alike share one decision, so that it is taken once for thousands.
 */
export function plan(told: Told, people: Recipient[], { now, standingOf, guestSkip = () => null, liveEach = true }: Circumstances): Plan {
  const planned: Plan = { receivers: [], deliveries: [] };
  const outcomes = new Map<Standing, { verdict: ReceiverVerdict; ways: Way[] }>();
  const guestWays = new Map<SkipReason | null, Way>();
  const channels = liveEach ? told.channels : told.channels.filter((channel) => channel !== "realtime");
  for (const person of onceEach(people)) {
    const { memberId, participantId, email } = person;
    if (memberId === null) {
      if (!told.channels.includes("email") || email === null) continue;
      const why = told.expiresAt && told.expiresAt <= now ? "too-late" : guestSkip(email);
      const way = guestWays.get(why) ?? { channel: "email", hold: null, deliverAfter: afterMerging(told, now), skipped: why };
      guestWays.set(why, way);
      planned.deliveries.push({ recipient: email, memberId, participantId, email, mergeKey: told.mergeKeyOf(person), way });
      continue;
    }
    if (memberId === told.actorId) continue;
    const standing = standingOf(memberId);
    const outcome = outcomes.get(standing) ?? outcomeOf(told, channels, standing, now);
    outcomes.set(standing, outcome);
    planned.receivers.push({ memberId, verdict: outcome.verdict });
    for (const way of outcome.ways) {
      // Only mail piles up in front of its reader; the live badge always shows the newest state.
      const mergeKey = way.channel === "email" ? told.mergeKeyOf(person) : null;
      planned.deliveries.push({ recipient: memberId, memberId, participantId, email, mergeKey, way });
    }
  }
  return planned;
}

function outcomeOf(told: Told, channels: readonly ChannelName[], standing: Standing, now: Date): { verdict: ReceiverVerdict; ways: Way[] } {
  const decisions = decisionsOn(told, standing, now);
  return {
    verdict: { shown: decisions.inbox.verdict !== "skip", decisions },
    ways: channels.flatMap((channel) => {
      const decision = decisions[preferenceOf[channel]];
      return decision.verdict === "skip" ? [] : [{ channel, ...timeOf(told, channel, decision, now), skipped: null }];
    }),
  };
}

/**
 * A mail that gives further changes the time to join it is decided for the moment when it leaves, or it would come into quiet hours that
 * begin meanwhile. A digest is that time itself.
 */
function decisionsOn(told: Told, standing: Standing, now: Date): Decisions {
  const decisions = decide(told, standing, now);
  if (told.mergeSeconds === 0 || decisions.email.verdict === "digest") return decisions;
  return { ...decisions, email: decide(told, standing, afterMerging(told, now)).email };
}

function timeOf(told: Told, channel: ChannelName, decision: Exclude<Decision, { verdict: "skip" }>, now: Date): Pick<Way, "hold" | "deliverAfter"> {
  if (decision.verdict === "now") return { hold: null, deliverAfter: channel === "email" ? afterMerging(told, now) : now };
  return { hold: decision.verdict === "hold" ? decision.why : decision.every, deliverAfter: new Date(decision.until) };
}

const afterMerging = (told: Told, now: Date) => new Date(now.getTime() + told.mergeSeconds * 1000);

function onceEach(people: Recipient[]): Iterable<Recipient> {
  const byName = new Map<string, Recipient>();
  for (const person of people) {
    const name = person.memberId ?? person.email;
    if (name) byName.set(name, person);
  }
  return byName.values();
}

/** Deliveries of one channel that become due together. */
export interface DeliveryBatch {
  channel: ChannelName;
  deliverAfter: string;
  deliveryIds: string[];
}

const batchSize = 100;

/** What is due together on one channel, at most a hundred a step. */
export function batchesOf({ channel, deliverAfter, ids }: { channel: string; deliverAfter: Date; ids: string[] }): DeliveryBatch[] {
  return Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, index) => ({
    // Only the catalog names channels.
    channel: channel as ChannelName,
    deliverAfter: deliverAfter.toISOString(),
    deliveryIds: ids.slice(index * batchSize, (index + 1) * batchSize),
  }));
}

/** The same for rows in any order. */
export function inBatches(rows: { id: string; channel: string; deliverAfter: Date }[]): DeliveryBatch[] {
  const groups = new Map<string, { channel: string; deliverAfter: Date; ids: string[] }>();
  for (const { id, channel, deliverAfter } of rows) {
    const key = `${channel} ${deliverAfter.getTime()}`;
    const group = groups.get(key) ?? { channel, deliverAfter, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(batchesOf);
}

/** More readers than this hear together that there is something new, and ask for their counts spread over some seconds. */
export const liveEachMax = 500;

/** One machine answers some hundreds of counts a second beside its other work; nobody waits for more than a minute. */
export const spreadSeconds = (readers: number) => Math.min(60, Math.max(2, Math.ceil(readers / 500)));
