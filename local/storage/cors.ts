import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal";

const methods = ["GET", "HEAD", "PUT"];
const exposed = "ETag, Content-Length, Content-Range, Accept-Ranges, x-amz-request-id";
/** What a browser may add to a signed address; anything that is signed besides is in the address itself. */
const permitted = /^(content-type|content-length|content-md5|cache-control|range|if-(none-)?match|if-(un)?modified-since|x-amz-[\w-]+)$/;

/** What a browser needs to let a page of the application read the answer; nothing for pages of anybody else. */
export function corsHeaders(request: IncomingMessage, origins: ReadonlySet<string>): Record<string, string> {
  const { origin } = request.headers;
  const vary = { vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers" };
  if (origin === undefined || !origins.has(origin)) return vary;
  return { ...vary, "access-control-allow-origin": origin, "access-control-expose-headers": exposed };
}

/** The answer to the question that a browser asks before a PUT. @throws Refusal */
export function preflight(request: IncomingMessage, origins: ReadonlySet<string>): Record<string, string> {
  const { origin, "access-control-request-method": method, "access-control-request-headers": wanted = "" } = request.headers;
  if (origin === undefined || method === undefined) throw new Refusal("InvalidRequest", "Insufficient information. Origin and Access-Control-Request-Method request headers are needed.");
  const headers = wanted.split(",").map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  if (!origins.has(origin) || !methods.includes(method) || !headers.every((name) => permitted.test(name))) {
    throw new Refusal("AccessForbidden", "CORSResponse: This CORS request is not allowed.", { Method: method, Origin: origin });
  }
  return {
    ...corsHeaders(request, origins),
    "access-control-allow-methods": methods.join(", "),
    ...(headers.length > 0 && { "access-control-allow-headers": headers.join(", ") }),
    "access-control-max-age": "3600",
  };
}
