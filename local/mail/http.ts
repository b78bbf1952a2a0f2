import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./refusal";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** The path, cut at its slashes and decoded. */
  path: string[];
}

const mostBodyBytes = 64 * 1024 * 1024;
const loopback = /^(?:localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** Sent with every answer. The page adds what it needs on top. */
export const safeHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * The mailbox has no password: it is guarded by listening on the loopback only. A page from elsewhere could still reach
 * it through the browser of whoever sits here, by a name that resolves to 127.0.0.1 or by a cross-site form.
 */
export function guardBrowser(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  if (!loopback.test(host)) throw new Refusal(403, "security_error", "This engine answers to loopback names only.");
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.origin;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, "security_error", "Requests from other origins are refused.");
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBodyBytes) throw new Refusal(413, "validation_error", "The request body is too large.", { connection: "close" });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new Refusal(400, "validation_error", "The request body is not valid JSON.");
  }
}

export function answerJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  answer(response, status, "application/json; charset=utf-8", JSON.stringify(value), headers);
}

export function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...safeHeaders, "content-type": contentType, "content-length": length, ...headers });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
