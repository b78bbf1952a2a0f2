import type { IncomingMessage, ServerResponse } from "node:http";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** The path, cut at its slashes and decoded. */
  path: string[];
}

/** What is answered, or thrown where answering otherwise is not what was asked for. */
export class Answer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown = undefined,
    readonly headers: Record<string, string> = {},
  ) {
    super(`answered ${status}`);
  }
}

export const html = (body: string, headers: Record<string, string> = {}, status = 200): Answer =>
  new Answer(status, body, { "content-type": "text/html; charset=utf-8", ...headers });

export const seeOther = (location: string, headers: Record<string, string> = {}): Answer =>
  new Answer(303, "See other.\n", { "content-type": "text/plain; charset=utf-8", location, ...headers });

const mostBodyBytes = 64 * 1024 * 1024;
const loopback = /^(?:localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

const safeHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * The pages have no password: they are guarded by listening on the loopback only. A page from elsewhere could still reach them through
 * the browser of whoever sits here, by a name that resolves to 127.0.0.1 or by a cross-site form.
 */
export function guardBrowser(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  if (!loopback.test(host)) throw new Answer(403, { message: "This engine answers to loopback names only." });
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) throw new Answer(403, { message: "Requests from other origins are refused." });
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBodyBytes) throw new Answer(413, { message: "The request body is too large." }, { connection: "close" });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The body as JSON; undefined when there is none, and what `refuse` makes when it is none. */
export function parseJson(body: Buffer, refuse: () => Answer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw refuse();
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const { status, body } = answer;
  const isText = typeof body === "string" || Buffer.isBuffer(body);
  const content = body === undefined ? "" : isText ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...safeHeaders,
    ...(body !== undefined && !isText && { "content-type": "application/json;charset=UTF-8" }),
    ...(status !== 204 && { "content-length": String(Buffer.byteLength(content)) }),
    ...answer.headers,
  });
  response.end(response.req.method === "HEAD" || status === 204 ? undefined : content);
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
