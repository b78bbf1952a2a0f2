import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Control, type ControlRule } from "./control";
import { Firebase } from "./firebase";
import { Subscription } from "./subscriptions";
import { checkVapid, VapidRefusal } from "./vapid";

export interface PushEngine {
  url: string;
  port: number;
  /** What a browser gets from its push service when it subscribes. */
  newSubscription(applicationServerKey?: string): Subscription;
  control(rule: ControlRule): void;
  firebase: Firebase;
  /** Every call so far, refused ones included. */
  calls: { address: string; status: number | null }[];
  close(): Promise<void>;
}

export interface PushOptions {
  /** 0 for any free port. */
  port: number;
  now?: () => number;
}

/** RFC 8030, 7.2: at least 4096 bytes must be taken; no push service takes more. */
const mostBytes = 4096;

export async function startPush({ port, now = Date.now }: PushOptions): Promise<PushEngine> {
  const subscriptions = new Map<string, Subscription>();
  const control = new Control();
  const calls: PushEngine["calls"] = [];
  const tokens = new Map<string, ReturnType<typeof checkVapid>>();
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => answer(response, 500, { error: String(error) }));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  const chosen = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${chosen}`;
  const firebase = new Firebase(url);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const path = new URL(request.url ?? "/", url).pathname;
    const [, id] = /^\/push\/([\w-]+)$/.exec(path) ?? [];
    const [, project] = /^\/v1\/projects\/([\w-]+)\/messages:send$/.exec(path) ?? [];
    if (request.method !== "POST") return answer(response, 405, {});
    if (id) return goesWrong(`${url}${path}`, request, response, () => push(id, request, body));
    if (path === "/token") return answer(response, ...firebase.grant(new URLSearchParams(body.toString("utf8"))));
    if (!project) return answer(response, 404, {});
    const message = JSON.parse(body.toString("utf8")) as { message?: { token?: string } };
    return goesWrong(message.message?.token ?? "", request, response, () => firebase.send(project, request.headers.authorization, message));
  }

  /** Does what the rule says, and otherwise what is asked. */
  async function goesWrong(address: string, request: IncomingMessage, response: ServerResponse, work: () => [number, unknown, Record<string, string>?]): Promise<void> {
    const { mode, delayMs = 5_000, retryAfterSeconds } = control.take(address);
    const tell = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      calls.push({ address, status });
      answer(response, status, body, headers);
    };
    const retryAfter: Record<string, string> = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    switch (mode) {
      case "rate-limit":
        return tell(429, { error: "too many requests" }, retryAfter);
      case "server-error":
        return tell(503, { error: "unavailable" }, retryAfter);
      case "gone":
        return tell(410, { error: "unsubscribed" });
      case "not-found":
        return tell(404, { error: "unknown" });
      case "refuse":
        return tell(400, { error: "bad request" });
      case "drop-before-accept":
      case "drop-after-accept":
        if (mode === "drop-after-accept") work();
        calls.push({ address, status: null });
        request.socket.destroy();
        return;
      case "slow":
        await new Promise((later) => setTimeout(later, delayMs).unref());
        return tell(...work());
      case "ok":
        return tell(...work());
    }
  }

  /** RFC 8292, 2: a token may be used again, and a push service that has checked it once need not check it again. */
  function believed(authorization: string | undefined, expectedKey: string | null): string {
    const name = `${authorization} for ${expectedKey}`;
    const known = tokens.get(name);
    if (known && known.claims.exp * 1000 > now()) return known.token;
    const checked = checkVapid(authorization, url, now(), expectedKey);
    tokens.set(name, checked);
    return checked.token;
  }

  /** RFC 8030, 5: one request for delivery. */
  function push(id: string, request: IncomingMessage, body: Buffer): [number, unknown, Record<string, string>?] {
    const subscription = subscriptions.get(id);
    if (!subscription || subscription.state === "unknown") return [404, { error: "no such subscription" }];
    if (subscription.state === "gone") return [410, { error: "unsubscribed" }];
    const { ttl, urgency = "normal", topic, "content-encoding": coding, authorization } = request.headers;
    let token: string;
    try {
      token = believed(authorization, subscription.applicationServerKey);
    } catch (error) {
      if (error instanceof VapidRefusal) return [error.status, { error: error.message }];
      throw error;
    }
    if (typeof ttl !== "string" || !/^\d+$/.test(ttl)) return [400, { error: "TTL is missing" }];
    if (typeof urgency !== "string" || !["very-low", "low", "normal", "high"].includes(urgency)) return [400, { error: "unknown Urgency" }];
    if (topic !== undefined && (typeof topic !== "string" || !/^[\w-]{1,32}$/.test(topic))) return [400, { error: "Topic is not 1 to 32 characters of base64url" }];
    if (body.length > mostBytes) return [413, { error: "too large" }];
    if (body.length > 0 && coding !== "aes128gcm") return [400, { error: "unknown Content-Encoding" }];
    const message = subscription.accept(body, { ttlSeconds: Number(ttl), urgency, topic: topic ?? null, token });
    return [201, "", { location: `${url}/message/${message.id}`, ttl }];
  }

  return {
    url,
    port: chosen,
    newSubscription(applicationServerKey) {
      const subscription = new Subscription(url, applicationServerKey ?? null, now);
      subscriptions.set(subscription.id, subscription);
      return subscription;
    },
    control: (rule) => control.set(rule),
    firebase,
    calls,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(typeof body === "string" ? body : JSON.stringify(body));
}
