/** What one server allows. Sizes are bytes unless the name says otherwise. */
export interface Limits {
  connections: number;
  subscriptionsPerConnection: number;
  /** One incoming WebSocket message; a larger one closes its own connection with 1009. */
  frameBytes: number;
  /** What may wait for one slow reader before it is cut off. */
  bufferedBytes: number;
  /** Silence after which the server pings. The client is told this figure in whole seconds. */
  activityTimeoutMs: number;
  pongTimeoutMs: number;
  /** How long a peer may take to answer a close frame. */
  closeTimeoutMs: number;
  /** How long a shutdown holds those who come back at once. */
  farewellMs: number;
  channelNameLength: number;
  eventNameLength: number;
  dataBytes: number;
  channelsPerTrigger: number;
  eventsPerBatch: number;
  httpBodyBytes: number;
  clientEventsPerSecond: number;
  presenceMembers: number;
  userIdLength: number;
  userInfoBytes: number;
  watchlistLength: number;
  cacheMs: number;
  cacheBytes: number;
  /** Up to this many subscribers every change of the count is told, above it at most one per interval. */
  subscriptionCountUnthrottled: number;
  subscriptionCountIntervalMs: number;
  /** `auth_timestamp` may differ this much from our clock. */
  timestampToleranceSeconds: number;
}

export const defaultLimits: Limits = {
  connections: 10_000,
  subscriptionsPerConnection: 1_000,
  frameBytes: 100 * 1024,
  bufferedBytes: 1024 * 1024,
  activityTimeoutMs: 120_000,
  pongTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
  farewellMs: 800,
  channelNameLength: 200,
  eventNameLength: 200,
  dataBytes: 10_240,
  channelsPerTrigger: 100,
  eventsPerBatch: 10,
  httpBodyBytes: 1024 * 1024,
  clientEventsPerSecond: 10,
  presenceMembers: 100,
  userIdLength: 128,
  userInfoBytes: 1024,
  watchlistLength: 100,
  cacheMs: 30 * 60_000,
  cacheBytes: 64 * 1024 * 1024,
  subscriptionCountUnthrottled: 100,
  subscriptionCountIntervalMs: 5_000,
  timestampToleranceSeconds: 600,
};
