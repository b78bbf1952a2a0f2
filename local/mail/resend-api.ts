import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { attachmentData, emailData, emailListItem } from "./resend-answers";
import type { Control } from "./control";
import { outcomeOf } from "./delivery";
import { answerJson, readJson, type Exchange } from "./http";
import { hashPayload, keyLifetimeMs } from "./idempotency";
import type { Mailbox, NewMessage } from "./mailbox";
import { recipientsOf, type Summary } from "./message";
import { readOutgoing } from "./outgoing";
import { pageOf } from "./pagination";
import { emailNotFound, invalid, missingField, notImplemented, Refusal } from "./refusal";
import { scheduledInstant } from "./schedule-time";
import type { ShareLinks } from "./share-links";

const mostInBatch = 100;

export interface ResendApi {
  mailbox: Mailbox;
  control: Control;
  shareLinks: ShareLinks;
  apiKey: string;
  now: () => number;
}

/** Everything else that the SDK can ask for; named, so that asking is answered with what is missing. */
const otherResources = new Set([
  "api-keys", "audiences", "automations", "broadcasts", "contact-imports", "contact-properties", "contacts", "domains",
  "events", "inboxes", "logs", "oauth", "segments", "suppressions", "templates", "topics", "usage", "webhooks",
]);

export const isResendPath = ([first = ""]: string[]): boolean => first === "emails" || otherResources.has(first);

/** `https://api.resend.com`, as far as sending and looking at what was sent goes. */
export async function answerResend(api: ResendApi, exchange: Exchange): Promise<void> {
  requireKey(exchange, api.apiKey);
  const { request, response, path } = exchange;
  const method = request.method ?? "GET";
  const [first, second, third, fourth] = path;
  if (first !== "emails" || second === "receiving" || second === "metrics") {
    throw notImplemented(`${method} /${path.join("/")}`);
  }
  if (second === undefined) {
    if (method === "POST") return send(api, exchange);
    if (method === "GET") return answerJson(response, 200, listEmails(api, exchange.url));
    throw methodNotAllowed();
  }
  if (second === "batch" && third === undefined) {
    if (method === "POST") return sendBatch(api, exchange);
    throw methodNotAllowed();
  }
  const summary = find(api, second);
  if (third === undefined) {
    if (method === "GET") return answerJson(response, 200, await emailData(api.mailbox, summary));
    if (method === "PATCH") return answerJson(response, 200, await reschedule(api, exchange, summary));
    throw methodNotAllowed();
  }
  if (third === "cancel" && fourth === undefined) {
    if (method === "POST") return answerJson(response, 200, await cancel(api, summary));
    throw methodNotAllowed();
  }
  if (third === "share" && fourth === undefined) {
    if (method !== "POST") throw methodNotAllowed();
    const body = z.object({ expires_in: z.string().optional() }).catch({}).parse(await readJson(request));
    const link = api.shareLinks.make(originOf(exchange), summary.id, body.expires_in, api.now());
    return answerJson(response, 200, { object: "email", id: summary.id, url: link });
  }
  if (third === "attachments" && path.length <= 4) {
    if (method !== "GET") throw methodNotAllowed();
    const content = await api.mailbox.content(summary.id);
    if (content === null) throw emailNotFound();
    const all = content.attachments.map((attachment) =>
      attachmentData(originOf(exchange), summary.id, attachment, api.now()),
    );
    if (fourth === undefined) return answerJson(response, 200, pageOf(all, exchange.url, all.length));
    const one = all.find(({ id }) => id === fourth);
    if (one === undefined) throw new Refusal(404, "not_found", "Attachment not found");
    return answerJson(response, 200, { object: "attachment", ...one });
  }
  throw new Refusal(404, "not_found", "The requested endpoint does not exist.");
}

function requireKey({ request }: Exchange, apiKey: string): void {
  const given = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (given === undefined) throw new Refusal(401, "missing_api_key", "Missing API key in the authorization header.");
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  // 400 rather than 401 is what Resend answers to a key it does not know.
  if (!timingSafeEqual(digest(given), digest(apiKey))) throw new Refusal(400, "validation_error", "API key is invalid");
}

async function send(api: ResendApi, exchange: Exchange): Promise<void> {
  const payload = await readJson(exchange.request);
  await once(api, exchange, "POST /emails", payload, async (idempotencyKey) => {
    const message = await readOutgoing(payload, { now: api.now(), idempotencyKey, batch: false });
    return { messages: [message], answer: { id: message.summary.id } };
  });
}

async function sendBatch(api: ResendApi, exchange: Exchange): Promise<void> {
  const payload = await readJson(exchange.request);
  if (!Array.isArray(payload) || payload.length === 0) throw invalid("The request body must be an array of emails.");
  if (payload.length > mostInBatch) throw invalid(`A batch can have at most ${mostInBatch} emails.`);
  const emails: unknown[] = payload;
  const permissive = exchange.request.headers["x-batch-validation"] === "permissive";
  await once(api, exchange, "POST /emails/batch", payload, async (idempotencyKey) => {
    const messages: NewMessage[] = [];
    const errors: { index: number; message: string }[] = [];
    for (const [index, email] of emails.entries()) {
      try {
        messages.push(await readOutgoing(email, { now: api.now(), idempotencyKey, batch: true }));
      } catch (error) {
        if (!permissive || !(error instanceof Refusal)) throw error;
        errors.push({ index, message: error.message });
      }
    }
    const data = messages.map(({ summary }) => ({ id: summary.id }));
    return { messages, answer: permissive ? { data, errors } : { data } };
  });
}

/** Does the work at most once per idempotency key, and lets the control page get in the way. */
async function once(
  api: ResendApi,
  { request, response }: Exchange,
  scope: string,
  payload: unknown,
  work: (idempotencyKey: string | null) => Promise<{ messages: NewMessage[]; answer: unknown }>,
): Promise<void> {
  const key = idempotencyKeyOf(request.headers["idempotency-key"]);
  const payloadHash = key === null ? "" : hashPayload(payload);
  const earlier = key === null ? null : api.mailbox.keys.replay(scope, key, payloadHash, api.now());
  const release = key === null ? () => false : api.mailbox.keys.claim(scope, key);
  try {
    // A repeated request meets the same weather as a first one.
    const interference = api.control.interfere(recipientsIn(payload));
    if (interference.delayMs) await sleep(interference.delayMs);
    if (interference.mode === "drop-before-accept") return void request.socket.destroy();
    if (earlier) {
      if (interference.mode === "drop-after-accept") return void request.socket.destroy();
      return answerJson(response, 200, earlier.answer);
    }
    const { messages, answer } = await work(key);
    const expiresAt = api.now() + keyLifetimeMs;
    await api.mailbox.accept(
      messages.map((message) => arrived(message, api.now())),
      key === null ? null : { scope, key, payloadHash, answer, expiresAt },
    );
    if (interference.mode === "drop-after-accept") return void request.socket.destroy();
    answerJson(response, 200, answer);
  } finally {
    release();
  }
}

/** A mail without a later time has arrived the moment it is accepted: this mailbox is its destination. */
function arrived(message: NewMessage, now: number): NewMessage {
  const { summary } = message;
  if (summary.scheduledAt !== null && summary.scheduledAt > now) return message;
  return { ...message, summary: { ...summary, lastEvent: outcomeOf(summary), deliveredAt: now } };
}

function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== "string" || header.length < 1 || header.length > 256) {
    throw new Refusal(
      400,
      "invalid_idempotency_key",
      "Idempotency keys, if present, must have between 1 and 256 characters.",
    );
  }
  return header;
}

const recipientShape = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);
const recipientsShape = z.object({ to: recipientShape, cc: recipientShape, bcc: recipientShape });

function recipientsIn(payload: unknown): string[] {
  const emails: unknown[] = Array.isArray(payload) ? payload : [payload];
  return emails.flatMap((email) => {
    const found = recipientsShape.safeParse(email);
    return found.success ? recipientsOf(found.data) : [];
  });
}

function find(api: ResendApi, id: string): Summary {
  if (!z.guid().safeParse(id).success) throw new Refusal(422, "invalid_parameter", "The `id` must be a valid UUID.");
  const summary = api.mailbox.get(id);
  if (summary === null) throw emailNotFound();
  return summary;
}

function listEmails(api: ResendApi, url: URL): unknown {
  const page = pageOf([...api.mailbox.newestFirst()], url, 20);
  return { ...page, data: page.data.map(emailListItem) };
}

async function reschedule(api: ResendApi, { request }: Exchange, summary: Summary): Promise<unknown> {
  const body = z.object({ scheduled_at: z.string() }).safeParse(await readJson(request));
  if (!body.success) throw missingField("scheduled_at");
  const scheduledAt = scheduledInstant(body.data.scheduled_at, api.now());
  const changed = await api.mailbox.change(summary.id, () => ({ lastEvent: "scheduled", scheduledAt, deliveredAt: null }));
  if (!changed) throw invalid("Only scheduled emails can be updated.");
  return { object: "email", id: summary.id };
}

async function cancel(api: ResendApi, summary: Summary): Promise<unknown> {
  const changed = await api.mailbox.change(summary.id, ({ scheduledAt }) => ({
    lastEvent: "canceled",
    scheduledAt,
    deliveredAt: null,
  }));
  if (!changed) throw invalid("Only scheduled emails can be canceled.");
  return { object: "email", id: summary.id };
}

const originOf = ({ request }: Exchange): string => `http://${request.headers.host ?? "127.0.0.1"}`;

const methodNotAllowed = (): Refusal =>
  new Refusal(405, "method_not_allowed", "Method is not allowed for the requested path.");
