import type { IncomingMessage, ServerResponse } from "node:http";
import { channelDetails, channelUsers, listChannels } from "./channel-info";
import { readBody } from "./http-body";
import { HttpRefusal } from "./http-refusal";
import { parseQuery, unescaped, verifySignature } from "./http-signature";
import type { Hub } from "./hub";
import { log, reasonOf } from "./log";
import { code } from "./refusal";
import { statusJson, statusPage } from "./status-page";
import { triggerBatch, triggerEvent } from "./trigger";

type Answer = (query: ReadonlyMap<string, string>, body: string) => object;

/** Answers one request, whatever it holds. */
export async function answer(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(hub, request, response);
  } catch (error) {
    if (error instanceof HttpRefusal) return refuse(response, error.status, error.message);
    // The caller went away in the middle of its own body: nobody is left to answer.
    if (request.destroyed && !request.complete) return;
    log("error", "a request could not be handled", { reason: reasonOf(error) });
    refuse(response, 500, "The request could not be handled.");
  }
}

async function route(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = "", ...rest] = (request.url ?? "").split("?");
  if (path === "/" || path === "/status.json") {
    if (request.method !== "GET" && request.method !== "HEAD") throw new HttpRefusal(405, "Only GET is allowed here.");
    requireLoopbackName(request);
    return path === "/" ? statusPage(hub, response) : statusJson(hub, response);
  }
  const { app, disabled, limits } = hub.settings;
  const [, appId, resource] = /^\/apps\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (appId === undefined || resource === undefined) throw new HttpRefusal(404, "Path not found.");
  if (appId !== app.id) throw new HttpRefusal(404, "Unknown application.");
  const answers = find(hub, resource);
  const method = request.method ?? "";
  const body = await readBody(request, limits.httpBodyBytes);
  const query = parseQuery(rest.join("?"));
  verifySignature(app, { method, path, query, body }, Date.now(), limits.timestampToleranceSeconds);
  // What is published now would reach nobody: the caller should try again.
  if (hub.closing) throw new HttpRefusal(503, "The server is shutting down.");
  if (disabled) throw new HttpRefusal(403, "The application is disabled.");
  const act = answers[method];
  if (!act) {
    response.setHeader("Allow", Object.keys(answers).join(", "));
    throw new HttpRefusal(405, `${method} is not allowed here.`);
  }
  const text = JSON.stringify(act(new Map(query), body.toString("utf8")));
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }).end(text);
}

/** What can be done with a resource, by method. */
function find(hub: Hub, resource: string): Partial<Record<string, Answer>> {
  if (resource === "events") return { POST: (_query, body) => triggerEvent(hub, body) };
  if (resource === "batch_events") return { POST: (_query, body) => triggerBatch(hub, body) };
  if (resource === "channels") return { GET: (query) => listChannels(hub, query) };
  const [, name, users] = /^channels\/([^/]+)(\/users)?$/.exec(resource) ?? [];
  if (name !== undefined) {
    const channel = unescaped(name);
    return { GET: (query) => (users ? channelUsers(hub, channel) : channelDetails(hub, channel, query)) };
  }
  const [, user] = /^users\/(.+)\/terminate_connections$/.exec(resource) ?? [];
  if (user !== undefined) return { POST: () => terminateUser(hub, unescaped(user)) };
  throw new HttpRefusal(404, "Path not found.");
}

function terminateUser(hub: Hub, userId: string): object {
  for (const connection of hub.users.connectionsOf(userId)) {
    connection.end(code.unauthorized, "The user's connections were terminated.");
  }
  return {};
}

/** The page shows channel names: no other site may read it by pointing a name of its own at this machine. */
function requireLoopbackName(request: IncomingMessage): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!["127.0.0.1", "localhost", "[::1]"].includes(host)) throw new HttpRefusal(403, "Only for this machine.");
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What the caller was still sending is not looked for in the next request of the same connection.
  if (status === 413) response.setHeader("Connection", "close");
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${message}\n`);
}
