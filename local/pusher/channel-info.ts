import { channelKind, isChannelName } from "./channel-name";
import type { Channel } from "./channels";
import { HttpRefusal } from "./http-refusal";
import type { Hub } from "./hub";

const attributes = ["user_count", "subscription_count", "cache"] as const;
type Attribute = (typeof attributes)[number];
type ChannelInfo = Record<string, unknown>;

/** The comma-separated `info` of a request. */
export function parseInfo(info: unknown): Attribute[] {
  if (info === undefined || info === "") return [];
  if (typeof info !== "string") throw new HttpRefusal(400, "info must be a comma-separated string.");
  return info.split(",").map((name) => {
    const attribute = attributes.find((known) => known === name.trim());
    if (!attribute) throw new HttpRefusal(400, `Unknown info attribute: ${name}`);
    return attribute;
  });
}

/** Throws a 400 when the channel has no such attribute. */
export function requireAvailable(name: string, wanted: readonly Attribute[]): void {
  const kind = channelKind(name);
  if (wanted.includes("user_count") && kind.access !== "presence") {
    throw new HttpRefusal(400, `user_count is for presence channels only, not for ${name}`);
  }
  if (wanted.includes("cache") && !kind.cache) {
    throw new HttpRefusal(400, `cache is for cache channels only, not for ${name}`);
  }
}

export function channelAttributes(hub: Hub, name: string, wanted: readonly Attribute[]): ChannelInfo {
  const channel = hub.channels.find(name);
  const info: ChannelInfo = {};
  for (const attribute of wanted) info[attribute] = attributeValue(hub, name, channel, attribute);
  return info;
}

function attributeValue(hub: Hub, name: string, channel: Channel | undefined, attribute: Attribute): unknown {
  if (attribute === "user_count") return channel?.members.count ?? 0;
  if (attribute === "subscription_count") return channel?.subscribers.size ?? 0;
  const last = hub.lastEvents.last(name);
  return last ? { data: last.data, ttl: hub.lastEvents.remainingSeconds(name) } : null;
}

export function listChannels(hub: Hub, query: ReadonlyMap<string, string>): { channels: Record<string, ChannelInfo> } {
  const prefix = query.get("filter_by_prefix") ?? "";
  const wanted = parseInfo(query.get("info"));
  if (wanted.includes("cache")) throw new HttpRefusal(400, "cache is told for one channel at a time.");
  if (wanted.includes("user_count")) requireAvailable(prefix, ["user_count"]);
  const found: [string, ChannelInfo][] = [];
  for (const { name } of hub.channels.listed()) {
    if (name.startsWith(prefix)) found.push([name, channelAttributes(hub, name, wanted)]);
  }
  return { channels: Object.fromEntries(found) };
}

export function channelDetails(hub: Hub, name: string, query: ReadonlyMap<string, string>): ChannelInfo {
  requireName(hub, name);
  const wanted = parseInfo(query.get("info"));
  requireAvailable(name, wanted);
  return { occupied: hub.channels.find(name) !== undefined, ...channelAttributes(hub, name, wanted) };
}

export function channelUsers(hub: Hub, name: string): { users: { id: string }[] } {
  requireName(hub, name);
  if (channelKind(name).access !== "presence") {
    throw new HttpRefusal(400, "Users can be retrieved for presence channels only.");
  }
  return { users: (hub.channels.find(name)?.members.ids() ?? []).map((id) => ({ id })) };
}

function requireName(hub: Hub, name: string): void {
  if (!isChannelName(name, hub.settings.limits)) throw new HttpRefusal(400, "Invalid channel name.");
}
