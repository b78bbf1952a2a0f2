import { channelKind, isChannelName } from "./channel-name";
import { channelAttributes, parseInfo, requireAvailable } from "./channel-info";
import { asRecord, parseJson } from "./frames";
import { HttpRefusal } from "./http-refusal";
import type { Hub, Publication } from "./hub";
import type { Limits } from "./limits";

interface Trigger {
  event: string;
  data: string;
  channels: string[];
  except?: string;
  info: ReturnType<typeof parseInfo>;
}

/** `POST events`: one event to up to a hundred channels. */
export function triggerEvent(hub: Hub, body: string): object {
  const trigger = readTrigger(parseJson(body), hub.settings.limits);
  for (const publication of publicationsOf(trigger)) hub.publish(publication);
  if (trigger.info.length === 0) return {};
  const infos = trigger.channels.map((channel) => [channel, channelAttributes(hub, channel, trigger.info)]);
  return { channels: Object.fromEntries(infos) as object };
}

/** `POST batch_events`: up to ten events, each to one channel; all of them or none. */
export function triggerBatch(hub: Hub, body: string): object {
  const { limits } = hub.settings;
  const batch = asRecord(parseJson(body))?.batch;
  if (!Array.isArray(batch)) throw new HttpRefusal(400, "batch must be a list of events.");
  if (batch.length > limits.eventsPerBatch) {
    throw new HttpRefusal(400, `A batch has at most ${limits.eventsPerBatch} events.`);
  }
  const triggers = batch.map((item: unknown) => {
    if (asRecord(item)?.channels !== undefined) throw new HttpRefusal(400, "An event in a batch has one channel.");
    return readTrigger(item, limits);
  });
  for (const trigger of triggers) publicationsOf(trigger).forEach((publication) => hub.publish(publication));
  if (triggers.every(({ info }) => info.length === 0)) return {};
  const infos = triggers.map(({ channels, info }) => channelAttributes(hub, channels[0] ?? "", info));
  return { batch: infos };
}

function publicationsOf({ channels, event, data, except }: Trigger): Publication[] {
  return channels.map((channel) => ({ channel, event, data, ...(except !== undefined && { except }) }));
}

function readTrigger(value: unknown, limits: Limits): Trigger {
  const fields = asRecord(value);
  if (!fields) throw new HttpRefusal(400, "An event must be a JSON object.");
  const info = parseInfo(fields.info);
  const channels = readChannels(fields.channels ?? [fields.channel], limits);
  for (const channel of channels) requireAvailable(channel, info);
  const except = readSocketId(fields.socket_id);
  return {
    event: readName(fields.name, limits),
    data: readData(fields.data, limits),
    channels,
    info,
    ...(except !== undefined && { except }),
  };
}

function readChannels(value: unknown, limits: Limits): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new HttpRefusal(400, "An event needs a channel.");
  if (value.length > limits.channelsPerTrigger) {
    throw new HttpRefusal(400, `An event goes to at most ${limits.channelsPerTrigger} channels.`);
  }
  const names = value.map((name: unknown) => {
    if (isChannelName(name, limits)) return name;
    throw new HttpRefusal(400, `Invalid channel name: ${JSON.stringify(name)?.slice(0, 250)}`);
  });
  // Each encrypted channel has a key of its own, so one ciphertext cannot be meant for two of them.
  if (names.length > 1 && names.some((name) => channelKind(name).encrypted)) {
    throw new HttpRefusal(400, "An event for an encrypted channel goes to that channel alone.");
  }
  return [...new Set(names)];
}

function readName(value: unknown, limits: Limits): string {
  if (typeof value !== "string" || value === "" || value.length > limits.eventNameLength) {
    throw new HttpRefusal(400, `An event needs a name of 1 to ${limits.eventNameLength} characters.`);
  }
  if (/^pusher(_internal)?:/.test(value)) throw new HttpRefusal(400, "Event names that begin with pusher: are reserved.");
  return value;
}

function readData(value: unknown, limits: Limits): string {
  if (typeof value !== "string") throw new HttpRefusal(400, "The data of an event must be a string.");
  if (Buffer.byteLength(value) > limits.dataBytes) {
    throw new HttpRefusal(413, `The data of an event has at most ${limits.dataBytes} bytes.`);
  }
  return value;
}

function readSocketId(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && /^\d+\.\d+$/.test(value)) return value;
  throw new HttpRefusal(400, "socket_id must look like 123.456.");
}
