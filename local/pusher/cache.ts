import { LRUCache } from "lru-cache";
import type { Limits } from "./limits";

export interface CachedEvent {
  event: string;
  data: string;
}

/** The last event of each cache channel, for a while and within a bound; the least used channels give way. */
export class LastEvents {
  private readonly events: LRUCache<string, CachedEvent>;

  constructor(limits: Limits) {
    this.events = new LRUCache({
      ttl: limits.cacheMs,
      // Age is read on every look-up: a subscriber must never be handed an event that has just expired.
      ttlResolution: 0,
      maxSize: limits.cacheBytes,
      sizeCalculation: (cached, channel) => channel.length + cached.event.length + cached.data.length,
    });
  }

  remember(channel: string, cached: CachedEvent): void {
    this.events.set(channel, cached);
  }

  last(channel: string): CachedEvent | undefined {
    return this.events.get(channel);
  }

  remainingSeconds(channel: string): number {
    return Math.ceil(this.events.getRemainingTTL(channel) / 1000);
  }
}
