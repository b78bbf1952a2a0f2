import type { Engine } from "../engine";
import { Answer, type Exchange } from "../http";

const quietMs = 100;
const heartbeatMs = 25_000;

/** Tells an open page that something changed; what changed it asks for itself. */
export function subscribe(engine: Engine, { request, response }: Exchange): Answer {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-content-type-options": "nosniff" });
  response.write("retry: 1000\n\n");
  let soon: NodeJS.Timeout | null = null;
  const unsubscribe = engine.store.onChange(() => {
    soon ??= setTimeout(() => {
      soon = null;
      response.write("event: changed\ndata: {}\n\n");
    }, quietMs);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), heartbeatMs);
  request.socket.once("close", () => {
    unsubscribe();
    clearInterval(heartbeat);
    if (soon) clearTimeout(soon);
  });
  // Answered already; nothing more is sent.
  return new Answer(200);
}
