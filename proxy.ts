import { NextResponse, type NextRequest } from "next/server";
import { offeredProviders } from "@/lib/platform/auth/offered-providers";
import { dataPolicy, pagePolicy, workerPolicy } from "@/lib/platform/content-security-policy";
import { env } from "@/lib/platform/env";
import { storageOrigin } from "@/lib/platform/storage-address";

/**
 * Headers only. Nothing is permitted or refused here: every page, action and route authorizes for itself, because a proxy has been
 * walked around before (CVE-2025-29927).
 */
export function proxy(request: NextRequest): NextResponse {
  const secure = env().APP_URL.startsWith("https:");
  const response = responseTo(request, secure);
  if (secure) response.headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
  return response;
}

function responseTo(request: NextRequest, secure: boolean): NextResponse {
  const { pathname } = request.nextUrl;
  if (pathname === "/push-worker.js") return workerResponse();
  return isData(pathname) ? withPolicy(dataPolicy) : pageResponse(request, secure);
}

/** A worker is checked for a newer one each time; one that a cache holds back would be asked by no page. */
function workerResponse(): NextResponse {
  const response = withPolicy(workerPolicy);
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

const isData = (path: string) => path.startsWith("/api/");

function withPolicy(policy: string): NextResponse {
  const response = NextResponse.next();
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

function pageResponse(request: NextRequest, secure: boolean): NextResponse {
  const settings = env();
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = pagePolicy({
    nonce,
    realtime: {
      cluster: settings.PUSHER_CLUSTER,
      host: settings.PUSHER_HOST ?? null,
      port: settings.PUSHER_PORT ?? null,
      tls: settings.PUSHER_TLS,
    },
    storage: storageOrigin(),
    signInOrigins: offeredProviders().flatMap(({ origins }) => origins),
    secure,
    development: settings.NODE_ENV === "development",
  });
  // Next reads the nonce from the policy of the request; our own inline parts read it from x-nonce. A layout does not know its
  // page's address, which it needs to come back to after signing in.
  const headers = new Headers(request.headers);
  headers.set("x-path", request.nextUrl.pathname + request.nextUrl.search);
  headers.set("x-nonce", nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

// Webhooks pass by: Next would copy a body for us, and only its first 10 MB, whereas theirs are signed whole and may have 25.
export const config = { matcher: "/((?!_next/static|webhook/|_next/image|icon.svg|manifest.webmanifest|[\\w-]+\\.png$).*)" };
