import { timingSafeEqual, createHash } from "node:crypto";
import type { Engine } from "../engine";
import { Answer, isRecord } from "../http";
import type { Client, RefreshToken } from "../world/entities";
import { issueTokens, type Tokens } from "./grants";

const failure = (status: number, error: string, error_description: string): Answer => new Answer(status, { error, error_description });

/** POST /oauth/token. https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ */
export function answerToken(engine: Engine, body: unknown): Answer {
  if (!isRecord(body)) return failure(400, "invalid_request", "The request body must be a JSON object.");
  const text = (name: string): string => (typeof body[name] === "string" ? body[name] : "");
  const client = engine.store.get("clients", text("client_id"));
  if (!client || !sameSecret(client, text("client_secret"))) return failure(401, "access_denied", "Unauthorized");
  switch (text("grant_type")) {
    case "authorization_code":
      return exchangeCode(engine, client, text("code"), text("redirect_uri"));
    case "refresh_token":
      return rotate(engine, client, text("refresh_token"));
    default:
      return failure(403, "unsupported_grant_type", `Unsupported grant type: ${text("grant_type")}`);
  }
}

function exchangeCode(engine: Engine, client: Client, id: string, redirectUri: string): Answer {
  const { store, clock } = engine;
  const code = store.get("codes", id);
  const grant = code && store.get("grants", code.grantId);
  if (!code || grant?.clientId !== client.id || grant.revoked || code.used || code.expiresAt <= clock.life()) {
    return failure(403, "invalid_grant", "Invalid authorization code");
  }
  if (redirectUri !== code.redirectUri) return failure(403, "invalid_grant", "The redirect_uri does not match the one of the authorization request.");
  store.put("codes", { ...code, used: true });
  return tokenAnswer(engine, issueTokens(engine, grant));
}

/**
 * Every refresh gives a new refresh token. The one before it works on for the leeway, as an answer may be lost on its way; used after
 * that it is taken for stolen, and all tokens of its family die.
 */
function rotate(engine: Engine, client: Client, id: string): Answer {
  const { store, clock } = engine;
  const token = store.get("refreshTokens", id);
  const grant = token && store.get("grants", token.grantId);
  if (!token || grant?.clientId !== client.id || grant.revoked || token.revoked || token.expiresAt <= clock.life()) return refused(engine);
  if (token.rotatedAt !== null && clock.life() - token.rotatedAt > store.settings().refreshLeewaySeconds * 1_000) {
    killFamily(engine, token);
    return refused(engine);
  }
  store.put("refreshTokens", { ...token, rotatedAt: token.rotatedAt ?? clock.life() });
  return tokenAnswer(engine, issueTokens(engine, grant, token.familyId));
}

function killFamily({ store }: Engine, { familyId }: RefreshToken): void {
  for (const token of store.all("refreshTokens")) if (token.familyId === familyId) store.put("refreshTokens", { ...token, revoked: true });
}

const refused = ({ store }: Engine): Answer =>
  store.settings().refreshFailure === "invalid_grant"
    ? failure(403, "invalid_grant", "Unknown or invalid refresh token.")
    : failure(403, "unauthorized_client", "refresh_token is invalid");

export function tokenAnswer(engine: Engine, { access, refresh }: Tokens): Answer {
  return new Answer(200, {
    access_token: access.id,
    ...(refresh && { refresh_token: refresh.id }),
    expires_in: engine.store.settings().accessTokenSeconds,
    token_type: "Bearer",
    scope: access.scopes.join(" "),
  });
}

function sameSecret(client: Client, given: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(client.secret), digest(given));
}
