import type { WebSocket } from "ws";
import { Connection } from "./connection";
import { receive } from "./dispatch";
import { errorFrame } from "./frames";
import type { Hub } from "./hub";
import { code, Refusal } from "./refusal";

/** Takes in a WebSocket that has just opened, or turns it away with the code that says why. */
export function accept(hub: Hub, socket: WebSocket, url: string): void {
  // ws reports bad frames and network errors here and closes by itself; without a listener they would be thrown.
  socket.on("error", () => undefined);
  // Held, not greeted, until the shutdown ends: see close() in server.ts.
  if (hub.closing) return;
  const refusal = refusalOf(hub, url);
  if (refusal) {
    socket.send(errorFrame(refusal.code, refusal.message));
    socket.close(refusal.code ?? undefined, refusal.message);
    return;
  }
  const connection = new Connection(socket, hub.settings.limits);
  socket.on("message", (raw, isBinary) => {
    // A socket that is closing may still deliver what was already under way; it has left and joins nothing any more.
    if (hub.connections.has(connection.id)) receive(hub, connection, raw, isBinary);
  });
  socket.on("leaving", () => hub.leave(connection));
  socket.on("close", () => hub.leave(connection));
  hub.enter(connection);
}

function refusalOf({ settings, connections }: Hub, url: string): Refusal | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const key = /^\/app\/([^/]+)$/.exec(path)?.[1];
  if (key === undefined) return new Refusal(code.pathNotFound, "Path not found.");
  const version = new URLSearchParams(query).get("protocol");
  if (!version) return new Refusal(code.noVersion, "No protocol version supplied.");
  if (!/^\d{1,3}$/.test(version)) return new Refusal(code.invalidVersion, "Invalid version string format.");
  if (Number(version) !== 7) return new Refusal(code.unsupportedVersion, "Only protocol version 7 is supported.");
  if (key !== settings.app.key) return new Refusal(code.unknownKey, "The application key is unknown.");
  if (settings.disabled) return new Refusal(code.appDisabled, "The application is disabled.");
  if (connections.size >= settings.limits.connections) {
    return new Refusal(code.overConnectionQuota, "The application is over its connection quota.");
  }
  return undefined;
}
