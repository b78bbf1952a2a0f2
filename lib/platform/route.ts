import { after } from "next/server";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { env } from "./env";
import { Refused, refusedField } from "./errors";
import { newId } from "./ids";
import { log, withLogContext } from "./log";
import { metrics, routePattern } from "./metrics";
import { pokeRelay } from "./outbox/poke";
import { describeFault, parseInput } from "./validation";

const bodyLimitBytes = 1_048_576;
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

type Context<Params> = { params: Promise<Params> };
type Handler<Params> = (request: Request, params: Params) => Promise<Response>;

interface RouteOptions {
  /** The request is proven by a signature that it carries and by no cookie, so it may come from any site: a mailbox, a provider. */
  signed?: boolean;
}

/**
 * The one place where a route's refusals are caught and become problem+json (RFC 9457). Every answer carries `X-Request-Id`, which
 * the log lines of the request carry too.
 */
export function route<Params = Record<string, never>>(handler: Handler<Params>, { signed = false }: RouteOptions = {}) {
  return (request: Request, context: Context<Params>): Promise<Response> => {
    const requestId = newId("request");
    const startedAt = performance.now();
    return withLogContext({ requestId }, async () => {
      const response = await answer(request, context, handler, signed);
      const pattern = routePattern(new URL(request.url).pathname, (await context.params) ?? {});
      metrics().request.observe({ method: request.method, route: pattern, status: String(response.status) }, (performance.now() - startedAt) / 1000);
      response.headers.set("X-Request-Id", requestId);
      if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "private, no-store");
      return response;
    });
  };
}

async function answer<Params>(request: Request, context: Context<Params>, handler: Handler<Params>, signed: boolean): Promise<Response> {
  try {
    if (!signed) refuseForeignOrigin(request);
    // PostgreSQL holds no U+0000, so nothing can be found by it; asked for, it would fail as if the defect were ours.
    if (request.url.includes("%00")) throw new Refused("NOT_FOUND");
    const response = await handler(request, await context.params);
    if (!safeMethods.has(request.method)) after(pokeRelay);
    return response;
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refused) return problem(error);
    // A browser that closes in the middle of its question breaks off the body: no defect, and nobody is left to answer.
    if (request.signal.aborted) return new Response(null, { status: 499 });
    log.error("route failed", { error, path: new URL(request.url).pathname });
    return problemJson(500, { type: "urn:moim:problem:unexpected", title: "Something went wrong on our side.", status: 500 });
  }
}

/** A browser that sends a cookie from another site is refused; API clients send no Origin and carry a token instead. */
function refuseForeignOrigin(request: Request): void {
  if (safeMethods.has(request.method)) return;
  const origin = request.headers.get("origin");
  if (!origin || request.headers.has("authorization")) return;
  const own = [new URL(env().APP_URL).host, request.headers.get("host")];
  if (!URL.canParse(origin) || !own.includes(new URL(origin).host)) {
    throw new Refused("FORBIDDEN", { detail: "This request came from another site." });
  }
}

const titles: Partial<Record<Refused["code"], string>> = {
  INVALID: "The input is not valid.",
  MALFORMED: "The body could not be read.",
  TOO_LARGE: "The body is larger than is taken here.",
  UNSUPPORTED_MEDIA: "Send application/json.",
  SIGNED_OUT: "Sign in, or send a personal API token as Authorization: Bearer.",
  FORBIDDEN: "You may not do this.",
  NOT_FOUND: "There is nothing here.",
  TIME_TAKEN: "You already have a meeting at this time.",
  PRECONDITION_FAILED: "It has changed since you read it. Read it again and repeat your change.",
  IDEMPOTENCY_MISMATCH: "This Idempotency-Key was already used for another request.",
  SIGNATURE_INVALID: "The signature does not match.",
  WEBHOOK_UNPROVEN: "This webhook does not prove who sent it.",
  PUSH_NOT_OFFERED: "Push is not set up on this server.",
  TOO_MANY_DEVICES: "You have as many devices as can be registered; remove one.",
  TOO_MANY_REQUESTS: "Too many requests. Wait and try again.",
};

export function problem(refused: Refused): Response {
  const { retryAfterSeconds } = refused.extra;
  const headers = {
    ...(typeof retryAfterSeconds === "number" && { "Retry-After": String(retryAfterSeconds) }),
    // RFC 9110, 11.6.1: a 401 names how to authenticate.
    ...(refused.status === 401 && { "WWW-Authenticate": 'Bearer realm="Moim"' }),
  };
  return problemJson(
    refused.status,
    {
      type: `urn:moim:problem:${refused.code.toLowerCase().replaceAll("_", "-")}`,
      title: titles[refused.code] ?? refused.message,
      status: refused.status,
      code: refused.code,
      ...(refused.message !== refused.code ? { detail: refused.message } : {}),
      ...(refused.fields.length > 0
        ? { errors: refused.fields.map(({ path, code, detail }) => ({ field: path.join("."), pointer: `#/${path.join("/")}`, code, detail })) }
        : {}),
      ...refused.extra,
    },
    headers,
  );
}

function problemJson(status: number, body: Record<string, unknown>, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, "Content-Type": "application/problem+json" } });
}

/**
 * The parsed JSON body. The size is checked on what arrives, not on what the header claims.
 * @throws Refused UNSUPPORTED_MEDIA, TOO_LARGE, MALFORMED or INVALID.
 */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") throw new Refused("UNSUPPORTED_MEDIA");
  const text = await readText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("MALFORMED", { detail: "The body is not valid JSON." });
  }
  return parseInput(schema, value);
}

/** As `readJson`, for an endpoint whose body may be left out. */
export async function readJsonOr<Schema extends z.ZodType>(request: Request, schema: Schema, absent: z.output<Schema>): Promise<z.output<Schema>> {
  const empty = request.headers.get("content-length") === "0" || (request.body === null && !request.headers.has("transfer-encoding"));
  return empty ? absent : readJson(request, schema);
}

/** Says in which organization a session acts, at every endpoint (lib/organizations/actor.ts), so no schema need know it. */
const organizationName = "organization";

/** The query string as an object, parsed by `schema`; a repeated name is refused by the schema because it becomes a list. */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const query = new URL(request.url).searchParams;
  const values = Object.fromEntries([...new Set(query.keys())].filter((name) => name !== organizationName).map((name) => {
    const all = query.getAll(name);
    return [name, all.length === 1 ? all[0] : all];
  }));
  return parseInput(schema, values);
}

const readText = async (request: Request): Promise<string> => (await readBytes(request)).toString("utf8");

/**
 * The body as it came, for signatures that are made over its bytes.
 * @throws Refused TOO_LARGE beyond `limitBytes`: at once when it says so itself, else as soon as as much has arrived.
 */
export async function readBytes(request: Request, limitBytes = bodyLimitBytes): Promise<Buffer> {
  if (Number(request.headers.get("content-length")) > limitBytes) throw new Refused("TOO_LARGE");
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new Refused("TOO_LARGE");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const entityTag = (version: number) => `"${version}"`;

/** The answer that shows one versioned resource; `ETag` goes back in `If-Match` (RFC 9110 section 13.1.1). */
export function versioned(body: { version: number; url: string }, status: 200 | 201 = 200): Response {
  const headers = { ETag: entityTag(body.version), ...(status === 201 ? { Location: body.url } : {}) };
  return Response.json(body, { status, headers });
}

/** The version that `If-Match` names; undefined when it is absent or `*`. @throws Refused PRECONDITION_FAILED when it names none of ours. */
export function ifMatch(request: Request): number | undefined {
  const header = request.headers.get("if-match")?.trim();
  if (!header || header === "*") return undefined;
  const version = /^"(\d+)"$/.exec(header)?.[1];
  if (!version) throw new Refused("PRECONDITION_FAILED");
  return Number(version);
}

/** The caller's `Idempotency-Key`. @throws Refused INVALID when it is longer than 200 characters. */
export function idempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key")?.trim();
  if (key && key.length > 200) throw refusedField("Idempotency-Key", "too-long", describeFault("too-long"));
  return key || undefined;
}
