import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { LRUCache } from "lru-cache";
import webpush from "web-push";
import { clock } from "./clock";
import { env } from "./env";
import { fcmOffered, sendToPhone } from "./fcm";
import { isRetryable, refusedAnswer, retryAfterSeconds, type ProviderAnswer } from "./provider";
import type { Push, PushTarget } from "./push-message";
import { safeFetch } from "./safe-fetch";

/** What a browser needs to subscribe; null where push is not offered. */
export function pushSettings(): { publicKey: string } | null {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = env();
  return publicKey && privateKey ? { publicKey } : null;
}

export const offersPush = (kind: PushTarget["kind"]) => (kind === "fcm" ? fcmOffered() : pushSettings() !== null);

/** Hands one push over. A 404 or 410 says that the device is gone for good. Never throws. */
export async function sendPush(target: PushTarget, push: Push): Promise<ProviderAnswer> {
  try {
    return target.kind === "fcm" ? await sendToPhone(target.token, push) : await sendToBrowser(target, push);
  } catch (error) {
    return refusedAnswer(null, false, error instanceof Error ? error.message : String(error));
  }
}

export const isGone = ({ ok, statusCode }: Pick<ProviderAnswer, "ok" | "statusCode">) => !ok && (statusCode === 404 || statusCode === 410);

/** Aes128gcm over the subscription's own keys (RFC 8291), so that the push service carries what it cannot read. */
async function sendToBrowser({ endpoint, p256dh, auth }: Extract<PushTarget, { kind: "webpush" }>, push: Push): Promise<ProviderAnswer> {
  if (!pushSettings()) return refusedAnswer(null, false, "web push is not offered here: VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not set");
  const { origin } = new URL(endpoint);
  const answer = await safeFetch(endpoint, {
    method: "POST",
    headers: {
      TTL: String(push.ttlSeconds),
      Urgency: push.urgency,
      ...(push.topic && { Topic: push.topic }),
      "Content-Type": "application/octet-stream",
      "Content-Encoding": "aes128gcm",
      Authorization: authorizationFor(origin),
    },
    body: webpush.encrypt(p256dh, auth, JSON.stringify(push.notice), "aes128gcm").cipherText,
    maxBytes: 2_000,
    keepAlive: true,
  });
  if ("refused" in answer) return refusedAnswer(null, ["timeout", "unreachable", "unresolvable"].includes(answer.refused), answer.detail);
  const { status, headers, body } = answer;
  // RFC 8030, 5: 201 with the message's own address. Some services say 200 or 202.
  if (status >= 200 && status < 300) {
    return { ok: true, statusCode: status, providerId: headers.location ?? null, retryable: false, retryAfterSeconds: null, answer: `accepted with ${status}` };
  }
  if (status === 401 || status === 403) authorizations.delete(origin);
  return refusedAnswer(status, isRetryable(status), `${status} ${body.trim().slice(0, 500)}`.trim(), retryAfterSeconds(headers["retry-after"]));
}

/**
 * Signing costs more than all the rest of a push, and one token is good for every message to its origin (RFC 8292, 2; at most 24 hours).
 * Half of that leaves room for a push service whose clock differs; renewed an hour early, so that none lapses on its way.
 */
const tokenLifeSeconds = 12 * 60 * 60;
const renewEarlySeconds = 60 * 60;
/** Origins are named by browsers, so that there may be any number of them. */
const authorizations = new LRUCache<string, { header: string; expiresAt: number }>({ max: 500 });

function authorizationFor(origin: string): string {
  const now = Math.floor(clock.nowMs() / 1000);
  const kept = authorizations.get(origin);
  if (kept && kept.expiresAt - renewEarlySeconds > now && kept.expiresAt - tokenLifeSeconds <= now) return kept.header;
  const expiresAt = now + tokenLifeSeconds;
  const header = `vapid t=${signedToken({ aud: origin, exp: expiresAt, sub: subject() })}, k=${env().VAPID_PUBLIC_KEY}`;
  authorizations.set(origin, { header, expiresAt });
  return header;
}

/** A JWT by ES256 (RFC 7518, 3.4). Not by the library, which reads the time for itself. */
function signedToken(claims: { aud: string; exp: number; sub: string }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), { key: signingKey(), dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

let key: KeyObject | undefined;

/** @throws Error when the configured pair is none. */
function signingKey(): KeyObject {
  const { VAPID_PUBLIC_KEY: point = "", VAPID_PRIVATE_KEY: d = "" } = env();
  const [x, y] = [Buffer.from(point, "base64url").subarray(1, 33), Buffer.from(point, "base64url").subarray(33)].map((half) => half.toString("base64url"));
  return (key ??= createPrivateKey({ key: { kty: "EC", crv: "P-256", x, y, d }, format: "jwk" }));
}

/** Whom a push service writes to when something is wrong with what we send. */
function subject(): string {
  const { VAPID_SUBJECT, MAIL_FROM } = env();
  return VAPID_SUBJECT ?? `mailto:${/<([^>]+)>/.exec(MAIL_FROM)?.[1] ?? MAIL_FROM}`;
}
