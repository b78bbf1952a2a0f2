import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Clock } from "./clock";
import { answerControl } from "./control/api";
import { DeliveryRules } from "./control/delivery-rules";
import { ScriptedAnswers, type ScriptedAnswer } from "./control/scripted-answers";
import type { Engine } from "./engine";
import { answerAccessibleResources, answerJira, answerMe, tooMany } from "./gateway";
import { Answer, guardBrowser, parseJson, readBody, send, type Exchange } from "./http";
import { Limits } from "./limits";
import { lockFolder } from "../engine/folder-lock";
import { log } from "./log";
import { decide, showConsent } from "./oauth/authorize";
import { answerToken } from "./oauth/token-endpoint";
import { answerPages } from "./page/pages";
import { Store } from "./store";
import { answerAdminHooks } from "./webhooks/admin";
import { Sender } from "./webhooks/sender";
import type { Client } from "./world/entities";
import { seedWorld } from "./world/seed";

export interface AtlassianOptions {
  /** 0 for any free port. */
  port: number;
  /** Null keeps nothing. */
  dataDir: string | null;
  client: Pick<Client, "id" | "secret" | "redirectUris"> & Partial<Client>;
  now?: () => number;
}

export interface AtlassianEngine {
  url: string;
  port: number;
  close: () => Promise<void>;
}

export async function openAtlassian(options: AtlassianOptions): Promise<AtlassianEngine> {
  const unlock = options.dataDir === null ? async () => undefined : await lockFolder(options.dataDir, "atlassian");
  const store = await Store.open(options.dataDir).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const server = createServer((request, response) => void handle(engine, request, response));
  try {
    await listen(server, options.port);
  } catch (error) {
    await store.close();
    await unlock();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const engine = assemble(store, url, options);
  engine.sender.resume();
  return {
    url,
    port,
    async close() {
      engine.sender.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await store.close();
      await unlock();
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

function assemble(store: Store, baseUrl: string, options: AtlassianOptions): Engine {
  const clock = new Clock(store, options.now ?? Date.now);
  const deliveryRules = new DeliveryRules();
  const sender = new Sender(store, clock, deliveryRules);
  const client: Client = { name: "Moim", ownerId: null, ...options.client };
  const engine: Engine = {
    store, clock, baseUrl, sender, deliveryRules,
    answers: new ScriptedAnswers(),
    limits: new Limits(store, clock),
    reset() {
      sender.clear();
      store.clear();
      deliveryRules.clear();
      engine.answers.clear();
      engine.limits.clear();
      seedWorld(store, [client], clock.now());
    },
  };
  if (store.all("sites").length === 0) seedWorld(store, [client], clock.now());
  // Which application it serves is configuration: it may have changed since the last start.
  else store.put("clients", { ...client, ownerId: store.get("clients", client.id)?.ownerId ?? client.ownerId });
  return engine;
}

async function handle(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    guardBrowser(request);
    const exchange = exchangeOf(request, response);
    const body = await readBody(request);
    const answer = await bent(engine, exchange, () => route(engine, exchange, body));
    if (answer === null) return void request.socket.destroy();
    // What is answered must outlive a crash.
    await engine.store.durable();
    send(response, answer);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    if (error instanceof Answer) return send(response, error);
    log("error", "request failed", { method: request.method, path: request.url, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    send(response, new Answer(500, { errorMessages: ["Internal server error"], errors: {} }));
  }
}

const usualDelayMs = 5_000;

/** The hosts of Atlassian themselves; the pages and the controls never fail on purpose. */
const isProvider = (path: readonly string[]): boolean => (path[0] === "oauth" && path[1] === "token") || path[0] === "ex" || path[0] === "me";

/** What was scripted happens in place of the answer, or to it. Null: the connection is cut. */
async function bent(engine: Engine, { request, url, path }: Exchange, work: () => Promise<Answer>): Promise<Answer | null> {
  const done = (): Promise<Answer> =>
    work().catch((error: unknown) => {
      if (error instanceof Answer) return error;
      throw error;
    });
  if (!isProvider(path)) return done();
  const { outage } = engine.store.settings();
  if (outage === "unreachable") return null;
  if (outage === "unavailable") return unavailable(30);
  const rule = engine.answers.take(request.method ?? "GET", url.pathname);
  if (!rule) return done();
  const delayMs = rule.delayMs || (rule.kind === "slow" ? usualDelayMs : 0);
  if (delayMs > 0) await pause(delayMs);
  return scripted(engine, rule, done);
}

async function scripted(engine: Engine, rule: ScriptedAnswer, done: () => Promise<Answer>): Promise<Answer | null> {
  switch (rule.kind) {
    case "slow":
      return done();
    case "reset":
      return null;
    case "lose":
      await done();
      await engine.store.durable();
      return null;
    case "rate-limit":
      return tooMany(engine, rule.headers, { reason: "jira-burst-based", retryAfterSeconds: rule.retryAfterSeconds, limit: 100 });
    case "unavailable":
      return unavailable(rule.retryAfterSeconds);
    case "status":
      return new Answer(rule.status, rule.body ?? { code: rule.status, message: "As asked for by the control page" }, rule.headers);
  }
}

const unavailable = (retryAfterSeconds: number): Answer => new Answer(503, { code: 503, message: "Service Unavailable" }, { "Retry-After": String(retryAfterSeconds) });

async function route(engine: Engine, exchange: Exchange, body: Buffer): Promise<Answer> {
  const { request, url, path } = exchange;
  const isGet = request.method === "GET" || request.method === "HEAD";
  switch (url.pathname) {
    case "/authorize":
      return isGet ? showConsent(engine, url.searchParams) : decide(engine, new URLSearchParams(body.toString("utf8")));
    case "/oauth/token":
      if (request.method !== "POST") return new Answer(405);
      return answerToken(engine, parseJson(body, () => new Answer(400, { error: "invalid_request", error_description: "The request body is not valid JSON." })));
    case "/oauth/token/accessible-resources":
      return answerAccessibleResources(engine, exchange);
    case "/me":
      return answerMe(engine, exchange);
    case "/health":
      return new Answer(200, { ok: true });
  }
  if (path[0] === "ex" && path[1] === "jira") return answerJira(engine, exchange, body);
  if (path[0] === "_control") return answerControl(engine, exchange, body);
  if (path[0] === "sites" && path[2] === "rest") return siteRest(engine, exchange, body);
  return answerPages(engine, exchange, body);
}

/** A site's own API knows admin webhooks; tokens of applications do not work on it. */
function siteRest(engine: Engine, exchange: Exchange, body: Buffer): Answer {
  const site = engine.store.all("sites").find(({ slug }) => slug === exchange.path[1]);
  if (!site) return new Answer(404, { errorMessage: "Site temporarily unavailable" });
  if (exchange.path.slice(3, 6).join("/") === "webhooks/1.0/webhook") return answerAdminHooks(engine, site, exchange, body);
  return new Answer(403, { error: "Failed to parse Connect Session Auth Token" });
}

function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = url.pathname.split("/").filter((part) => part !== "").map(decodeURIComponent);
    return { request, response, url, path };
  } catch {
    throw new Answer(400, { message: "The request address cannot be read." });
  }
}
