import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { encodeStrictly, type Address } from "./address";
import { Refusal } from "./refusal";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html */
const algorithm = "AWS4-HMAC-SHA256";
const mostSkewMs = 15 * 60_000;
const longestExpirySeconds = 7 * 24 * 3_600;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** The request as it came, before anything in it is believed. */
export interface Claim {
  method: string;
  address: Address;
  /** Lower-case name, and its values as sent. */
  headers: ReadonlyMap<string, string[]>;
}

/** A claim that its signature has proved. */
export interface Proof {
  /** What the signature says of the body: its SHA-256, or how it is signed on the way. */
  payload: string;
  /** For bodies whose parts are signed one by one. */
  chain: { key: Buffer; scope: string; timestamp: string; seed: string };
  isPresigned: boolean;
}

interface Signed {
  credential: string;
  signedHeaders: string;
  signature: string;
  timestamp: string;
  payload: string;
  expiresSeconds: number | null;
}

export function prove(claim: Claim, credentials: Credentials, nowMs: number): Proof {
  const signed = claimed(claim);
  const [accessKeyId, date, region, service, terminator, ...rest] = signed.credential.split("/");
  if (rest.length > 0 || service !== "s3" || terminator !== "aws4_request" || date !== signed.timestamp.slice(0, 8)) throw malformed(signed, "the Credential is mal-formed");
  if (accessKeyId !== credentials.accessKeyId) throw new Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
  if (region !== credentials.region) throw malformed(signed, `the region '${region}' is wrong; expecting '${credentials.region}'`, { Region: credentials.region });
  inTime(signed, nowMs);
  const names = signed.signedHeaders.split(";");
  completelySigned(claim, names);
  const scope = `${date}/${region}/s3/aws4_request`;
  const canonical = canonicalRequest(claim, names, signed);
  const toSign = [algorithm, signed.timestamp, scope, sha256(canonical)].join("\n");
  const key = signingKey(credentials.secretAccessKey, date, credentials.region);
  const expected = hmac(key, toSign).toString("hex");
  if (!equal(expected, signed.signature)) {
    throw new Refusal("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.", {
      AWSAccessKeyId: accessKeyId,
      StringToSign: toSign,
      SignatureProvided: signed.signature,
      CanonicalRequest: canonical,
    });
  }
  return { payload: signed.payload, chain: { key, scope, timestamp: signed.timestamp, seed: expected }, isPresigned: signed.expiresSeconds !== null };
}

function claimed(claim: Claim): Signed {
  const query = new Map(claim.address.query);
  const header = only(claim, "authorization");
  if (query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature")) {
    if (header !== undefined) throw new Refusal("InvalidArgument", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified");
    return inQuery(query, claim);
  }
  if (query.has("Signature") && query.has("AWSAccessKeyId")) throw oldVersion();
  if (header === undefined) throw new Refusal("AccessDenied", "Access Denied");
  return inHeaders(header, claim);
}

function inHeaders(header: string, claim: Claim): Signed {
  if (header.startsWith("AWS ")) throw oldVersion();
  const parts = /^AWS4-HMAC-SHA256 +Credential=([^,\s]+) *, *SignedHeaders=([\w;-]+) *, *Signature=([\da-f]{64})$/.exec(header);
  const timestamp = only(claim, "x-amz-date");
  if (!parts || timestamp === undefined || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    throw new Refusal("AuthorizationHeaderMalformed", "The authorization header is malformed; name Credential, SignedHeaders and Signature, and send x-amz-date.");
  }
  const [, credential = "", signedHeaders = "", signature = ""] = parts;
  const payload = only(claim, "x-amz-content-sha256");
  if (payload === undefined) throw new Refusal("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  return { credential, signedHeaders, signature, timestamp, payload, expiresSeconds: null };
}

function inQuery(query: ReadonlyMap<string, string>, claim: Claim): Signed {
  const of = (name: string, shape: RegExp) => {
    const value = query.get(name) ?? "";
    if (claim.address.query.filter(([given]) => given === name).length !== 1 || !shape.test(value)) {
      throw new Refusal("AuthorizationQueryParametersError", `Query-string authentication requires a valid ${name}.`);
    }
    return value;
  };
  of("X-Amz-Algorithm", /^AWS4-HMAC-SHA256$/);
  const expiresSeconds = Number(of("X-Amz-Expires", /^\d{1,6}$/));
  if (expiresSeconds < 1 || expiresSeconds > longestExpirySeconds) throw new Refusal("AuthorizationQueryParametersError", "X-Amz-Expires must be from 1 to 604800 seconds.");
  if (query.has("X-Amz-Security-Token")) throw new Refusal("InvalidToken", "The provided token is malformed or otherwise invalid.");
  return {
    credential: of("X-Amz-Credential", /^\S+$/),
    signedHeaders: of("X-Amz-SignedHeaders", /^[\w;-]+$/),
    signature: of("X-Amz-Signature", /^[\da-f]{64}$/),
    timestamp: of("X-Amz-Date", /^\d{8}T\d{6}Z$/),
    payload: query.get("X-Amz-Content-Sha256") ?? only(claim, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
    expiresSeconds,
  };
}

function inTime({ timestamp, expiresSeconds }: Signed, nowMs: number): void {
  const signedAtMs = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(signedAtMs)) throw new Refusal("AccessDenied", "The date of the request is no date.");
  const skewed = () => new Refusal("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", { ServerTime: new Date(nowMs).toISOString(), MaxAllowedSkewMilliseconds: mostSkewMs });
  if (expiresSeconds === null) {
    if (Math.abs(nowMs - signedAtMs) > mostSkewMs) throw skewed();
    return;
  }
  if (signedAtMs - nowMs > mostSkewMs) throw new Refusal("AccessDenied", "Request is not yet valid");
  if (nowMs >= signedAtMs + expiresSeconds * 1_000) {
    throw new Refusal("AccessDenied", "Request has expired", { "X-Amz-Expires": expiresSeconds, Expires: new Date(signedAtMs + expiresSeconds * 1_000).toISOString(), ServerTime: new Date(nowMs).toISOString() });
  }
}

/** Whoever holds a signed address must not add to it what its signer did not say. */
function completelySigned({ headers }: Claim, names: readonly string[]): void {
  const signed = new Set(names);
  if (!signed.has("host")) throw new Refusal("AccessDenied", "The host header must be signed.");
  const loose = [...headers.keys()].filter((name) => name.startsWith("x-amz-") && !signed.has(name));
  if (loose.length > 0) throw new Refusal("AccessDenied", "There were headers present in the request which were not signed", { HeadersNotSigned: loose.join(", ") });
}

function canonicalRequest({ method, address, headers }: Claim, names: readonly string[], { payload, signedHeaders }: Signed): string {
  const path = address.path.split("/").map(encodeStrictly).join("/");
  const query = address.query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encodeStrictly(name), encodeStrictly(value)])
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const lines = names.map((name) => `${name}:${(headers.get(name) ?? []).map((value) => value.trim().replace(/ +/g, " ")).join(",")}\n`);
  return [method, path, query, lines.join(""), signedHeaders, payload].join("\n");
}

/** The one value of a header; a second one leaves open which is meant. */
function only({ headers }: Claim, name: string): string | undefined {
  const values = headers.get(name);
  if (values && values.length > 1) throw new Refusal("InvalidArgument", `${name} was sent more than once.`);
  return values?.[0];
}

const oldVersion = () => new Refusal("InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");

const malformed = (signed: Signed, reason: string, extra: Record<string, string> = {}) =>
  signed.expiresSeconds === null
    ? new Refusal("AuthorizationHeaderMalformed", `The authorization header is malformed; ${reason}`, extra)
    : new Refusal("AuthorizationQueryParametersError", `Error parsing the X-Amz-Credential parameter; ${reason}`, extra);

const signingKey = (secret: string, date: string, region: string) => hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), "s3"), "aws4_request");

export const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

export const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

export function equal(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}
