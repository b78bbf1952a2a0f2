import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerApi } from "./api";
import { BadBody } from "./body";
import { json, type Context, type Reply, type Request } from "./context";
import { ControlRefused } from "./control";
import { refusal } from "./guard";
import { log, reason } from "./log";
import { answerPage } from "./page/routes";
import { answerSdk } from "./sdk-routes";

/** Each answers what is its own, and undefined for the rest. */
const ROUTES = [answerSdk, answerApi, answerPage];

export function openServer(context: Context): Server {
  return createServer((request, response) => {
    answer(context, request)
      .catch((error: unknown): Reply => failure(error))
      .then((reply) => send(response, reply))
      .catch((error: unknown) => log("error", "an answer could not be sent", { error: reason(error) }));
  });
}

async function answer(context: Context, raw: IncomingMessage): Promise<Reply> {
  const refused = refusal(raw);
  if (refused) return json(403, { error: refused, status: 403 });
  const url = new URL(raw.url ?? "/", "http://localhost");
  const request: Request = { raw, method: raw.method ?? "GET", path: url.pathname, query: url.searchParams };
  for (const route of ROUTES) {
    const reply = await route(context, request);
    if (reply) return reply;
  }
  return json(404, { error: "there is nothing here", status: 404 });
}

function failure(error: unknown): Reply {
  if (error instanceof BadBody) return json(error.status, { error: error.message, status: error.status });
  if (error instanceof ControlRefused) return json(409, { error: error.message, status: 409 });
  log("error", "a request failed", { error: reason(error) });
  return json(500, { error: "the engine could not do this; see its log", status: 500 });
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(reply.type ? { "content-type": reply.type } : {}),
    // An unread body (it was too large) must not be taken for the next request of this connection.
    ...(reply.status === 413 ? { connection: "close" } : {}),
    ...reply.headers,
  });
  response.end(reply.body ?? "");
}
