import { once } from "node:events";
import Pusher from "pusher";
import PusherClient, { type Options } from "pusher-js";
import { vi } from "vitest";
import { WebSocket } from "ws";
import { asRecord, parseJson } from "./frames";
import { startPusher, type PusherEngine } from "./server";
import type { PusherOptions } from "./settings";

export const app = { id: "4711", key: "test-key", secret: "test-secret" };

const patienceMs = 5_000;

/** One received frame, with the data that came inside as text already parsed. */
export interface Received {
  event: string;
  channel?: unknown;
  user_id?: unknown;
  data: unknown;
  /** As it came. */
  rawData: unknown;
}

/** A bare WebSocket that speaks the protocol by hand, for all that the libraries would never send. */
export class RawClient {
  readonly frames: Received[] = [];
  socketId = "";
  closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();

  constructor(readonly socket: WebSocket) {
    this.closed = once(socket, "close").then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
    socket.on("error", () => undefined);
    socket.on("message", (raw) => {
      const frame = asRecord(parseJson(String(raw)));
      if (!frame) throw new Error(`not a frame: ${String(raw)}`);
      const data = typeof frame.data === "string" ? (parseJson(frame.data) ?? frame.data) : frame.data;
      this.frames.push({ ...frame, event: String(frame.event), data, rawData: frame.data });
      for (const look of this.waiting) look();
    });
  }

  send(event: string, data?: unknown, channel?: string): void {
    this.socket.send(JSON.stringify({ event, data, channel }));
  }

  /** Takes the first frame of that name out of those received, waiting for it if need be. */
  next(event: string, matches: (frame: Received) => boolean = () => true): Promise<Received> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const index = this.frames.findIndex((frame) => frame.event === event && matches(frame));
        const [frame] = index < 0 ? [] : this.frames.splice(index, 1);
        if (!frame) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`no ${event}; there were ${JSON.stringify(this.frames.map((frame) => frame.event))}`));
      }, patienceMs);
      this.waiting.add(look);
      look();
    });
  }

  /** The error frame's data. */
  async error(): Promise<{ code: unknown; message: unknown }> {
    const data = asRecord((await this.next("pusher:error")).rawData);
    return { code: data?.code, message: data?.message };
  }

  /** Once the pong is here, so is everything that the server sent before it. */
  async settled(): Promise<Received[]> {
    this.send("pusher:ping", {});
    await this.next("pusher:pong");
    return this.frames;
  }

  async subscribe(channel: string, auth: object = {}): Promise<Received> {
    this.send("pusher:subscribe", { channel, ...auth });
    return this.next("pusher_internal:subscription_succeeded", (frame) => frame.channel === channel);
  }
}

export interface TestServer {
  engine: PusherEngine;
  /** The application's side, by the official library. */
  server: Pusher;
  raw(path?: string): RawClient;
  /** A raw client that has been greeted. */
  connected(): Promise<RawClient>;
  /** The browser's side, by the official library. */
  client(options?: Partial<Options>): PusherClient;
  connectedClient(options?: Partial<Options>): Promise<PusherClient>;
  close(): Promise<void>;
}

export const encryptionMasterKeyBase64 = Buffer.alloc(32, 7).toString("base64");

export function libraryFor(engine: PusherEngine, overrides: Partial<typeof app> = {}): Pusher {
  const { id, key, secret } = { ...app, ...overrides };
  return new Pusher({ appId: id, key, secret, host: engine.host, port: String(engine.port), encryptionMasterKeyBase64 });
}

export async function startTestServer(options: Partial<PusherOptions> = {}): Promise<TestServer> {
  const engine = await startPusher({ app, ...options, limits: { farewellMs: 20, ...options.limits } });
  const server = libraryFor(engine);
  const sockets: WebSocket[] = [];
  const clients: PusherClient[] = [];
  const raw = (path = `/app/${app.key}?protocol=7&client=js&version=8.6.0`) => {
    const socket = new WebSocket(`ws://${engine.host}:${engine.port}${path}`);
    sockets.push(socket);
    return new RawClient(socket);
  };
  const client = (extra: Partial<Options> = {}) => {
    const made = new PusherClient(app.key, {
      cluster: "local",
      wsHost: engine.host,
      wsPort: engine.port,
      forceTLS: false,
      enabledTransports: ["ws", "wss"],
      channelAuthorization: {
        transport: "ajax",
        endpoint: "",
        customHandler: ({ socketId, channelName }, done) => done(null, server.authorizeChannel(socketId, channelName)),
      },
      ...extra,
    });
    clients.push(made);
    return made;
  };
  return {
    engine,
    server,
    raw,
    client,
    async connected() {
      const made = raw();
      const greeting = asRecord((await made.next("pusher:connection_established")).data);
      made.socketId = String(greeting?.socket_id);
      return made;
    },
    async connectedClient(extra) {
      const made = client(extra);
      await state(made, "connected");
      return made;
    },
    async close() {
      for (const made of clients) made.disconnect();
      for (const socket of sockets) socket.terminate();
      await engine.close();
    },
  };
}

export function state(client: PusherClient, wanted: string): Promise<void> {
  if (client.connection.state === wanted) return Promise.resolve();
  return happened(client.connection, wanted).then(() => undefined);
}

/** Repeats a look at something that will be so before long. */
export function eventually(look: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(look, { timeout: patienceMs, interval: 20 });
}

interface Bindable {
  bind(event: string, callback: (data: unknown) => void): unknown;
  unbind(event: string, callback: (data: unknown) => void): unknown;
}

/** The next occurrence of an event of the browser library. */
export function happened<Data = unknown>(target: Bindable, event: string): Promise<Data> {
  return new Promise((resolve, reject) => {
    const heard = (data: unknown) => {
      clearTimeout(timer);
      target.unbind(event, heard);
      resolve(data as Data);
    };
    const timer = setTimeout(() => reject(new Error(`${event} did not happen`)), patienceMs * 2);
    target.bind(event, heard);
  });
}

/** How a presence member's browser is let in by its application. */
export function presenceAuthorization(server: Pusher, user_id: string, user_info?: Record<string, unknown>) {
  return {
    channelAuthorization: {
      transport: "ajax" as const,
      endpoint: "",
      customHandler: (
        { socketId, channelName }: { socketId: string; channelName: string },
        done: (error: Error | null, data: Pusher.ChannelAuthResponse) => void,
      ) => done(null, server.authorizeChannel(socketId, channelName, { user_id, ...(user_info && { user_info }) })),
    },
  };
}

/** How a browser's user is signed in by its application. */
export function userAuthentication(server: Pusher, user: Pusher.UserChannelData) {
  return {
    userAuthentication: {
      transport: "ajax" as const,
      endpoint: "",
      customHandler: (
        { socketId }: { socketId: string },
        done: (error: Error | null, data: Pusher.UserAuthResponse) => void,
      ) => done(null, server.authenticateUser(socketId, user)),
    },
  };
}
