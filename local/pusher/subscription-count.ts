import type { Channel } from "./channels";
import { frame } from "./frames";
import type { Limits } from "./limits";

/**
 * Tells a channel how many subscribers it has. Every join told to every subscriber is quadratic, so a large channel
 * hears at most once per interval, and always the latest figure.
 */
export class SubscriptionCount {
  private readonly waiting = new Map<Channel, NodeJS.Timeout>();

  constructor(
    private readonly limits: Limits,
    private readonly told: (channel: Channel) => void,
  ) {}

  changed(channel: Channel): void {
    if (channel.kind.access === "presence" || channel.kind.access === "user") return;
    if (this.waiting.has(channel)) return;
    if (channel.subscribers.size <= this.limits.subscriptionCountUnthrottled) {
      this.tell(channel);
      return;
    }
    const timer = setTimeout(() => {
      this.waiting.delete(channel);
      this.tell(channel);
    }, this.limits.subscriptionCountIntervalMs);
    this.waiting.set(channel, timer);
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private tell(channel: Channel): void {
    const data = JSON.stringify({ subscription_count: channel.subscribers.size });
    channel.send(frame({ event: "pusher_internal:subscription_count", channel: channel.name, data }));
    this.told(channel);
  }
}
