import type { IncomingMessage } from "node:http";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

function hostname(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/**
 * Why a request may not pass, or undefined. This server has no sign-in: what protects it from web pages in the same browser is
 * that the Host must be this machine (a rebound name is not) and that a change must come from its own pages (or from no page).
 */
export function refusal(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? "";
  if (!LOCAL.has(hostname(host) ?? "")) return "this server answers to localhost only";
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return "requests from other sites are not taken";
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "requests from other sites are not taken";
  return undefined;
}
