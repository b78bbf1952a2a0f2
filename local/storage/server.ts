import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { lockFolder } from "../engine/folder-lock";
import { readAddress, type Address } from "./address";
import { deleteObjects, listObjects } from "./bucket";
import { corsHeaders, preflight } from "./cors";
import { readerOf, refuseUnknown, type Answer, type Exchange } from "./exchange";
import { log } from "./log";
import { ObjectStore } from "./object-store";
import { copyObject, deleteObject, getObject, putObject } from "./objects";
import { notImplemented, Refusal } from "./refusal";
import { prove, type Credentials } from "./signature";
import { xmlError } from "./xml";

export interface StorageOptions extends Credentials {
  /** 0 for any free port. */
  port: number;
  dataDir: string;
  bucket: string;
  /** Of the pages that may use signed addresses from their scripts. */
  allowedOrigins: readonly string[];
  /** The largest object; S3 takes 5 GiB in one request. */
  mostBytes?: number;
  now?: () => number;
}

export interface StorageEngine {
  url: string;
  port: number;
  close: () => Promise<void>;
}

interface Engine {
  options: StorageOptions;
  store: ObjectStore;
  origins: ReadonlySet<string>;
  now: () => number;
}

const gibibyte = 1024 ** 3;
/** Nothing that somebody uploaded may act in the name of this address, however a browser comes to open it. */
const harmless = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "referrer-policy": "no-referrer",
};
const idleMs = 120_000;
/** How long what nobody wants is read, so that a sender who listens only afterwards still hears why. */
const drainMs = 10_000;

export async function openStorage(options: StorageOptions): Promise<StorageEngine> {
  const unlock = await lockFolder(options.dataDir, "storage");
  const server = createServer();
  try {
    const store = await ObjectStore.open(options.dataDir);
    const engine: Engine = { options, store, origins: new Set(options.allowedOrigins), now: options.now ?? Date.now };
    const serve = (request: IncomingMessage, response: ServerResponse) => void handle(engine, request, response);
    server.on("request", serve);
    // A body that is refused by its head need not be sent at all.
    server.on("checkContinue", serve);
    await listen(server, options.port);
  } catch (error) {
    await unlock();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await unlock();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  // A large upload takes as long as it takes; a silent one ends.
  server.requestTimeout = 0;
  server.timeout = idleMs;
  server.keepAliveTimeout = idleMs;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function handle(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  for (const [name, value] of Object.entries({ ...harmless, ...corsHeaders(request, engine.origins), "x-amz-request-id": requestId })) response.setHeader(name, value);
  try {
    const answer = request.method === "OPTIONS" ? { status: 200, headers: preflight(request, engine.origins) } : await answerTo(engine, request, response);
    if (answer) send(request, response, answer);
  } catch (error) {
    // Whoever hung up half way needs no answer, and nothing is wrong here.
    if (request.socket.destroyed) return;
    if (response.headersSent) return void response.destroy();
    const refusal = refusalOf(error, request);
    const body = xmlError({ Code: refusal.code, Message: refusal.message, ...refusal.extra, Resource: (request.url ?? "").split("?")[0], RequestId: requestId });
    send(request, response, { status: refusal.status, headers: refusal.headers, body: refusal.status === 304 ? undefined : body });
  }
}

async function answerTo(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<Answer | null> {
  const { options, store, now } = engine;
  const address = readAddress(request.url ?? "");
  const headers = headersOf(request);
  const method = request.method ?? "GET";
  const proof = prove({ method, address, headers }, options, now());
  refuseUnknown(address, headers);
  const exchange: Exchange = {
    request, response, store, address, proof, now,
    bucket: options.bucket,
    mostBytes: options.mostBytes ?? 5 * gibibyte,
    ...readerOf(address, headers),
  };
  if (address.bucket === "") throw notImplemented("listing buckets");
  if (address.bucket !== options.bucket) throw new Refusal("NoSuchBucket", "The specified bucket does not exist", { BucketName: address.bucket });
  return address.key === "" ? ofBucket(exchange, method) : ofObject(exchange, method);
}

async function ofBucket(exchange: Exchange, method: string): Promise<Answer> {
  const { query, address } = exchange;
  if (method === "HEAD") return { status: 200 };
  if (method === "GET" && query("list-type") === "2") return listObjects(exchange);
  if (method === "POST" && asks(address, "delete")) return deleteObjects(exchange);
  if (method === "PUT") throw new Refusal("BucketAlreadyOwnedByYou", "The bucket is there: it is the one that this storage was started with.");
  throw notImplemented(method === "GET" ? "the first version of ListObjects" : `${method} of a bucket`);
}

async function ofObject(exchange: Exchange, method: string): Promise<Answer | null> {
  switch (method) {
    case "PUT":
      return exchange.header("x-amz-copy-source") === undefined ? putObject(exchange) : copyObject(exchange);
    case "GET":
    case "HEAD":
      return getObject(exchange);
    case "DELETE":
      return deleteObject(exchange);
    case "POST":
      throw notImplemented("uploads by form");
    default:
      throw new Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
}

const asks = ({ query }: Address, name: string) => query.some(([given]) => given === name);

/** As sent, each value by itself: Node would fold some and drop others. */
function headersOf(request: IncomingMessage): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), request.rawHeaders[index + 1] ?? ""]);
  }
  return headers;
}

function refusalOf(error: unknown, request: IncomingMessage): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? error.code : null;
  log("error", "request failed", { method: request.method, path: (request.url ?? "").split("?")[0], reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EMFILE") return new Refusal("ServiceUnavailable", `The storage cannot take this now: ${code}.`);
  return new Refusal("InternalError", "We encountered an internal error. Please try again.");
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const isUnread = !request.complete;
  response.writeHead(status, {
    ...(body !== undefined && { "content-type": "application/xml", "cache-control": "no-store" }),
    ...(status !== 204 && status !== 304 && { "content-length": String(Buffer.byteLength(body ?? "")) }),
    ...(isUnread && { connection: "close" }),
    ...headers,
  });
  response.end(request.method === "HEAD" || status === 304 ? undefined : body);
  if (!isUnread) return;
  request.resume();
  const end = setTimeout(() => request.destroy(), drainMs);
  end.unref();
  request.once("close", () => clearTimeout(end));
}
