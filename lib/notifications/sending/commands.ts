import { breakerOf } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import { refusedAnswer } from "@/lib/platform/provider";
import type { Channel, Prepared, Ready, Subjects } from "../channels/channel";
import {
  claimDeliveries,
  followersOf,
  forgetMessages,
  keepLease,
  keepMessages,
  leasedUntil,
  leaseRenewalMs,
  putBack,
  recordAttempts,
  skipDeliveries,
  type ClaimedDelivery,
} from "../deliveries/commands";
import { recipientProfiles } from "../deliveries/queries";
import { callsOf, type Call } from "./rules";
import { Run, type DeliveryOutcome, type Sleep } from "./run";

export type { DeliveryOutcome };

const sleepReally: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Delivers those of `ids` whose turn has come: claims, asks what is still to be said, renders once, sends, records every call.
 * Safe to run at any time, twice, and from several processes. While the providers of a channel are away nothing is taken up.
 */
export async function deliver(tenant: Tenant, channel: Channel, ids: string[], subjects: Subjects, options: { sleep?: Sleep } = {}): Promise<DeliveryOutcome> {
  const outcome: DeliveryOutcome = { sent: 0, failed: 0, skipped: 0, deferred: 0, held: 0, resumeAt: null, recovered: false, leasedUntil: null, followers: [] };
  const awayUntil = channelAwayUntil(channel);
  if (awayUntil) return { ...outcome, held: ids.length, resumeAt: awayUntil };
  const claimed = await claimDeliveries(tenant, channel.name, ids);
  if (claimed.length < ids.length) outcome.leasedUntil = await leasedUntil(tenant, ids.filter((id) => !claimed.some((one) => one.id === id)));
  if (claimed.length === 0) return outcome;
  const renewal = setInterval(() => void keepLease(tenant, claimed.map(({ id }) => id)).catch(() => undefined), leaseRenewalMs);
  try {
    const calls = await prepare(tenant, channel, claimed, subjects, outcome);
    await new Run(tenant, channel, calls, outcome, options.sleep ?? sleepReally).finish();
  } finally {
    clearInterval(renewal);
  }
  const mergeKeys = claimed.flatMap(({ mergeKey }) => (mergeKey ? [mergeKey] : []));
  outcome.followers = await followersOf(tenant, channel.name, [...new Set(mergeKeys)]);
  return outcome;
}

/** Until when none of a channel's providers may be called; null when one may be. */
export function channelAwayUntil(channel: Channel): Date | null {
  const until = channel.providers.map((provider) => breakerOf(provider).blockedUntil());
  return until.reduce<Date | null>((first, at) => (first && at ? (at < first ? at : first) : null), until[0] ?? null);
}

/** Whether no provider of a channel is known to be unwell. */
export const channelIsWell = (channel: Channel) => channel.providers.every((provider) => breakerOf(provider).state() === "closed");

async function prepare(tenant: Tenant, channel: Channel, claimed: ClaimedDelivery[], subjects: Subjects, outcome: DeliveryOutcome): Promise<Call[]> {
  // Outside of what gives back: a delivery that was perhaps sent must not look untried.
  await recordAbandoned(tenant, channel, claimed);
  try {
    const { repeated, fresh, dead } = await sortOut(tenant, channel, claimed);
    const profiles = await recipientProfiles(tenant, [...new Set(fresh.flatMap(({ memberId }) => (memberId ? [memberId] : [])))]);
    const prepared: Prepared[] = dead;
    const rest: ClaimedDelivery[] = [];
    for (const delivery of fresh) {
      if (delivery.memberId !== null && (profiles.get(delivery.memberId)?.removed ?? true)) prepared.push({ delivery, skip: "member-removed" });
      else if (channel.perishable && isExpired(delivery)) prepared.push({ delivery, skip: "too-late" });
      else rest.push(delivery);
    }
    if (rest.length > 0) prepared.push(...(await channel.prepare(tenant, rest, { subjects, profiles })));
    const calls = callsOf(channel, [...repeated, ...prepared.filter((one): one is Ready => "message" in one)]);
    await settleSkipped(tenant, channel, prepared, outcome);
    if (channel.keepsMessage) await keepPlanned(tenant, calls, new Map(claimed.map((delivery) => [delivery.id, delivery])));
    return calls;
  } catch (error) {
    // Nothing was sent, so nothing has to wait for the lease to lapse; the function's own retry takes them up again.
    await putBack(tenant, claimed.map(({ id }) => id), clock.now());
    throw error;
  }
}

/** Whoever died while it was sending may have been heard: that is one try, and its outcome is unknown. */
async function recordAbandoned(tenant: Tenant, channel: Channel, claimed: ClaimedDelivery[]): Promise<void> {
  const abandoned = claimed.filter((delivery) => delivery.abandoned && (delivery.callKey !== null || !channel.keepsMessage));
  if (abandoned.length === 0) return;
  const now = clock.now();
  const answer = refusedAnswer(null, true, "the process that was sending this ended; whether it was accepted is not known");
  await recordAttempts(tenant, { startedAt: now, finishedAt: now }, abandoned.map(({ id, generation }) => ({ id, generation, answer, settlement: null })));
  for (const delivery of abandoned) delivery.attemptCount += 1;
  if (!channel.keepsMessage) metrics().unknown.inc({ channel: channel.name }, abandoned.length);
  log.warn("taking over what a process that ended was sending", { channel: channel.name, deliveries: abandoned.length });
}

interface SortedOut {
  /** Called before: repeated as it was. */
  repeated: Ready[];
  /** Asked anew whether it still applies. */
  fresh: ClaimedDelivery[];
  dead: Prepared[];
}

/**
 * What was called once is only ever repeated, whole; unless it has expired as a whole and certainly did not arrive, or its key is
 * forgotten by now.
 */
async function sortOut(tenant: Tenant, channel: Channel, claimed: ClaimedDelivery[]): Promise<SortedOut> {
  const found: SortedOut = { repeated: [], fresh: [], dead: [] };
  const stale: string[] = [];
  for (const together of byCall(claimed)) {
    const over = channel.perishable && together.every((delivery) => isExpired(delivery) && !delivery.uncertain && !delivery.abandoned);
    for (const delivery of together) {
      const tooOld = delivery.renderedAt !== null && delivery.renderedAt.getTime() + channel.giveUpAfterMs <= clock.nowMs();
      if (delivery.message === null || delivery.attemptCount === 0) {
        if (tooOld) stale.push(delivery.id);
        found.fresh.push({ ...delivery, callKey: null, ...(tooOld && { message: null, renderedAt: null }) });
      } else if (over) found.dead.push({ delivery, skip: "too-late" });
      else if (tooOld) found.dead.push({ delivery, skip: "the provider did not take it in time", cause: "expired" });
      else found.repeated.push({ delivery, message: delivery.message });
    }
  }
  await forgetMessages(tenant, stale);
  return found;
}

function byCall(claimed: ClaimedDelivery[]): ClaimedDelivery[][] {
  const calls = new Map<string, ClaimedDelivery[]>();
  for (const delivery of claimed) {
    const key = delivery.callKey ?? delivery.id;
    const together = calls.get(key);
    if (together) together.push(delivery);
    else calls.set(key, [delivery]);
  }
  return [...calls.values()];
}

const isExpired = ({ expiresAt }: ClaimedDelivery) => expiresAt !== null && expiresAt <= clock.now();

async function settleSkipped(tenant: Tenant, channel: Channel, prepared: Prepared[], outcome: DeliveryOutcome): Promise<void> {
  const skipped = prepared.flatMap((one) => ("skip" in one ? [{ id: one.delivery.id, reason: one.skip, cause: one.cause }] : []));
  await skipDeliveries(tenant, skipped);
  for (const { cause } of skipped) {
    if (cause) outcome.failed += 1;
    else outcome.skipped += 1;
    metrics().sent.inc({ channel: channel.name, status: cause ? "failed" : "skipped" });
  }
}

/** Stores what is not stored already: the message, and in which call it travels. */
async function keepPlanned(tenant: Tenant, calls: Call[], claimed: Map<string, ClaimedDelivery>): Promise<void> {
  const planned = calls.flatMap(({ messages }) => messages.map(({ delivery, message }) => ({ id: delivery.id, message, callKey: delivery.callKey ?? "" })));
  await keepMessages(tenant, planned.filter(({ id, callKey }) => claimed.get(id)?.callKey !== callKey || claimed.get(id)?.message === null));
}
