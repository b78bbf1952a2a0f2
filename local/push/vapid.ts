import { createPublicKey, verify } from "node:crypto";

export interface VapidClaims {
  aud: string;
  exp: number;
  sub: string;
}

/** Why a sender is not believed (RFC 8292, 4): 401 without a token, 403 with one that does not hold. */
export class VapidRefusal extends Error {
  constructor(
    readonly status: 401 | 403,
    message: string,
  ) {
    super(message);
  }
}

const daySeconds = 24 * 60 * 60;

/**
 * Checks `Authorization: vapid t=<JWT>, k=<key>` (RFC 8292): the signature by that key, the audience, and an end that lies ahead by at
 * most 24 hours.
 * @param expectedKey the key the subscription was made for, when it was made for one
 */
export function checkVapid(header: string | undefined, origin: string, nowMs: number, expectedKey: string | null): { claims: VapidClaims; token: string } {
  const { t: token, k: key } = parameters(header);
  if (!token || !key) throw new VapidRefusal(401, "no vapid token");
  if (expectedKey && key !== expectedKey) throw new VapidRefusal(403, "the subscription belongs to another application server key");
  const [head, body, signature, ...more] = token.split(".");
  if (!head || !body || !signature || more.length > 0) throw new VapidRefusal(403, "the token is no JWT");
  if (json(head).alg !== "ES256") throw new VapidRefusal(403, "the token is not signed with ES256");
  const signed = { key: publicKey(key), dsaEncoding: "ieee-p1363" as const };
  if (!verify("sha256", Buffer.from(`${head}.${body}`), signed, Buffer.from(signature, "base64url"))) throw new VapidRefusal(403, "the signature does not hold");
  const { aud, exp, sub } = json(body);
  const now = nowMs / 1000;
  if (aud !== origin) throw new VapidRefusal(403, `the token is for ${String(aud)}`);
  if (typeof exp !== "number" || exp <= now) throw new VapidRefusal(403, "the token has expired");
  if (exp > now + daySeconds) throw new VapidRefusal(403, "the token holds for more than 24 hours");
  if (typeof sub !== "string" || !/^(mailto:.+@|https:\/\/)/.test(sub)) throw new VapidRefusal(403, "the token names nobody to write to");
  return { claims: { aud, exp, sub }, token };
}

function parameters(header: string | undefined): Record<string, string> {
  const [, rest] = /^vapid\s+(.*)$/i.exec(header ?? "") ?? [];
  return Object.fromEntries((rest ?? "").split(",").flatMap((pair) => {
    const [, name, value] = /^\s*(\w+)\s*=\s*"?([^"\s]*)"?\s*$/.exec(pair) ?? [];
    return name && value ? [[name, value]] : [];
  }));
}

function publicKey(key: string) {
  const point = Buffer.from(key, "base64url");
  if (point.length !== 65 || point[0] !== 4) throw new VapidRefusal(403, "k is no uncompressed point");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  try {
    return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  } catch {
    throw new VapidRefusal(403, "k is not on the curve");
  }
}

function json(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    throw new VapidRefusal(403, "the token is no JWT");
  }
}
