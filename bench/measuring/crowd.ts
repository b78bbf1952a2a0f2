import { createHmac } from "node:crypto";
import WebSocket from "ws";
import { z } from "zod";

interface Server {
  host: string;
  port: number;
  key: string;
  secret: string;
}

const frame = z.object({ event: z.string(), data: z.union([z.string(), z.record(z.string(), z.unknown())]).optional() });
const established = z.object({ socket_id: z.string() });
const openAtOnce = 50;

/** Many clients that hear one private channel, as bare as the protocol allows, so that their own work is not what is measured. */
export interface Crowd {
  /** Milliseconds (`performance.now()`) at which each client heard the next `event`; rejects when one has not within `patienceMs`. */
  nextHeard(event: string, patienceMs: number): Promise<number[]>;
  close(): void;
}

export async function gatherCrowd(server: Server, channel: string, size: number): Promise<Crowd> {
  const sockets: WebSocket[] = [];
  for (let opened = 0; opened < size; opened += openAtOnce) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(openAtOnce, size - opened) }, () => join(server, channel)))));
  }
  return {
    nextHeard: (event, patienceMs) => Promise.all(sockets.map((socket) => hear(socket, event, patienceMs))),
    close: () => sockets.forEach((socket) => socket.close()),
  };
}

function join({ host, port, key, secret }: Server, channel: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}:${port}/app/${key}?protocol=7&client=bench&version=1`);
  return new Promise((joined, refused) => {
    socket.once("error", refused);
    socket.on("message", function listen(bytes) {
      const { event, data } = frame.parse(JSON.parse(String(bytes)));
      if (event === "pusher:connection_established") {
        const { socket_id: socketId } = established.parse(typeof data === "string" ? JSON.parse(data) : data);
        const signature = createHmac("sha256", secret).update(`${socketId}:${channel}`).digest("hex");
        socket.send(JSON.stringify({ event: "pusher:subscribe", data: { channel, auth: `${key}:${signature}` } }));
      } else if (event === "pusher_internal:subscription_succeeded") {
        socket.off("message", listen);
        joined(socket);
      } else if (event === "pusher:error") refused(new Error(JSON.stringify(data)));
    });
  });
}

function hear(socket: WebSocket, wanted: string, patienceMs: number): Promise<number> {
  return new Promise((heard, late) => {
    const timer = setTimeout(() => late(new Error(`${wanted} was not heard within ${patienceMs} ms`)), patienceMs);
    socket.on("message", function listen(bytes) {
      const at = performance.now();
      // Read only far enough to tell the event: a thousand parses in one process would be measured as waiting.
      if (!String(bytes).includes(`"event":"${wanted}"`)) return;
      clearTimeout(timer);
      socket.off("message", listen);
      heard(at);
    });
  });
}
