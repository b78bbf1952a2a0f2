import { createHmac } from "node:crypto";
import { log } from "./log";
import type { Mailbox } from "./mailbox";
import type { LastEvent, Summary, WebhookEvent } from "./message";

export interface WebhookOptions {
  url: string;
  /** As Svix writes it: `whsec_` and the key in Base64. */
  secret: string;
  events: readonly WebhookEvent[];
}

const answerWithinMs = 10_000;
const atOnce = 4;
/** Waits between tries, in seconds; the last one repeats. https://docs.svix.com/retries grows likewise. */
const waitsSeconds = [1, 5, 30, 120, 600, 1_800, 3_600];
/** A receiver that was away for longer finds out what it missed by asking. */
const giveUpAfterMs = 3 * 24 * 60 * 60 * 1000;

const outcomes: Partial<Record<LastEvent, WebhookEvent>> = {
  delivered: "email.delivered",
  bounced: "email.bounced",
  complained: "email.complained",
  suppressed: "email.suppressed",
};

/** What there is to report of a mail that has just had this outcome. */
export function eventsOf(outcome: LastEvent, wanted: readonly WebhookEvent[]): WebhookEvent[] {
  const happened: (WebhookEvent | undefined)[] = ["email.sent", outcomes[outcome]];
  return wanted.filter((event) => happened.includes(event));
}

/**
 * Reports what became of mails, signed as Svix signs for Resend. What is still to be reported stands in the mailbox's journal, so a
 * report may come twice, after a crash, under the same id; it is never lost.
 */
export class Webhooks {
  private readonly tries = new Map<string, { count: number; notBefore: number }>();
  private readonly busy = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly unsubscribe: () => void;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly options: WebhookOptions,
    private readonly now: () => number,
  ) {
    this.unsubscribe = mailbox.onChange(() => this.work());
    this.work();
  }

  close(): void {
    this.unsubscribe();
    this.stopping.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  /** Begins what is due, as far as others are not under way, and looks again when the next one is. */
  private work(): void {
    if (this.stopping.signal.aborted) return;
    if (this.timer) clearTimeout(this.timer);
    let next = Infinity;
    for (const id of this.mailbox.unreported) {
      if (this.busy.size >= atOnce) return;
      if (this.busy.has(id)) continue;
      const notBefore = this.tries.get(id)?.notBefore ?? 0;
      if (notBefore > this.now()) next = Math.min(next, notBefore);
      else void this.report(id);
    }
    if (next < Infinity) this.timer = setTimeout(() => this.work(), Math.max(1, next - this.now()));
  }

  /** All that is to be said about one mail, in order. */
  private async report(id: string): Promise<void> {
    this.busy.add(id);
    try {
      for (let summary = this.mailbox.get(id); summary; summary = this.mailbox.get(id)) {
        const [event] = summary.unreported;
        if (event === undefined || !(await this.settle(summary, event))) return;
      }
    } catch (error) {
      log("error", "could not keep what was reported", { id, reason: String(error) });
      this.tries.set(id, { count: 0, notBefore: this.now() + 1_000 });
    } finally {
      this.busy.delete(id);
      this.work();
    }
  }

  /** False when it has to be tried again later. */
  private async settle(summary: Summary, event: WebhookEvent): Promise<boolean> {
    const { id } = summary;
    if (!(await this.send(summary, event))) {
      if (this.stopping.signal.aborted) return false;
      const count = (this.tries.get(id)?.count ?? 0) + 1;
      if (this.now() - summary.createdAt <= giveUpAfterMs) {
        this.tries.set(id, { count, notBefore: this.now() + 1_000 * (waitsSeconds[Math.min(count, waitsSeconds.length) - 1] ?? 0) });
        return false;
      }
      log("error", "webhook given up", { id, event });
    }
    this.tries.delete(id);
    await this.mailbox.markReported(id, event);
    return true;
  }

  private async send(summary: Summary, event: WebhookEvent): Promise<boolean> {
    const body = JSON.stringify(reportOf(summary, event));
    try {
      const response = await fetch(this.options.url, {
        method: "POST",
        headers: { "content-type": "application/json", ...signature(this.options.secret, `msg_${summary.id}_${event}`, Math.floor(this.now() / 1000), body) },
        body,
        redirect: "manual",
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      await response.body?.cancel();
      if (response.ok) return true;
      log("warn", "webhook refused", { id: summary.id, event, status: response.status });
    } catch (error) {
      if (!this.stopping.signal.aborted) log("warn", "webhook failed", { id: summary.id, event, reason: String(error) });
    }
    return false;
  }
}

/** https://docs.svix.com/receiving/verifying-payloads/how-manual */
function signature(secret: string, id: string, timestamp: number, body: string): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "svix-id": id, "svix-timestamp": String(timestamp), "svix-signature": `v1,${mac}` };
}

/** https://resend.com/docs/webhooks/event-types */
function reportOf(summary: Summary, event: WebhookEvent): unknown {
  const created = new Date(summary.createdAt).toISOString();
  return {
    type: event,
    created_at: new Date(summary.deliveredAt ?? summary.createdAt).toISOString(),
    data: {
      email_id: summary.id,
      message_id: summary.messageId,
      created_at: created,
      from: summary.from,
      to: summary.to,
      subject: summary.subject,
      tags: Object.fromEntries(summary.tags.map(({ name, value }) => [name, value])),
      ...(event === "email.bounced" && {
        bounce: { type: "Permanent", subType: "General", message: "The recipient's email provider sent a hard bounce message. This is one of Resend's addresses for trying that." },
      }),
      ...(event === "email.suppressed" && { suppressed: { type: "OnAccountSuppressionList", message: "The address is on the suppression list. This is one of Resend's addresses for trying that." } }),
    },
  };
}
