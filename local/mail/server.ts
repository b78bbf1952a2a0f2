import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Control } from "./control";
import { Delivery } from "./delivery";
import { answer, answerJson, guardBrowser, type Exchange } from "./http";
import { lockFolder } from "../engine/folder-lock";
import { log } from "./log";
import { Mailbox } from "./mailbox";
import { answerControl, answerMessages } from "./messages-api";
import { answerPage, LiveUpdates } from "./page";
import { RateLimit } from "./rate-limit";
import { Refusal } from "./refusal";
import { answerResend, isResendPath, type ResendApi } from "./resend-api";
import { ShareLinks } from "./share-links";
import { Webhooks, type WebhookOptions } from "./webhooks";

export interface MailOptions {
  /** 0 for any free port. */
  port: number;
  dataDir: string;
  apiKey: string;
  /** The newest messages kept; those that still wait for their time are never dropped. */
  maxMessages?: number;
  /** The most content kept, in bytes. */
  maxBytes?: number;
  segmentBytes?: number;
  requestsPerSecond?: number;
  /** Where it is reported what became of mails; nowhere without it. */
  webhook?: WebhookOptions;
  now?: () => number;
}

export interface MailEngine {
  url: string;
  port: number;
  close: () => Promise<void>;
}

const gibibyte = 1024 ** 3;

export async function startMail(options: MailOptions): Promise<MailEngine> {
  const now = options.now ?? Date.now;
  const unlock = await lockFolder(options.dataDir, "mail");
  const mailbox = await Mailbox.open({
    folder: options.dataDir,
    maxMessages: options.maxMessages ?? 20_000,
    maxBytes: options.maxBytes ?? 2 * gibibyte,
    segmentBytes: options.segmentBytes ?? 16 * 1024 * 1024,
    now,
  }).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const reported = options.webhook?.events ?? [];
  const delivery = new Delivery(mailbox, reported, now);
  const webhooks = options.webhook && new Webhooks(mailbox, options.webhook, now);
  const shareLinks = new ShareLinks(options.apiKey);
  const engine: Engine = {
    api: { mailbox, control: new Control(), reported, shareLinks, apiKey: options.apiKey, now },
    live: new LiveUpdates(mailbox),
    rateLimit: new RateLimit(options.requestsPerSecond ?? 1_000, now),
  };
  const server = createServer((request, response) => void handle(engine, request, response));
  const close = async (): Promise<void> => {
    delivery.close();
    webhooks?.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await mailbox.close();
    await unlock();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, "127.0.0.1", resolve);
    });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, close };
}

interface Engine {
  api: ResendApi;
  live: LiveUpdates;
  rateLimit: RateLimit;
}

async function handle(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    guardBrowser(request);
    await route(engine, exchangeOf(request, response));
  } catch (error) {
    if (error instanceof Refusal) {
      answerJson(response, error.status, error.body(), error.headers);
      return;
    }
    if (request.destroyed && !request.complete) return;
    log("error", "request failed", { method: request.method, path: request.url, reason: String(error) });
    answerJson(response, 500, new Refusal(500, "application_error", "An unexpected error occurred.").body());
  }
}

async function route(engine: Engine, exchange: Exchange): Promise<void> {
  const { request, response, url, path } = exchange;
  const { api } = engine;
  if (isResendPath(path)) {
    for (const [name, value] of Object.entries(engine.rateLimit.take())) response.setHeader(name, value);
    return answerResend(api, exchange);
  }
  if (path[0] === "messages") return answerMessages(api.mailbox, exchange);
  if (path[0] === "control" && path.length === 1) {
    await answerControl(api.control, exchange);
    engine.live.notify();
    return;
  }
  if (request.method === "GET" || request.method === "HEAD") {
    if (url.pathname === "/live") return engine.live.subscribe(exchange);
    if (url.pathname === "/health") return answerJson(response, 200, { ok: true });
    if (url.pathname === "/shared") return answerShared(api, exchange);
    if (await answerPage(exchange)) return;
  }
  throw new Refusal(404, "not_found", "The requested endpoint does not exist.");
}

function answerShared({ shareLinks, mailbox, now }: ResendApi, { response, url }: Exchange): void {
  const id = shareLinks.read(url.searchParams.get("token") ?? "", now());
  if (id === null || mailbox.get(id) === null) {
    throw new Refusal(410, "not_found", "This link has expired, or its mail is gone.");
  }
  answer(response, 303, "text/plain; charset=utf-8", "See the mail.\n", { location: `/messages/${id}/html` });
}

function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = url.pathname.split("/").filter((part) => part !== "").map(decodeURIComponent);
    return { request, response, url, path };
  } catch {
    throw new Refusal(400, "validation_error", "The request address cannot be read.");
  }
}
