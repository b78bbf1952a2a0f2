import { createHmac, timingSafeEqual } from "node:crypto";
import type { AppCredentials } from "./settings";

export function sign(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text, "utf8").digest("hex");
}

export function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Checks a client's `auth` ("key:signature"): https://pusher.com/docs/channels/library_auth_reference/auth-signatures */
export function isAuthorized(app: AppCredentials, auth: unknown, signedText: string): boolean {
  return typeof auth === "string" && sameText(auth, `${app.key}:${sign(app.secret, signedText)}`);
}

export function channelText(socketId: string, channel: string, channelData: string | undefined): string {
  return channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
}

export function userText(socketId: string, userData: string): string {
  return `${socketId}::user::${userData}`;
}
