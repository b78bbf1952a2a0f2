import type { Channel, Ready } from "../channels/channel";

/** Messages that travel to one provider together. */
export interface Call {
  provider: string;
  messages: Ready[];
}

/** A call of several is bounded in bytes too, so that it can be answered in time. */
const callBytesMax = 2_000_000;

/**
 * How messages travel: what was called together is called together again, the same messages in the same order under the same key;
 * the rest by provider, as many in a call as it takes.
 */
export function callsOf(channel: Channel, ready: Ready[]): Call[] {
  const repeated = new Map<string, Ready[]>();
  const together = new Map<string, Ready[]>();
  const calls: Call[] = [];
  for (const one of ready) {
    const { callKey } = one.delivery;
    if (callKey !== null) push(repeated, callKey, one);
    else if (channel.travelsAlone?.(one)) calls.push(named(channel, [one]));
    else push(together, channel.providerOf(one), one);
  }
  return [
    ...[...repeated.values()].map((messages) => ({ provider: providerOf(channel, messages), messages })),
    ...calls,
    ...[...together.values()].flatMap((messages) => chunks(messages, channel.messagesPerCall)).map((messages) => named(channel, messages)),
  ];
}

/** Each of these by itself, under its own key. */
export const callsOfEach = (channel: Channel, messages: Ready[]): Call[] => messages.map((one) => named(channel, [one]));

/** A key that says what it carries: the same messages have the same name, and a message sent again on purpose has another. */
export function callKeyOf(messages: Ready[]): string {
  const [first] = messages;
  if (!first) throw new Error("a call without a message");
  const key = `${first.delivery.id}/${first.delivery.generation}`;
  return messages.length === 1 ? key : `${key}+${messages.length - 1}`;
}

function named(channel: Channel, messages: Ready[]): Call {
  const provider = providerOf(channel, messages);
  if (!channel.keepsMessage) return { provider, messages };
  const callKey = callKeyOf(messages);
  return { provider, messages: messages.map(({ delivery, message }) => ({ message, delivery: { ...delivery, callKey } })) };
}

function providerOf(channel: Channel, [first]: Ready[]): string {
  if (!first) throw new Error("a call without a message");
  return channel.providerOf(first);
}

function push(groups: Map<string, Ready[]>, key: string, one: Ready): void {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}

function chunks(messages: Ready[], most: number): Ready[][] {
  if (most === 1) return messages.map((one) => [one]);
  const found: Ready[][] = [];
  let bytes = 0;
  for (const one of messages) {
    const size = JSON.stringify(one.message).length;
    const last = found.at(-1);
    if (last && last.length < most && bytes + size <= callBytesMax) last.push(one);
    else found.push([one]);
    bytes = found.at(-1)?.length === 1 ? size : bytes + size;
  }
  return found;
}
