import { createHash, randomBytes } from "node:crypto";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { env } from "../env";
import { Refused } from "../errors";
import { negotiateLocale } from "../i18n/locales";
import { clientAddress } from "./client-address";
import { authOptions } from "./options";
import { confirmUrl } from "./sign-in-link";
import { safeReturnTo } from "./return-to";
import { sessionCookieName } from "./session";

const bodyLimitBytes = 10_000;

/**
 * One request to next-auth, as a plain `Request` and `Response`. Its two other ways in depend on Next's pages router or on
 * `next/headers`; this one runs wherever there is a request, tests included.
 *
 * The caller has refused foreign origins (`route.ts`), which is our guard against forged requests; next-auth's own double-submit
 * pair is filled in, so that plain forms work before any script has fetched a token.
 */
export async function answerAuth(request: Request, path: string[]): Promise<Response> {
  const url = new URL(request.url);
  const query = Object.fromEntries(url.searchParams);
  const opensMailedLink = request.method === "GET" && path[0] === "callback" && path[1] === "email";
  // A link is used up by a person's click on the confirm page, never by a program that follows it.
  if (opensMailedLink) {
    const { token = "", email = "", callbackUrl } = query;
    return seeOther(confirmUrl({ token, email, callbackUrl: safeReturnTo(callbackUrl) }));
  }
  const csrf = fromOwnPage(request) ? ownCsrfPair() : null;
  const body = { ...(await formOf(request)), ...(csrf && { csrfToken: csrf.token }) };
  const cookies = { ...cookiesOf(request), ...(csrf && { [csrf.cookie]: csrf.value }) };
  const answer = new Answer();
  await NextAuth(
    { method: request.method, query: { ...query, nextauth: path }, body, cookies, headers: Object.fromEntries(request.headers) } as unknown as NextApiRequest,
    answer as unknown as NextApiResponse,
    authOptions({
      userAgent: request.headers.get("user-agent"),
      clientAddress: clientAddress(request.headers),
      previousToken: cookies[sessionCookieName()],
      locale: negotiateLocale(request.headers.get("accept-language")),
    }),
  );
  return answer.toResponse();
}

/** Browsers name the origin of every POST; what comes without one is no browser and must bring next-auth's own pair. */
const fromOwnPage = (request: Request) => request.method === "POST" && request.headers.has("origin");

function ownCsrfPair(): { token: string; cookie: string; value: string } {
  const settings = env();
  const token = randomBytes(32).toString("hex");
  const hash = createHash("sha256").update(`${token}${settings.NEXTAUTH_SECRET}`).digest("hex");
  const prefix = settings.APP_URL.startsWith("https://") ? "__Host-" : "";
  return { token, cookie: `${prefix}next-auth.csrf-token`, value: `${token}|${hash}` };
}

async function formOf(request: Request): Promise<Record<string, unknown>> {
  if (request.method !== "POST") return {};
  const text = await request.text();
  if (text.length > bodyLimitBytes) throw new Refused("TOO_LARGE");
  const type = request.headers.get("content-type") ?? "";
  if (type.includes("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  if (!type.includes("application/json")) return {};
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new Refused("MALFORMED");
  }
}

function cookiesOf(request: Request): Record<string, string> {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((part) => part.trim().split(/=(.*)/s));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name = "", value = ""]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const seeOther = (location: string) => new Response(null, { status: 303, headers: { Location: ownPath(location) } });

/**
 * A path rather than the full address, so that a browser on another name of this machine stays where its cookies are; and without
 * the detour over next-auth's own error address, which only leads on to our page.
 */
function ownPath(location: string): string {
  const { origin } = new URL(env().APP_URL);
  if (location === origin) return "/";
  if (!location.startsWith(`${origin}/`)) return location;
  return location.slice(origin.length).replace(/^\/api\/auth\/error(?=\?)/, "/sign-in");
}

/** What next-auth writes of the pages router's response, collected. */
class Answer {
  private code = 200;
  private readonly headers = new Headers();
  private cookies: string[] = [];
  private body: string | null = null;

  status(code: number): this {
    this.code = code;
    return this;
  }

  getHeader(name: string): string[] | string | null {
    return name.toLowerCase() === "set-cookie" ? this.cookies : this.headers.get(name);
  }

  setHeader(name: string, value: string | string[]): this {
    if (name.toLowerCase() === "set-cookie") this.cookies = [value].flat();
    else this.headers.set(name, String(value));
    return this;
  }

  json(value: unknown): void {
    this.headers.set("Content-Type", "application/json");
    this.body = JSON.stringify(value);
  }

  send(value: unknown): void {
    if (value === undefined || value === null) return;
    if (typeof value === "string") this.body = value;
    else this.json(value);
  }

  end(): void {}

  toResponse(): Response {
    const location = this.headers.get("location");
    // 303, so that a browser which posted a form goes on with GET (RFC 9110, 15.4.4).
    if (location) this.headers.set("Location", ownPath(location));
    const response = new Response(this.body, { status: location ? 303 : this.code, headers: this.headers });
    for (const cookie of this.cookies) response.headers.append("Set-Cookie", cookie);
    return response;
  }
}
