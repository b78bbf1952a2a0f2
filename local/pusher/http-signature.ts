import { createHash } from "node:crypto";
import { HttpRefusal } from "./http-refusal";
import type { AppCredentials } from "./settings";
import { sameText, sign } from "./signature";

export interface SignedRequest {
  method: string;
  /** As it stands in the request line. */
  path: string;
  query: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

/** Verifies a request as https://pusher.com/docs/channels/library_auth_reference/rest-api describes; throws a 401. */
export function verifySignature(app: AppCredentials, request: SignedRequest, nowMs: number, toleranceSeconds: number): void {
  const parameters = new Map(request.query);
  const refuse = (reason: string): never => {
    throw new HttpRefusal(401, reason);
  };
  if (parameters.get("auth_key") !== app.key) refuse("auth_key is missing or unknown.");
  if (parameters.get("auth_version") !== "1.0") refuse("auth_version must be 1.0.");
  const timestamp = parameters.get("auth_timestamp") ?? "";
  if (!/^\d{1,15}$/.test(timestamp)) refuse("auth_timestamp must be the Unix time in seconds.");
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) {
    refuse(`auth_timestamp is more than ${toleranceSeconds} s away from the server's time.`);
  }
  const bodyMd5 = parameters.get("body_md5");
  if (request.body.length > 0 || bodyMd5 !== undefined) {
    const expected = createHash("md5").update(request.body).digest("hex");
    if (bodyMd5 === undefined || !sameText(bodyMd5, expected)) refuse("body_md5 does not match the body.");
  }
  const signature = parameters.get("auth_signature") ?? "";
  if (!signedTexts(request).some((text) => sameText(signature, sign(app.secret, text)))) {
    refuse("auth_signature does not match the request.");
  }
}

/**
 * The library signs a path before its HTTP client escapes it (a user id with a space in it, for one), so the path is
 * accepted as it came and unescaped.
 */
function signedTexts({ method, path, query }: SignedRequest): string[] {
  const signedQuery = query
    .filter(([name]) => name !== "auth_signature")
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [...new Set([path, unescaped(path)])].map((spelling) => [method, spelling, signedQuery].join("\n"));
}

/** A "+" stays a "+": the libraries do not write spaces so. */
export function parseQuery(query: string): [name: string, value: string][] {
  if (query === "") return [];
  return query.split("&").map((pair) => {
    const [name = "", ...rest] = pair.split("=");
    return [unescaped(name), unescaped(rest.join("="))];
  });
}

export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
