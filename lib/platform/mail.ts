import { Resend, type ErrorResponse } from "resend";
import { env } from "./env";
import { Refused } from "./errors";
import { isRetryable, providerAnswersWithinMs, refusedAnswer, refuseServerFault, retryAfterSeconds, type ProviderAnswer } from "./provider";

export interface MailAttachment {
  filename: string;
  contentType: string;
  content: string;
}

/** One message to one person; several recipients in one message would show them each other's addresses. */
export interface Mail {
  to: string;
  subject: string;
  html: string;
  text: string;
  replyTo?: string;
  headers?: Record<string, string>;
  attachments?: MailAttachment[];
  tags?: { name: string; value: string }[];
}

let client: Resend | undefined;
const resend = () => (client ??= new Resend(env().RESEND_API_KEY, { baseUrl: env().RESEND_BASE_URL }));

/** Resend takes at most a hundred mails in one call, none of them with an attachment (https://resend.com/docs/api-reference/emails/send-batch-emails). */
export const mailBatch = 100;

/**
 * Sends through Resend. The idempotency key makes a repeated call return the first one's id instead of a second mail
 * (https://resend.com/docs/dashboard/emails/idempotency-keys; kept for 24 hours), so silence may be retried.
 */
export async function sendMail(mail: Mail, idempotencyKey: string): Promise<ProviderAnswer> {
  try {
    const { data, error, headers } = await resend().emails.send(
      {
        ...messageOf(mail),
        attachments: mail.attachments?.map(({ filename, contentType, content }) => ({
          filename,
          contentType,
          content: Buffer.from(content, "utf8").toString("base64"),
        })),
      },
      { idempotencyKey, signal: AbortSignal.timeout(providerAnswersWithinMs) },
    );
    return data ? accepted(data.id) : refusal(error, headers);
  } catch (error) {
    return silence(error);
  }
}

/**
 * Sends up to `mailBatch` mails without attachments in one call, with one answer for each. A mail that Resend does not like is refused
 * alone. The same mails in the same order under the same key are one call however often it is made.
 */
export async function sendMails(mails: Mail[], idempotencyKey: string): Promise<ProviderAnswer[]> {
  const answers = await batch(mails, idempotencyKey).catch(silence);
  return Array.isArray(answers) ? answers : mails.map(() => answers);
}

async function batch(mails: Mail[], idempotencyKey: string): Promise<ProviderAnswer[] | ProviderAnswer> {
  const { data, error, headers } = await resend().batch.send(mails.map(messageOf), {
    idempotencyKey,
    batchValidation: "permissive",
    // The SDK hands its options on to fetch, though its type for batches names no signal.
    ...{ signal: AbortSignal.timeout(providerAnswersWithinMs) },
  });
  if (!data) return refusal(error, headers);
  // Left out when there is none to report.
  const refused = new Map((data.errors ?? []).map(({ index, message }) => [index, message]));
  // Ids come for the accepted ones only, in their order.
  const ids = data.data.map(({ id }) => id).values();
  return mails.map((_, index) => {
    const message = refused.get(index);
    if (message !== undefined) return refusedAnswer(422, false, `validation_error: ${message}`);
    return accepted(ids.next().value ?? null);
  });
}

const messageOf = ({ to, subject, html, text, replyTo, headers, tags }: Mail) => ({ from: env().MAIL_FROM, to, subject, html, text, replyTo, headers, tags });

const accepted = (id: string | null): ProviderAnswer => ({ ok: true, statusCode: 200, providerId: id, retryable: false, retryAfterSeconds: null, answer: id ? `accepted as ${id}` : "accepted" });

function refusal({ name, message, statusCode }: ErrorResponse, headers: Record<string, string> | null): ProviderAnswer {
  // A key that is in use belongs to our own earlier call: it will have its answer soon.
  const retryable = name === "concurrent_idempotent_requests" || isRetryable(statusCode);
  const answer = refusedAnswer(statusCode, retryable, `${name}: ${message}`, retryAfterSeconds(headers?.["retry-after"]));
  // Resend says 400 to a key that it does not know.
  return /api key is invalid/i.test(message) ? { ...answer, cause: "credentials" } : answer;
}

const silence = (error: unknown): ProviderAnswer => refusedAnswer(null, true, error instanceof Error ? error.message : String(error));

/** Whether anybody answers at the mail provider; a refusal is an answer. @throws when nobody does. */
export async function pingMail(signal: AbortSignal): Promise<void> {
  refuseServerFault(await fetch(env().RESEND_BASE_URL, { method: "HEAD", redirect: "manual", signal }));
}

/** One report of the provider about a mail, proven to be its own. */
export interface MailReport {
  /** The same at every repetition. */
  id: string;
  body: Record<string, unknown>;
}

/**
 * Reads a webhook of Resend. It is signed over its bytes by Svix (https://docs.svix.com/receiving/verifying-payloads/how-manual), good
 * for five minutes, and compared in constant time.
 * @throws Refused NOT_FOUND when no secret is configured, SIGNATURE_INVALID when forged, altered or old, MALFORMED.
 */
export function readMailReport(body: Buffer, headers: Headers): MailReport {
  const webhookSecret = env().RESEND_WEBHOOK_SECRET;
  if (!webhookSecret) throw new Refused("NOT_FOUND", { detail: "No reports are expected here: RESEND_WEBHOOK_SECRET is not set." });
  const [id, timestamp, signature] = [headers.get("svix-id"), headers.get("svix-timestamp"), headers.get("svix-signature")];
  if (!id || !timestamp || !signature) throw new Refused("MALFORMED", { detail: "Send svix-id, svix-timestamp and svix-signature." });
  if (id.length > 200) throw new Refused("MALFORMED", { detail: "svix-id is longer than 200 characters." });
  const report = verified(textOf(body), { id, timestamp, signature }, webhookSecret);
  if (typeof report !== "object" || report === null || Array.isArray(report)) throw new Refused("MALFORMED", { detail: "The body is not a JSON object." });
  return { id, body: { ...report } };
}

/** Text and bytes say the same only where the bytes are UTF-8: otherwise other bytes would pass under the same signature. */
function textOf(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new Refused("MALFORMED", { detail: "The body is not UTF-8." });
  }
}

function verified(payload: string, headers: { id: string; timestamp: string; signature: string }, webhookSecret: string): unknown {
  try {
    return resend().webhooks.verify({ payload, headers, webhookSecret });
  } catch (error) {
    // Only a body whose signature held is parsed.
    if (error instanceof SyntaxError) throw new Refused("MALFORMED", { detail: "The body is not valid JSON." });
    throw new Refused("SIGNATURE_INVALID", { detail: error instanceof Error ? `${error.message}.` : undefined });
  }
}
