import { channelKind, userOfChannel } from "./channel-name";
import { LastEvents } from "./cache";
import { Channels } from "./channels";
import type { Connection } from "./connection";
import { frame, type Frame } from "./frames";
import type { PusherSettings } from "./settings";
import { SubscriptionCount } from "./subscription-count";
import { Users } from "./users";
import { WebhookDelivery } from "./webhook-delivery";
import { WebhookEvents } from "./webhook-events";

export interface Publication {
  channel: string;
  event: string;
  data: string;
  /** The socket that does not hear it. */
  except?: string;
}

/** Everything that one running server knows. All of it is in memory and gone with the process, as are its connections. */
export class Hub {
  readonly connections = new Map<string, Connection>();
  readonly channels: Channels;
  readonly users = new Users();
  readonly lastEvents: LastEvents;
  readonly webhooks: WebhookEvents | undefined;
  readonly startedAt = Date.now();
  published = 0;
  closing = false;
  private readonly delivery: WebhookDelivery | undefined;
  private readonly counts: SubscriptionCount;

  constructor(readonly settings: PusherSettings) {
    const { app, limits, webhook } = settings;
    if (webhook) {
      this.delivery = new WebhookDelivery(app, webhook);
      this.webhooks = new WebhookEvents(this.delivery, webhook.holdMs);
    }
    this.lastEvents = new LastEvents(limits);
    this.counts = new SubscriptionCount(limits, (channel) => this.webhooks?.subscriptionCount(channel));
    this.channels = new Channels({
      occupied: (channel) => this.webhooks?.occupied(channel),
      vacated: (channel) => this.webhooks?.vacated(channel),
      memberAdded: (channel, member) => this.webhooks?.memberAdded(channel, member),
      memberRemoved: (channel, member) => this.webhooks?.memberRemoved(channel, member),
      countChanged: (channel) => {
        if (settings.subscriptionCount && !this.closing) this.counts.changed(channel);
      },
    });
  }

  enter(connection: Connection): void {
    this.connections.set(connection.id, connection);
    connection.greet();
  }

  /** Safe to call again. */
  leave(connection: Connection): void {
    connection.stopWatching();
    this.channels.leaveAll(connection);
    this.users.signOut(connection);
    this.connections.delete(connection.id);
  }

  publish({ channel, event, data, except }: Publication): void {
    this.published += 1;
    const message = (): Frame => frame({ event, channel, data });
    const user = userOfChannel(channel);
    if (user !== undefined) {
      // A signed-in connection hears its user's events even in the moment before it has subscribed to the line.
      this.users.send(user, message(), except);
      return;
    }
    if (channelKind(channel).cache) this.lastEvents.remember(channel, { event, data });
    this.channels.find(channel)?.send(message(), except);
  }

  /** Departures caused by the shutdown itself are not reported: the clients will be back. */
  async stopReporting(timeoutMs: number): Promise<void> {
    this.counts.stop();
    this.webhooks?.stop();
    await this.delivery?.stop(timeoutMs);
  }
}
