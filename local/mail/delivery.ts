import { addressOf } from "./addresses";
import { log } from "./log";
import type { Mailbox } from "./mailbox";
import { recipientsOf, type LastEvent, type Summary, type WebhookEvent } from "./message";
import { eventsOf } from "./webhooks";

/** Timers of more than 24 days overflow; looking again every hour also follows a clock that was set. */
const longestWaitMs = 3_600_000;
const retryMs = 1_000;

/** Resend's own addresses for trying what does not arrive: https://resend.com/docs/dashboard/emails/send-test-emails */
const testOutcomes: [RegExp, LastEvent][] = [
  [/^bounced(?:\+.*)?@resend\.dev$/i, "bounced"],
  [/^complained(?:\+.*)?@resend\.dev$/i, "complained"],
  [/^suppressed(?:\+.*)?@resend\.dev$/i, "suppressed"],
];

export function outcomeOf(message: Pick<Summary, "to" | "cc" | "bcc">): LastEvent {
  const addresses = recipientsOf(message).map((recipient) => addressOf(recipient) ?? recipient);
  return testOutcomes.find(([pattern]) => addresses.some((address) => pattern.test(address)))?.[1] ?? "delivered";
}

/** Delivers scheduled mails at their time. It keeps no state of its own: what waits is what the mailbox says waits. */
export class Delivery {
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly reported: readonly WebhookEvent[],
    private readonly now: () => number,
  ) {
    this.unsubscribe = mailbox.onChange(() => this.arm());
    this.arm();
  }

  close(): void {
    this.closed = true;
    this.unsubscribe();
    if (this.timer) clearTimeout(this.timer);
  }

  private waiting(): Summary[] {
    return [...this.mailbox.newestFirst()].filter(({ lastEvent }) => lastEvent === "scheduled");
  }

  private arm(atLeastMs = 0): void {
    if (this.closed) return;
    if (this.timer) clearTimeout(this.timer);
    const next = this.waiting().reduce((soonest, { scheduledAt }) => Math.min(soonest, scheduledAt ?? 0), Infinity);
    if (next === Infinity) return;
    const wait = Math.min(longestWaitMs, Math.max(atLeastMs, next - this.now()));
    this.timer = setTimeout(() => void this.deliverDue(), wait);
  }

  private async deliverDue(): Promise<void> {
    const now = this.now();
    const due = this.waiting().filter(({ scheduledAt }) => (scheduledAt ?? 0) <= now);
    try {
      await Promise.all(
        due.map((message) =>
          this.mailbox.change(message.id, (current) => {
            if ((current.scheduledAt ?? 0) > now) return null;
            const lastEvent = outcomeOf(current);
            return { lastEvent, scheduledAt: current.scheduledAt, deliveredAt: now, unreported: eventsOf(lastEvent, this.reported) };
          }),
        ),
      );
      this.arm();
    } catch (error) {
      log("error", "could not deliver scheduled mail", { reason: String(error) });
      this.arm(retryMs);
    }
  }
}
