import type { Connection } from "./connection";
import { frame, type Incoming } from "./frames";
import type { Hub } from "./hub";
import { code, Refusal } from "./refusal";

/** Passes a client's own event to the other subscribers of a private or presence channel. */
export function clientEvent(hub: Hub, connection: Connection, { event, channel: name, data }: Incoming): void {
  const { clientEvents, limits } = hub.settings;
  if (!clientEvents) refuse("Client events are disabled for this application.");
  const channel = typeof name === "string" && connection.subscriptions.has(name) ? hub.channels.find(name) : undefined;
  if (!channel) refuse("A client event needs a channel that the connection has subscribed to.");
  const { access, encrypted } = channel.kind;
  if (encrypted) refuse("Client events are not supported on encrypted channels.");
  if (access !== "private" && access !== "presence") {
    refuse("Client events are only supported on private and presence channels.");
  }
  if (event.length > limits.eventNameLength) refuse(`An event name has at most ${limits.eventNameLength} characters.`);
  const dataText = typeof data === "string" ? data : JSON.stringify(data);
  if (dataText !== undefined && Buffer.byteLength(dataText) > limits.dataBytes) {
    refuse(`The data of a client event has at most ${limits.dataBytes} bytes.`);
  }
  if (!takeTurn(connection, limits.clientEventsPerSecond)) {
    refuse(`A connection may send ${limits.clientEventsPerSecond} client events a second.`);
  }
  const member = channel.members.of(connection);
  const message = frame({
    event,
    channel: channel.name,
    ...(dataText !== undefined && { data: dataText }),
    ...(member && { user_id: member.id }),
  });
  channel.send(message, connection.id);
  hub.webhooks?.clientEvent(channel.name, event, dataText ?? "", connection.id, member);
}

/** Whether fewer than the allowed number were sent within the last second; if so, counts one more. */
function takeTurn({ clientEventTimes: times }: Connection, perSecond: number): boolean {
  const now = performance.now();
  const oldest = times[0];
  if (times.length >= perSecond && oldest !== undefined) {
    if (now - oldest < 1000) return false;
    times.shift();
  }
  times.push(now);
  return true;
}

function refuse(message: string): never {
  throw new Refusal(code.clientEventRejected, message);
}
