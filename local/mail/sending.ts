import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Control } from "./control";
import { outcomeOf } from "./delivery";
import { answerJson, readJson, type Exchange } from "./http";
import { hashPayload, keyLifetimeMs } from "./idempotency";
import type { Mailbox, NewMessage } from "./mailbox";
import { recipientsOf, type WebhookEvent } from "./message";
import { readOutgoing } from "./outgoing";
import { invalid, Refusal } from "./refusal";
import { eventsOf } from "./webhooks";

const mostInBatch = 100;

export interface Sending {
  mailbox: Mailbox;
  control: Control;
  /** What a webhook wants to hear of; empty without one. */
  reported: readonly WebhookEvent[];
  now: () => number;
}

export async function send(api: Sending, exchange: Exchange): Promise<void> {
  const payload = await readJson(exchange.request);
  await once(api, exchange, "POST /emails", payload, async (idempotencyKey) => {
    const message = await readOutgoing(payload, { now: api.now(), idempotencyKey, batch: false });
    return { messages: [message], answer: { id: message.summary.id } };
  });
}

export async function sendBatch(api: Sending, exchange: Exchange): Promise<void> {
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
  api: Sending,
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
      messages.map((message) => arrived(message, api)),
      key === null ? null : { scope, key, payloadHash, answer, expiresAt },
    );
    if (interference.mode === "drop-after-accept") return void request.socket.destroy();
    answerJson(response, 200, answer);
  } finally {
    release();
  }
}

/** A mail without a later time has arrived the moment it is accepted: this mailbox is its destination. */
function arrived(message: NewMessage, api: Sending): NewMessage {
  const { summary } = message;
  const now = api.now();
  if (summary.scheduledAt !== null && summary.scheduledAt > now) return message;
  const lastEvent = outcomeOf(summary);
  return { ...message, summary: { ...summary, lastEvent, deliveredAt: now, unreported: eventsOf(lastEvent, api.reported) } };
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
