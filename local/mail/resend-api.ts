import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { attachmentData, emailData, emailListItem } from "./resend-answers";
import { answerJson, readJson, type Exchange } from "./http";
import type { Summary } from "./message";
import { pageOf } from "./pagination";
import { emailNotFound, invalid, missingField, notImplemented, Refusal } from "./refusal";
import { scheduledInstant } from "./schedule-time";
import { send, sendBatch, type Sending } from "./sending";
import type { ShareLinks } from "./share-links";

export interface ResendApi extends Sending {
  shareLinks: ShareLinks;
  apiKey: string;
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
  const changed = await api.mailbox.change(summary.id, () => ({ lastEvent: "scheduled", scheduledAt, deliveredAt: null, unreported: [] }));
  if (!changed) throw invalid("Only scheduled emails can be updated.");
  return { object: "email", id: summary.id };
}

async function cancel(api: ResendApi, summary: Summary): Promise<unknown> {
  const changed = await api.mailbox.change(summary.id, ({ scheduledAt }) => ({
    lastEvent: "canceled",
    scheduledAt,
    deliveredAt: null,
    unreported: [],
  }));
  if (!changed) throw invalid("Only scheduled emails can be canceled.");
  return { object: "email", id: summary.id };
}

const originOf = ({ request }: Exchange): string => `http://${request.headers.host ?? "127.0.0.1"}`;

const methodNotAllowed = (): Refusal =>
  new Refusal(405, "method_not_allowed", "Method is not allowed for the requested path.");
