import { breakerOf } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import { isUnknown, type ProviderAnswer } from "@/lib/platform/provider";
import type { Channel, Ready } from "../channels/channel";
import { putBack, recordAttempts, type Attempt, type Settlement } from "../deliveries/commands";
import { awayWaitSeconds, blamesOneOfMany, judge, providerAway, roundWaitSeconds, type FailureCause, type Verdict } from "../deliveries/rules";
import { paceOf, type Pace } from "./pace";
import { callsOfEach, type Call } from "./rules";

export interface DeliveryOutcome {
  sent: number;
  failed: number;
  skipped: number;
  /** Gone back with a later time. */
  deferred: number;
  /** Gone back untried, or not even taken up, because the provider is away. */
  held: number;
  /** When what is held can be tried again; null when nothing is held. */
  resumeAt: Date | null;
  /** A provider that was away has answered in this run: what waits for it may come. */
  recovered: boolean;
  /** When deliveries fall due that a run which may have died still holds. */
  leasedUntil: Date | null;
  /** Deliveries that waited for these and are due now. */
  followers: string[];
}

/** How a run waits between tries; tests replace it. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** The calls of one run: several at once, paced together, and stopped together when their provider is unwell. */
export class Run {
  private readonly down = new Set<string>();

  constructor(
    private readonly tenant: Tenant,
    private readonly channel: Channel,
    private readonly queue: Call[],
    private readonly outcome: DeliveryOutcome,
    private readonly sleep: Sleep,
  ) {}

  async finish(): Promise<void> {
    const lane = async () => {
      for (let call = this.queue.shift(); call; call = this.queue.shift()) await this.make(call);
    };
    const lanes = await Promise.allSettled(Array.from({ length: this.channel.callsAtOnce }, lane));
    const broken = lanes.find((result) => result.status === "rejected");
    if (broken) throw broken.reason;
  }

  private async make({ provider, messages }: Call): Promise<void> {
    const breaker = breakerOf(provider);
    const pace = paceOf(provider);
    const othersBefore = breaker.successes();
    const silent = new Set(messages.filter(({ delivery }) => delivery.uncertain || delivery.abandoned).map(({ delivery }) => delivery.id));
    let waiting = messages;
    for (let tries = 1; ; tries += 1) {
      if (this.down.has(provider)) return this.postpone(waiting);
      const turnMs = pace.turnMs();
      if (turnMs > 0) await this.sleep(turnMs);
      const wasAway = breaker.state() !== "closed";
      const startedAt = clock.now();
      const answers = await breaker.call(() => this.channel.send(waiting));
      if (!answers) return this.hold(waiting, tries);
      if (answers.length !== waiting.length) throw new Error(`${this.channel.name} gave ${answers.length} answers to ${waiting.length} messages`);
      const finishedAt = clock.now();
      if (wasAway && breaker.state() === "closed") this.outcome.recovered = true;
      observe(this.channel, provider, pace, answers, finishedAt.getTime() - startedAt.getTime());

      const away = breaker.state() !== "closed";
      const othersSucceeded = breaker.successes() > othersBefore;
      const judged = waiting.map((one, index) => {
        const answer = answers[index] as ProviderAnswer;
        if (isUnknown(answer)) silent.add(one.delivery.id);
        const uncertain = this.channel.keepsMessage && silent.has(one.delivery.id);
        return { one, answer, verdict: judge(answer, tries, { away, othersSucceeded, uncertain, jitter: Math.random() }) };
      });
      const apart = takenApart(judged);
      const made = judged.map(({ one, answer, verdict }): Attempt => {
        const settlement = apart ? { state: "sending" as const, callKey: `${one.delivery.id}/${one.delivery.generation}` } : this.settlementOf(one, answer, verdict, provider, tries);
        return { id: one.delivery.id, generation: one.delivery.generation, answer, settlement };
      });
      await recordAttempts(this.tenant, { startedAt, finishedAt }, made);
      if (apart) {
        this.queue.push(...callsOfEach(this.channel, waiting));
        return;
      }
      const again = judged.flatMap(({ one, verdict }) => (verdict.kind === "retry" ? [{ one, waitMs: verdict.waitMs }] : []));
      if (again.length === 0) return;
      waiting = again.map(({ one }) => one);
      await this.sleep(Math.max(...again.map(({ waitMs }) => waitMs)));
    }
  }

  private settlementOf({ delivery }: Ready, answer: ProviderAnswer, verdict: Verdict, provider: string, tries: number): Settlement | null {
    switch (verdict.kind) {
      case "retry":
        return null;
      case "sent":
        this.outcome.sent += 1;
        metrics().delivery.observe({ channel: this.channel.name }, Math.max(0, clock.nowMs() - delivery.dueAt.getTime()) / 1000);
        return this.ended("sent", { state: "sent" });
      case "failed":
        log.warn("delivery failed", { channel: this.channel.name, deliveryId: delivery.id, cause: verdict.cause, answer: answer.answer });
        return this.failed(verdict.cause, answer);
      case "held":
      case "later": {
        const attempts = delivery.attemptCount + tries;
        const waitMs = verdict.kind === "held" ? this.awayMs(provider, attempts) : (verdict.waitMs ?? roundWaitSeconds(attempts) * 1000);
        const deliverAfter = new Date(clock.nowMs() + waitMs);
        // A provider that asks for patience, or fails for everybody, would answer the rest of the run the same.
        if (verdict.kind === "later" && !verdict.alone) this.down.add(provider);
        if (deliverAfter.getTime() > this.since(delivery) + this.channel.giveUpAfterMs) {
          log.error("delivery given up", { channel: this.channel.name, deliveryId: delivery.id, answer: answer.answer });
          return this.failed("expired", answer);
        }
        this.outcome.deferred += 1;
        log.warn("delivery postponed", { channel: this.channel.name, deliveryId: delivery.id, deliverAfter: deliverAfter.toISOString(), answer: answer.answer });
        if (verdict.kind === "held") this.resumeAt(provider);
        return { state: "pending", deliverAfter, reason: verdict.kind === "held" ? providerAway : null };
      }
    }
  }

  private failed(cause: FailureCause, answer: ProviderAnswer): Settlement {
    this.outcome.failed += 1;
    return this.ended("failed", { state: "failed", cause, reason: answer.answer });
  }

  private ended(status: "sent" | "failed", settlement: Settlement): Settlement {
    metrics().sent.inc({ channel: this.channel.name, status });
    return settlement;
  }

  private since({ renderedAt, occurredAt }: Ready["delivery"]): number {
    return (this.channel.keepsMessage ? (renderedAt ?? clock.now()) : occurredAt).getTime();
  }

  /** The provider is unwell, though not known to be away: the rest of the run is spared the same answer. */
  private async postpone(messages: Ready[]): Promise<void> {
    this.outcome.deferred += messages.length;
    await putBack(this.tenant, idsOf(messages), new Date(clock.nowMs() + roundWaitSeconds(1) * 1000));
  }

  /** What was not tried stays due, before what was: the next probe is not a message that failed already. */
  private async hold(messages: Ready[], tries: number): Promise<void> {
    this.outcome.held += messages.length;
    const [first] = messages;
    if (!first) return;
    const provider = this.channel.providerOf(first);
    this.resumeAt(provider);
    const waitMs = tries === 1 ? 0 : this.awayMs(provider, first.delivery.attemptCount + tries - 1);
    await putBack(this.tenant, idsOf(messages), new Date(clock.nowMs() + waitMs), providerAway);
  }

  private awayMs(provider: string, attempts: number): number {
    const probe = (breakerOf(provider).blockedUntil()?.getTime() ?? 0) - clock.nowMs();
    return Math.max(probe, attempts > 4 ? awayWaitSeconds(attempts) * 1000 : 0) + 1;
  }

  private resumeAt(provider: string): void {
    const at = breakerOf(provider).blockedUntil() ?? clock.now();
    if (this.outcome.resumeAt === null || at < this.outcome.resumeAt) this.outcome.resumeAt = at;
  }
}

interface Judged {
  one: Ready;
  answer: ProviderAnswer;
  verdict: Verdict;
}

/** A call of several that failed as a whole for what one of them may have caused. */
function takenApart(judged: Judged[]): boolean {
  return (
    judged.length > 1 &&
    judged.every(({ answer, verdict }) => verdict.kind === "failed" && (verdict.cause === "exhausted" || (verdict.cause === "bad-request" && blamesOneOfMany(answer.statusCode))))
  );
}

function observe(channel: Channel, provider: string, pace: Pace, answers: ProviderAnswer[], tookMs: number): void {
  const [first] = answers;
  if (!first) return;
  if (first.statusCode === 429) pace.tooFast(first.retryAfterSeconds);
  else if (answers.some(({ ok }) => ok)) pace.wentWell();
  const outcome = answers.some(({ ok }) => ok) ? "accepted" : isUnknown(first) ? "unknown" : first.retryable ? "failed" : "refused";
  metrics().call.observe({ provider, outcome }, tookMs / 1000);
  const unknown = answers.filter(isUnknown).length;
  if (unknown > 0 && !channel.keepsMessage) metrics().unknown.inc({ channel: channel.name }, unknown);
}

const idsOf = (messages: Ready[]) => messages.map(({ delivery }) => delivery.id);
