import { createHmac, randomBytes } from "node:crypto";

/** Standard Webhooks 1.0.0, symmetric signatures: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. */
const prefix = "whsec_";
const secretBytes = 32;

export const newSecret = () => `${prefix}${randomBytes(secretBytes).toString("base64")}`;

export interface Signed {
  /** The event's id, the same over every repetition. */
  id: string;
  /** Seconds since 1970 of this very attempt, so that a receiver can refuse what was recorded and played again. */
  timestamp: number;
  body: string;
}

/** One signature for each secret that is valid, the newest first, separated by spaces: a receiver trusts whichever it knows. */
export function signatureOf({ id, timestamp, body }: Signed, secrets: string[]): string {
  return secrets.map((secret) => `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`).join(" ");
}

const keyOf = (secret: string) => Buffer.from(secret.slice(prefix.length), "base64");
