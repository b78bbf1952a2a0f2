import { Resend } from "resend";
import { env } from "./env";
import { isRetryable, refuseServerFault, type ProviderAnswer } from "./provider";

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

const answerWithinMs = 10_000;
let client: Resend | undefined;

/**
 * Sends through Resend. The idempotency key makes a repeated call return the first one's id instead of a second mail
 * (https://resend.com/docs/dashboard/emails/idempotency-keys; kept for 24 hours), so silence may be retried.
 */
export async function sendMail(mail: Mail, idempotencyKey: string): Promise<ProviderAnswer> {
  client ??= new Resend(env().RESEND_API_KEY, { baseUrl: env().RESEND_BASE_URL });
  try {
    const { data, error, headers } = await client.emails.send(
      {
        from: env().MAIL_FROM,
        to: mail.to,
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        replyTo: mail.replyTo,
        headers: mail.headers,
        tags: mail.tags,
        attachments: mail.attachments?.map(({ filename, contentType, content }) => ({
          filename,
          contentType,
          content: Buffer.from(content, "utf8").toString("base64"),
        })),
      },
      { idempotencyKey, signal: AbortSignal.timeout(answerWithinMs) },
    );
    if (data) {
      return { ok: true, statusCode: 200, providerId: data.id, retryable: false, retryAfterSeconds: null, answer: `accepted as ${data.id}` };
    }
    const statusCode = error.statusCode ?? null;
    return refusal(statusCode, error.name === "concurrent_idempotent_requests" || isRetryable(statusCode), `${error.name}: ${error.message}`, headers?.["retry-after"]);
  } catch (error) {
    return refusal(null, true, error instanceof Error ? error.message : String(error), undefined);
  }
}

function refusal(statusCode: number | null, retryable: boolean, answer: string, retryAfter: string | undefined): ProviderAnswer {
  const seconds = Number(retryAfter);
  return { ok: false, statusCode, providerId: null, retryable, retryAfterSeconds: retryAfter && Number.isFinite(seconds) ? seconds : null, answer };
}

/** Whether anybody answers at the mail provider; a refusal is an answer. @throws when nobody does. */
export async function pingMail(signal: AbortSignal): Promise<void> {
  refuseServerFault(await fetch(env().RESEND_BASE_URL, { method: "HEAD", redirect: "manual", signal }));
}
