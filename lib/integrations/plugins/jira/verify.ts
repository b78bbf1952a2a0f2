import type { InboundRequest, Trust, Verdict } from "../../plugin";
import { isSignedBy } from "../signatures";
import { objectOf, parsed } from "./json";

/** Clocks differ; a token is taken for as long before and after its time. */
const leewaySeconds = 60;

/**
 * Jira signs in two ways, and only that of the active kind counts. A webhook that an admin entered: `X-Hub-Signature`, HMAC-SHA256 over the
 * raw body with its secret. One that we registered: a JWT made with the app's client secret, which says nothing of the body or the site, so
 * the body must name a webhook that is ours at this connection (`matchedWebhookIds`).
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export function verify({ headers, body }: InboundRequest, trust: Trust, clientSecret: string | undefined): Verdict {
  const signature = headers["x-hub-signature"];
  const [, token] = /^(?:Bearer|JWT) +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (trust.kind === "manual") return verifySignature(signature, body, trust.secrets, token !== undefined);
  return verifyToken(token, body, trust, clientSecret, signature !== undefined);
}

/** The header announces the method; whoever could choose a weaker one would. */
function verifySignature(header: string | undefined, body: Buffer, secrets: string[], hasToken: boolean): Verdict {
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(header?.trim() ?? "") ?? [];
  if (isSignedBy(secrets, [body], hex ? [Buffer.from(hex, "hex")] : [])) return { proof: "hmac" };
  if (header !== undefined) return { refused: "signature" };
  return { refused: hasToken ? "wrong-kind" : "unsigned" };
}

function verifyToken(token: string | undefined, body: Buffer, trust: Trust, clientSecret: string | undefined, hasSignature: boolean): Verdict {
  const [header = "", claims = "", signature = ""] = token?.split(".") ?? [];
  const genuine = isSignedBy(clientSecret ? [clientSecret] : [], [`${header}.${claims}`], [Buffer.from(signature, "base64url")]);
  if (token === undefined) return { refused: hasSignature ? "wrong-kind" : "unsigned" };
  // The method is ours to know (RFC 8725 section 3.1): a token that names another one, or none, is no token.
  if (!genuine || token.split(".").length !== 3 || decoded(header).alg !== "HS256") return { refused: "signature" };
  if (!isOfNow(decoded(claims), trust.nowMs / 1000)) return { refused: "expired" };
  return namesOneOf(body, trust.hookIds) ? { proof: "jwt" } : { refused: "unknown-hook" };
}

const decoded = (part: string) => objectOf(parsed(Buffer.from(part, "base64url")));

/** RFC 7519 sections 4.1.4 and 4.1.5; Atlassian does not say which claims it sends, so none is demanded. */
function isOfNow({ exp, nbf }: Record<string, unknown>, nowSeconds: number): boolean {
  if (exp !== undefined && !(typeof exp === "number" && nowSeconds <= exp + leewaySeconds)) return false;
  return nbf === undefined || (typeof nbf === "number" && nowSeconds >= nbf - leewaySeconds);
}

function namesOneOf(body: Buffer, hookIds: string[]): boolean {
  const { matchedWebhookIds } = objectOf(parsed(body));
  return Array.isArray(matchedWebhookIds) && matchedWebhookIds.some((id) => hookIds.includes(String(id)));
}
