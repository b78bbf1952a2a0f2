import type { RawData } from "ws";
import { clientEvent } from "./client-events";
import type { Connection } from "./connection";
import { decode, frame } from "./frames";
import type { Hub } from "./hub";
import { log, reasonOf } from "./log";
import { Refusal } from "./refusal";
import { signIn } from "./sign-in";
import { subscribe, unsubscribe } from "./subscribe";

const pong = frame({ event: "pusher:pong", data: "{}" });

/** Acts on one frame. Whatever it holds, the answer is at most an error on its own connection. */
export function receive(hub: Hub, connection: Connection, raw: RawData, isBinary: boolean): void {
  try {
    dispatch(hub, connection, raw, isBinary);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      // For one: a text nested so deep that it parses but cannot be written again.
      log("error", "a frame could not be handled", { reason: reasonOf(error) });
      connection.complain(null, "The frame could not be handled.");
    } else if (error.fatal && error.code !== null) connection.end(error.code, error.message);
    else connection.complain(error.code, error.message);
  }
}

function dispatch(hub: Hub, connection: Connection, raw: RawData, isBinary: boolean): void {
  const incoming = decode(raw, isBinary);
  switch (incoming.event) {
    case "pusher:ping":
      return connection.send(pong);
    case "pusher:pong":
      return;
    case "pusher:subscribe":
      return subscribe(hub, connection, incoming.data);
    case "pusher:unsubscribe":
      return unsubscribe(hub, connection, incoming.data);
    case "pusher:signin":
      return signIn(hub, connection, incoming.data);
    default:
      if (incoming.event.startsWith("client-")) return clientEvent(hub, connection, incoming);
      throw new Refusal(null, "Unknown event.");
  }
}
