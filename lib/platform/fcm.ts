import { createSign } from "node:crypto";
import { z } from "zod";
import { clock } from "./clock";
import { env } from "./env";
import { isRetryable, refusedAnswer, retryAfterSeconds, type ProviderAnswer } from "./provider";
import type { Push } from "./push-message";

/** Firebase Cloud Messaging, HTTP v1: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
const accountSchema = z.object({ project_id: z.string(), client_email: z.string(), private_key: z.string(), token_uri: z.url().default("https://oauth2.googleapis.com/token") });
type Account = z.output<typeof accountSchema>;

const answerWithinMs = 3_000;
const scope = "https://www.googleapis.com/auth/firebase.messaging";

export const fcmOffered = () => env().FCM_SERVICE_ACCOUNT !== undefined;

let account: Account | undefined;

/** @throws Error when the configured account is no service account. */
function serviceAccount(): Account {
  account ??= accountSchema.parse(JSON.parse(env().FCM_SERVICE_ACCOUNT ?? "null"));
  return account;
}

/** UNREGISTERED comes as 404, like a browser's subscription that is gone. */
export async function sendToPhone(token: string, push: Push): Promise<ProviderAnswer> {
  if (!fcmOffered()) return refusedAnswer(null, false, "phones are not offered push here: FCM_SERVICE_ACCOUNT is not set");
  // Thrown before anything is tried: what is configured is no service account, and will not become one by waiting.
  serviceAccount();
  try {
    const answer = await post(token, push);
    // A token that Google has withdrawn early is not the message's fault: one more try with a fresh one.
    if (answer.statusCode !== 401) return answer;
    held = undefined;
    return await post(token, push);
  } catch (error) {
    if (error instanceof AccessRefused) return refusedAnswer(error.status, isRetryable(error.status), error.message);
    return refusedAnswer(null, true, error instanceof Error ? error.message : String(error));
  }
}

/** Google does not take the service account: no message can be sent until its key is put right. */
class AccessRefused extends Error {
  constructor(
    readonly status: number,
    words: string,
  ) {
    super(`Google refused the service account: ${status} ${words}`);
  }
}

const refusal = z.object({
  error: z.object({
    message: z.string().default(""),
    status: z.string().default(""),
    details: z.array(z.object({ errorCode: z.string().optional() })).default([]),
  }),
});

async function post(token: string, push: Push): Promise<ProviderAnswer> {
  const { project_id: project } = serviceAccount();
  const authorization = await accessToken();
  const response = await fetch(`${env().FCM_BASE_URL}/v1/projects/${encodeURIComponent(project)}/messages:send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${authorization}`, "Content-Type": "application/json" },
    body: JSON.stringify({ message: messageOf(token, push) }),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const text = await response.text();
  if (response.ok) {
    const { name = null } = z.object({ name: z.string().optional() }).parse(JSON.parse(text));
    return { ok: true, statusCode: response.status, providerId: name, retryable: false, retryAfterSeconds: null, answer: `accepted as ${name}` };
  }
  const told = refusal.safeParse(parsed(text)).data?.error;
  const code = told?.details.find(({ errorCode }) => errorCode)?.errorCode ?? told?.status;
  const words = told ? `${code}: ${told.message}` : text.slice(0, 500);
  return refusedAnswer(response.status, isRetryable(response.status), words, retryAfterSeconds(response.headers.get("retry-after") ?? undefined));
}

/** Shown by the system when the app is away; `data` is for the app itself, and holds text only. */
function messageOf(token: string, { notice, ttlSeconds, topic, urgency }: Push) {
  const { title, body, url, tag, receiverId, organization, badge } = notice;
  const high = urgency === "high";
  const expiresAt = Math.floor(clock.nowMs() / 1000) + ttlSeconds;
  return {
    token,
    notification: { title, ...(body && { body }) },
    data: { url, tag, organization, ...(receiverId && { receiverId }), unread: String(badge.unread), version: String(badge.version) },
    android: { ttl: `${ttlSeconds}s`, priority: high ? "HIGH" : "NORMAL", ...(topic && { collapse_key: topic }), notification: { tag, notification_count: badge.unread } },
    apns: {
      headers: { "apns-expiration": String(expiresAt), "apns-priority": high ? "10" : "5", ...(topic && { "apns-collapse-id": topic }) },
      payload: { aps: { badge: badge.unread, "thread-id": tag } },
    },
  };
}

interface Access {
  token: string;
  expiresAtMs: number;
}

let held: Access | undefined;
let asked: Promise<Access> | undefined;
const renewEarlyMs = 5 * 60_000;

/** One token for all messages until shortly before it lapses; whoever comes while it is fetched waits for the same one. */
async function accessToken(): Promise<string> {
  if (held && held.expiresAtMs - renewEarlyMs > clock.nowMs()) return held.token;
  asked ??= requestAccess().finally(() => (asked = undefined));
  held = await asked;
  return held.token;
}

/** A signed assertion for a token: https://developers.google.com/identity/protocols/oauth2/service-account */
async function requestAccess(): Promise<Access> {
  const { client_email: email, private_key: key, token_uri: tokenUri } = serviceAccount();
  const now = Math.floor(clock.nowMs() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: email, scope, aud: tokenUri, iat: now, exp: now + 3600 })}`;
  const assertion = `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
  const response = await fetch(tokenUri, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const text = await response.text();
  // Google says 400 to a key it does not know; what is wrong are the credentials all the same.
  if (!response.ok) throw new AccessRefused(response.status < 500 && response.status !== 429 ? 401 : response.status, text.slice(0, 300));
  const { access_token: token, expires_in: seconds } = z.object({ access_token: z.string(), expires_in: z.number() }).parse(JSON.parse(text));
  return { token, expiresAtMs: (now + seconds) * 1000 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
