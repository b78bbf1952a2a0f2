import { channelKind, isChannelName, userOfChannel, type ChannelKind } from "./channel-name";
import type { Connection } from "./connection";
import { asRecord, frame, type Frame } from "./frames";
import type { Hub } from "./hub";
import { checkedMember, memberFromChannelData, type Member } from "./presence";
import { code, Refusal } from "./refusal";
import { channelText, isAuthorized } from "./signature";

export function subscribe(hub: Hub, connection: Connection, data: unknown): void {
  const { limits } = hub.settings;
  const request = asRecord(data);
  const name = request?.channel;
  if (!request || !isChannelName(name, limits)) throw new Refusal(code.unauthorized, "Invalid channel name.");
  if (connection.subscriptions.has(name)) throw new Refusal(null, `Existing subscription to channel ${name}`);
  if (connection.subscriptions.size >= limits.subscriptionsPerConnection) {
    throw new Refusal(code.overCapacity, `A connection has at most ${limits.subscriptionsPerConnection} subscriptions.`);
  }
  const kind = channelKind(name);
  const member = authorize(hub, connection, { name, kind, auth: request.auth, channelData: request.channel_data });
  hub.channels.join(connection, name, member, kind.cache ? lastEventFrame(hub, name) : undefined);
  if (kind.cache && !hub.lastEvents.last(name)) hub.webhooks?.cacheMiss(name);
}

export function unsubscribe(hub: Hub, connection: Connection, data: unknown): void {
  const name = asRecord(data)?.channel;
  if (typeof name !== "string") throw new Refusal(null, "Which channel to unsubscribe from?");
  hub.channels.leave(connection, name);
}

interface Wanted {
  name: string;
  kind: ChannelKind;
  auth: unknown;
  channelData: unknown;
}

function authorize(hub: Hub, connection: Connection, { name, kind, auth, channelData }: Wanted): Member | undefined {
  if (kind.access === "public") return undefined;
  if (kind.access === "user") {
    if (connection.user?.id === userOfChannel(name)) return undefined;
    throw new Refusal(code.unauthorized, `Only the signed-in user may subscribe to ${name}`);
  }
  if (channelData !== undefined && channelData !== null && typeof channelData !== "string") {
    throw new Refusal(code.unauthorized, "channel_data must be a string of JSON.");
  }
  const signedData = channelData ?? undefined;
  if (!isAuthorized(hub.settings.app, auth, channelText(connection.id, name, signedData))) {
    throw new Refusal(code.unauthorized, `Invalid signature for ${name}`);
  }
  return kind.access === "presence" ? seat(hub, connection, name, signedData) : undefined;
}

function seat(hub: Hub, connection: Connection, name: string, channelData: string | undefined): Member {
  const { limits } = hub.settings;
  const { user } = connection;
  if (channelData === undefined && !user) {
    throw new Refusal(code.unauthorized, `${name} needs channel_data or a signed-in user.`);
  }
  const member =
    channelData === undefined
      ? checkedMember(user?.id, user?.info, limits)
      : memberFromChannelData(channelData, limits);
  const members = hub.channels.find(name)?.members;
  if (members && members.count >= limits.presenceMembers && !members.has(member)) {
    throw new Refusal(code.overCapacity, `${name} has its ${limits.presenceMembers} members.`);
  }
  return member;
}

function lastEventFrame(hub: Hub, channel: string): Frame {
  const last = hub.lastEvents.last(channel);
  return last ? frame({ ...last, channel }) : frame({ event: "pusher:cache_miss", channel, data: "{}" });
}
