import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { accept } from "./accept";
import { LeavingSocket } from "./connection";
import { answer } from "./http-api";
import { Hub } from "./hub";
import { code } from "./refusal";
import { completeSettings, type PusherOptions } from "./settings";

export interface PusherEngine {
  url: string;
  host: string;
  port: number;
  /** Tells every client to come back (4200) and ends, within about a second. */
  close(): Promise<void>;
}

const host = "127.0.0.1";
/** With the farewell they stay well under the two seconds that an engine has to exit. */
const lastFramesMs = 200;
const lastWebhookMs = 500;
const goodbye = "The server is shutting down.";

export async function startPusher(options: PusherOptions): Promise<PusherEngine> {
  const settings = completeSettings(options);
  const { limits } = settings;
  const hub = new Hub(settings);
  const server = createServer((request, response) => void answer(hub, request, response));
  server.requestTimeout = 30_000;
  // Longer than clients usually keep an idle connection: one closed by us could be about to carry a request.
  server.keepAliveTimeout = 65_000;
  const socketOptions = {
    server,
    WebSocket: LeavingSocket,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    // Known to ws, not yet to its types.
    closeTimeout: limits.closeTimeoutMs,
  };
  const sockets = new WebSocketServer(socketOptions);
  sockets.on("connection", (socket, request) => accept(hub, socket, request.url ?? ""));
  const port = await listen(server, sockets, settings.port);

  /**
   * Everybody is sent away with "come back at once" (4200), and comes back at once. A browser whose attempt is refused
   * by a closed port waits 15 s for the next (pusher-js 8), so whoever returns during the farewell is held in the door
   * and at its end sent away with "come back in a second" (4100): time for the next server to take this one's place.
   */
  const close = async () => {
    hub.closing = true;
    const reported = hub.stopReporting(lastWebhookMs);
    const leaving = [...hub.connections.values()];
    for (const connection of leaving) connection.end(code.reconnect, goodbye);
    if (leaving.length > 0) await pause(limits.farewellMs);
    const left = [...sockets.clients].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    for (const socket of sockets.clients) socket.close(code.overCapacity, goodbye);
    await Promise.race([Promise.all(left), pause(left.length > 0 ? lastFramesMs : 0)]);
    for (const socket of sockets.clients) socket.terminate();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await Promise.all([closed, reported]);
  };
  let closing: Promise<void> | undefined;
  return { url: `http://${host}:${port}`, host, port, close: () => (closing ??= close()) };
}

function listen(server: Server, sockets: WebSocketServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    sockets.once("error", reject);
    // A backlog beyond the default: after a restart everybody returns in the same second.
    server.listen({ port, host, backlog: 4096 }, () => {
      sockets.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
