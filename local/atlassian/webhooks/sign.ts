import { createHmac } from "node:crypto";

/** `X-Hub-Signature` of an admin webhook: over the raw bytes (https://www.w3.org/TR/websub/#signing-content). */
export const hubSignature = (secret: string, body: string): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const jwtLifeSeconds = 15 * 60;

/** What a dynamic webhook proves itself with: HS256 with the client secret. The body is not part of it. */
export function bearerJwt(clientId: string, clientSecret: string, nowMs: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(nowMs / 1_000);
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: clientId, aud: clientId, iat, exp: iat + jwtLifeSeconds })}`;
  return `${signed}.${createHmac("sha256", clientSecret).update(signed).digest("base64url")}`;
}
