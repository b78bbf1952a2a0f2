import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
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
/** Together they stay well under the two seconds that an engine has to exit. */
const farewellMs = 700;
const lastWebhookMs = 500;

export async function startPusher(options: PusherOptions): Promise<PusherEngine> {
  const settings = completeSettings(options);
  const { limits } = settings;
  const hub = new Hub(settings);
  const server = createServer((request, response) => void answer(hub, request, response));
  server.requestTimeout = 30_000;
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

  const close = async () => {
    hub.closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of [...hub.connections.values()]) connection.end(code.reconnect, "The server is shutting down.");
    await allGone(sockets, farewellMs);
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await Promise.all([closed, hub.stopReporting(lastWebhookMs)]);
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

async function allGone(sockets: WebSocketServer, timeoutMs: number): Promise<void> {
  const left = [...sockets.clients].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
  if (left.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([Promise.all(left), patience]);
  clearTimeout(timer);
}
