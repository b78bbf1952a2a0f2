import type { Channel } from "./channels";
import type { Member } from "./presence";
import type { WebhookDelivery, WebhookEvent } from "./webhook-delivery";

/**
 * Turns comings and goings into webhook events. A page that reloads leaves and returns at once, so departures are held
 * for a moment, and a return within it cancels both: the receiver hears of neither.
 */
export class WebhookEvents {
  private readonly held = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly delivery: WebhookDelivery,
    private readonly holdMs: number,
  ) {}

  occupied(channel: Channel): void {
    if (!reported(channel)) return;
    this.arrive(channel.name, { name: "channel_occupied", channel: channel.name });
  }

  vacated(channel: Channel): void {
    if (!reported(channel)) return;
    this.depart(channel.name, { name: "channel_vacated", channel: channel.name });
  }

  memberAdded(channel: Channel, member: Member): void {
    this.arrive(seatOf(channel, member), { name: "member_added", channel: channel.name, user_id: String(member.id) });
  }

  memberRemoved(channel: Channel, member: Member): void {
    this.depart(seatOf(channel, member), { name: "member_removed", channel: channel.name, user_id: String(member.id) });
  }

  subscriptionCount(channel: Channel): void {
    const subscription_count = channel.subscribers.size;
    this.delivery.add({ name: "subscription_count", channel: channel.name, subscription_count });
  }

  cacheMiss(channel: string): void {
    this.delivery.add({ name: "cache_miss", channel });
  }

  clientEvent(channel: string, event: string, data: string, socketId: string, member: Member | undefined): void {
    const user_id = member && String(member.id);
    this.delivery.add({ name: "client_event", channel, event, data, socket_id: socketId, user_id });
  }

  /** Departures after this are the shutdown's own. */
  stop(): void {
    this.stopped = true;
    for (const timer of this.held.values()) clearTimeout(timer);
    this.held.clear();
  }

  private arrive(key: string, event: WebhookEvent): void {
    const departure = this.held.get(key);
    if (departure === undefined) {
      this.delivery.add(event);
      return;
    }
    clearTimeout(departure);
    this.held.delete(key);
  }

  private depart(key: string, event: WebhookEvent): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.held.delete(key);
      this.delivery.add(event);
    }, this.holdMs);
    this.held.set(key, timer);
  }
}

function reported(channel: Channel): boolean {
  return channel.kind.access !== "user";
}

/** A channel name holds no space, so the two cannot run into each other. */
function seatOf(channel: Channel, member: Member): string {
  return `${channel.name} ${member.id}`;
}
