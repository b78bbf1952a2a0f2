import { channelKind, type ChannelKind } from "./channel-name";
import type { Connection } from "./connection";
import { frame, type Frame } from "./frames";
import { Members, memberAddedText, memberRemovedText, type Member } from "./presence";

/** An occupied channel: it exists from its first subscriber to its last. */
export class Channel {
  readonly kind: ChannelKind;
  readonly subscribers = new Set<Connection>();
  readonly members = new Members();

  constructor(readonly name: string) {
    this.kind = channelKind(name);
  }

  send(message: Frame, except?: string): void {
    for (const subscriber of this.subscribers) {
      if (subscriber.id !== except) subscriber.send(message);
    }
  }
}

/** What the rest of the server wants to know about comings and goings. */
export interface ChannelObserver {
  occupied(channel: Channel): void;
  vacated(channel: Channel): void;
  memberAdded(channel: Channel, member: Member): void;
  memberRemoved(channel: Channel, member: Member): void;
  countChanged(channel: Channel): void;
}

export class Channels {
  private readonly byName = new Map<string, Channel>();

  constructor(private readonly observer: ChannelObserver) {}

  find(name: string): Channel | undefined {
    return this.byName.get(name);
  }

  /** Users' own lines are not channels that an application would look for. */
  *listed(): Iterable<Channel> {
    for (const channel of this.byName.values()) {
      if (channel.kind.access !== "user") yield channel;
    }
  }

  /** Adds the subscriber and answers it, with what follows the answer, before anybody else hears of it. */
  join(connection: Connection, name: string, member?: Member, next?: Frame): void {
    let channel = this.byName.get(name);
    const first = !channel;
    if (!channel) {
      channel = new Channel(name);
      this.byName.set(name, channel);
    }
    channel.subscribers.add(connection);
    connection.subscriptions.add(name);
    const isNewMember = member !== undefined && channel.members.add(connection, member);
    const data = member ? channel.members.rosterText() : "{}";
    connection.send(frame({ event: "pusher_internal:subscription_succeeded", channel: name, data }));
    if (next) connection.send(next);
    if (isNewMember) {
      const added = frame({ event: "pusher_internal:member_added", channel: name, data: memberAddedText(member) });
      channel.send(added, connection.id);
    }
    if (first) this.observer.occupied(channel);
    if (isNewMember) this.observer.memberAdded(channel, member);
    this.observer.countChanged(channel);
  }

  /** Does nothing for a connection that is not in the channel. */
  leave(connection: Connection, name: string): void {
    if (!connection.subscriptions.delete(name)) return;
    const channel = this.byName.get(name);
    if (!channel) return;
    channel.subscribers.delete(connection);
    const gone = channel.members.remove(connection);
    if (gone) {
      channel.send(frame({ event: "pusher_internal:member_removed", channel: name, data: memberRemovedText(gone) }));
      this.observer.memberRemoved(channel, gone);
    }
    this.observer.countChanged(channel);
    if (channel.subscribers.size > 0) return;
    this.byName.delete(name);
    this.observer.vacated(channel);
  }

  leaveAll(connection: Connection): void {
    for (const name of [...connection.subscriptions]) this.leave(connection, name);
  }
}
