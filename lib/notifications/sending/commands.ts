import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import type { Channel, Prepared, Ready, Subjects } from "../channels/channel";
import {
  claimDeliveries,
  followersOf,
  keepLease,
  keepMessages,
  putBack,
  recordAttempt,
  skipDeliveries,
  type ClaimedDelivery,
  type Settlement,
} from "../deliveries/commands";
import { recipientProfiles } from "../deliveries/queries";
import { judge, roundWaitSeconds, type Verdict } from "../deliveries/rules";
import type { ChannelName } from "../inputs";
import { createPace, type Pace } from "./pace";

export interface DeliveryOutcome {
  sent: number;
  failed: number;
  skipped: number;
  /** Gone back with a later time. */
  deferred: number;
  /** Deliveries that waited for these and are due now. */
  followers: string[];
}

/** How a run waits between tries; tests replace it. */
export type Sleep = (milliseconds: number) => Promise<void>;
const sleepReally: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const renewEveryMs = 10_000;
const paces = new Map<ChannelName, Pace>();

/**
 * Delivers those of `ids` whose turn has come: claims, asks what is still to be said, renders once, sends, records every call.
 * Safe to run at any time, twice, and from several processes.
 */
export async function deliver(
  tenant: Tenant,
  channel: Channel,
  ids: string[],
  subjects: Subjects,
  options: { sleep?: Sleep } = {},
): Promise<DeliveryOutcome> {
  const claimed = await claimDeliveries(tenant, channel.name, ids);
  const outcome: DeliveryOutcome = { sent: 0, failed: 0, skipped: 0, deferred: 0, followers: [] };
  if (claimed.length === 0) return outcome;
  const ready = await prepare(tenant, channel, claimed, subjects, outcome);
  await new Run(tenant, channel, ready, outcome, options.sleep ?? sleepReally).finish();
  const mergeKeys = claimed.flatMap(({ mergeKey }) => (mergeKey ? [mergeKey] : []));
  outcome.followers = await followersOf(tenant, channel.name, [...new Set(mergeKeys)]);
  return outcome;
}

async function prepare(tenant: Tenant, channel: Channel, claimed: ClaimedDelivery[], subjects: Subjects, outcome: DeliveryOutcome): Promise<Ready[]> {
  try {
    const profiles = await recipientProfiles(tenant, [...new Set(claimed.flatMap(({ memberId }) => (memberId ? [memberId] : [])))]);
    const gone = (delivery: ClaimedDelivery) => delivery.memberId !== null && (profiles.get(delivery.memberId)?.removed ?? true);
    const prepared: Prepared[] = claimed.filter(gone).map((delivery) => ({ delivery, skip: "member-removed" }));
    const rest = claimed.filter((delivery) => !gone(delivery));
    if (rest.length > 0) prepared.push(...(await channel.prepare(tenant, rest, { subjects, profiles })));
    const ready = prepared.filter((one): one is Ready => "message" in one);
    const skipped = prepared.flatMap((one) => ("skip" in one ? [{ id: one.delivery.id, reason: one.skip }] : []));
    await skipDeliveries(tenant, skipped);
    outcome.skipped += skipped.length;
    if (channel.keepsMessage) {
      await keepMessages(tenant, ready.filter(({ delivery }) => !delivery.message).map(({ delivery, message }) => ({ id: delivery.id, message })));
    }
    return ready;
  } catch (error) {
    // Nothing was sent, so nothing has to wait for the lease to lapse; the function's own retry takes them up again.
    await putBack(tenant, claimed.map(({ id }) => id), clock.now());
    throw error;
  }
}

/** The calls of one run: several at once, paced together, and stopped together when the provider is down. */
class Run {
  private readonly queue: Ready[][];
  private readonly open: Set<string>;
  private readonly pace: Pace;
  private renewedAtMs = clock.nowMs();
  private providerDown = false;

  constructor(
    private readonly tenant: Tenant,
    private readonly channel: Channel,
    ready: Ready[],
    private readonly outcome: DeliveryOutcome,
    private readonly sleep: Sleep,
  ) {
    this.queue = chunks(ready, channel.messagesPerCall);
    this.open = new Set(ready.map(({ delivery }) => delivery.id));
    this.pace = paces.get(channel.name) ?? createPace();
    paces.set(channel.name, this.pace);
  }

  async finish(): Promise<void> {
    const lane = async () => {
      for (let batch = this.queue.shift(); batch; batch = this.queue.shift()) {
        if (this.providerDown) await this.postpone(batch);
        else await this.call(batch);
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: this.channel.callsAtOnce }, lane));
    const broken = lanes.find((result) => result.status === "rejected");
    if (broken) throw broken.reason;
  }

  private async call(batch: Ready[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const turnMs = this.pace.turnMs();
      if (turnMs > 0) await this.sleep(turnMs);
      await this.renew();
      const startedAt = clock.now();
      const [answer] = await this.channel.send(batch);
      if (!answer) throw new Error(`${this.channel.name} gave no answer`);
      if (answer.statusCode === 429) this.pace.tooFast(answer.retryAfterSeconds);
      else if (answer.ok) this.pace.wentWell();
      const verdict = judge(answer, tries);
      const settlement = verdict.kind === "retry" ? null : this.settle(batch, verdict, tries, answer.answer);
      await recordAttempt(this.tenant, batch.map(({ delivery }) => delivery), { startedAt, finishedAt: clock.now(), answer }, settlement);
      if (verdict.kind !== "retry") {
        for (const { delivery } of batch) this.open.delete(delivery.id);
        return;
      }
      await this.sleep(verdict.waitMs);
    }
  }

  private settle(batch: Ready[], verdict: Exclude<Verdict, { kind: "retry" }>, tries: number, words: string): Settlement {
    if (verdict.kind === "sent") {
      this.outcome.sent += batch.length;
      return { state: "sent" };
    }
    if (verdict.kind === "failed") {
      this.outcome.failed += batch.length;
      log.warn("delivery refused", { channel: this.channel.name, deliveryIds: idsOf(batch), answer: words });
      return { state: "failed", reason: words };
    }
    // Exhausted tries mean that the provider is unwell: the rest of the run would only wait for the same answer.
    if (verdict.waitMs === null) this.providerDown = true;
    const attemptsMade = Math.max(...batch.map(({ delivery }) => delivery.attemptCount)) + tries;
    const deliverAfter = new Date(clock.nowMs() + (verdict.waitMs ?? roundWaitSeconds(attemptsMade) * 1000));
    const since = Math.min(...batch.map(({ delivery }) => (delivery.renderedAt ?? (this.channel.keepsMessage ? clock.now() : delivery.occurredAt)).getTime()));
    if (deliverAfter.getTime() > since + this.channel.giveUpAfterMs) {
      this.outcome.failed += batch.length;
      log.error("delivery given up", { channel: this.channel.name, deliveryIds: idsOf(batch), answer: words });
      return { state: "failed", reason: words };
    }
    this.outcome.deferred += batch.length;
    log.warn("delivery postponed", { channel: this.channel.name, deliveryIds: idsOf(batch), deliverAfter: deliverAfter.toISOString(), answer: words });
    return { state: "pending", deliverAfter };
  }

  private async postpone(batch: Ready[]): Promise<void> {
    this.outcome.deferred += batch.length;
    for (const { delivery } of batch) this.open.delete(delivery.id);
    await putBack(this.tenant, idsOf(batch), new Date(clock.nowMs() + roundWaitSeconds(1) * 1000));
  }

  private async renew(): Promise<void> {
    if (clock.nowMs() - this.renewedAtMs < renewEveryMs) return;
    this.renewedAtMs = clock.nowMs();
    await keepLease(this.tenant, [...this.open]);
  }
}

const idsOf = (batch: Ready[]) => batch.map(({ delivery }) => delivery.id);

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
