import { z } from "zod";
import { calendarAttachment, decodeText, summarizeCalendar } from "./calendar";
import { controlSchema, matches, type Control } from "./control";
import { answer, answerJson, readJson, type Exchange } from "./http";
import type { Mailbox } from "./mailbox";
import { recipientsOf, type Attachment, type Content, type Summary } from "./message";
import { composeRaw, plainTextOf } from "./mime";
import { previewDocument, previewPolicy } from "./preview";
import { emailNotFound, Refusal } from "./refusal";

/** What the page and the tests ask; no part of Resend. */
export async function answerMessages(mailbox: Mailbox, exchange: Exchange): Promise<void> {
  const { request, response, url, path } = exchange;
  const method = request.method ?? "GET";
  const [, id, part, attachmentId] = path;
  if (id === undefined) {
    if (method === "DELETE") {
      await mailbox.clear(url.searchParams.get("keys") === "true");
      return answerJson(response, 200, { deleted: true });
    }
    if (method === "GET") return list(mailbox, exchange);
    throw methodNotAllowed();
  }
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed();
  const summary = mailbox.get(id);
  const content = summary === null ? null : await mailbox.content(id);
  if (summary === null || content === null) throw emailNotFound();
  if (part === undefined) return answerJson(response, 200, detail(summary, content));
  if (part === "raw") {
    const contentType = url.searchParams.has("view") ? "text/plain; charset=utf-8" : "message/rfc822";
    return answer(response, 200, contentType, await composeRaw(summary, content), {
      "content-disposition": `${url.searchParams.has("view") ? "inline" : "attachment"}; filename="${id}.eml"`,
    });
  }
  if (part === "html") {
    return answer(response, 200, "text/html; charset=utf-8", previewDocument(content), {
      "content-security-policy": previewPolicy,
    });
  }
  const attachment = part === "attachments" ? content.attachments.find((one) => one.id === attachmentId) : undefined;
  if (attachment === undefined) throw new Refusal(404, "not_found", "Attachment not found");
  return answer(response, 200, attachment.contentType, Buffer.from(attachment.content, "base64"), {
    // Never shown in place: an attachment may be HTML, and this origin shows mail.
    "content-disposition": `attachment; filename*=UTF-8''${encodeFilename(attachment.filename)}`,
    "content-security-policy": "sandbox; default-src 'none'",
  });
}

export async function answerControl(control: Control, { request, response }: Exchange): Promise<void> {
  if (request.method === "GET") return answerJson(response, 200, control.state());
  if (request.method !== "POST") throw methodNotAllowed();
  const rule = controlSchema.safeParse(await readJson(request));
  if (!rule.success) throw new Refusal(422, "validation_error", z.prettifyError(rule.error));
  control.set(rule.data);
  answerJson(response, 200, control.state());
}

const querySchema = z.object({
  to: z.string().optional(),
  subject: z.string().optional(),
  /** Looks in subject, sender and recipients. */
  q: z.string().optional(),
  since: z.string().optional(),
  /** Starts after the message with this id. */
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  /** `summary` leaves content out, for lists. */
  fields: z.enum(["all", "summary"]).default("all"),
});

async function list(mailbox: Mailbox, { response, url }: Exchange): Promise<void> {
  const parsed = querySchema.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) throw new Refusal(422, "validation_error", z.prettifyError(parsed.error));
  const query = parsed.data;
  const found = search(mailbox, query);
  const start = query.after === undefined ? 0 : found.findIndex(({ id }) => id === query.after) + 1;
  const page = found.slice(start, start + query.limit);
  const items = query.fields === "summary" ? page.map(overview) : await withContent(mailbox, page);
  answerJson(response, 200, items, {
    "x-total-count": String(found.length),
    "x-has-more": String(found.length > start + page.length),
  });
}

function search(mailbox: Mailbox, query: z.infer<typeof querySchema>): Summary[] {
  const since = sinceInstant(query.since);
  const subject = query.subject?.toLowerCase() ?? "";
  const anywhere = query.q?.trim().toLowerCase() ?? "";
  return [...mailbox.newestFirst()].filter(
    (summary) =>
      summary.createdAt >= since &&
      matches(query.to, recipientsOf(summary)) &&
      summary.subject.toLowerCase().includes(subject) &&
      [summary.subject, summary.from, ...recipientsOf(summary)].some((text) => text.toLowerCase().includes(anywhere)),
  );
}

/** An instant in RFC 3339 or in milliseconds. */
function sinceInstant(since: string | undefined): number {
  if (since === undefined) return -Infinity;
  const instant = /^\d+$/.test(since) ? Number(since) : Date.parse(since);
  if (Number.isNaN(instant)) throw new Refusal(422, "validation_error", "`since` must be an instant.");
  return instant;
}

async function withContent(mailbox: Mailbox, page: Summary[]): Promise<unknown[]> {
  const items = await Promise.all(
    page.map(async (summary) => {
      const content = await mailbox.content(summary.id);
      return content === null ? [] : [describe(summary, content)];
    }),
  );
  return items.flat();
}

const isoOrNull = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

const overview = (summary: Summary): Record<string, unknown> => ({
  id: summary.id,
  messageId: summary.messageId,
  from: summary.from,
  to: summary.to,
  cc: summary.cc,
  bcc: summary.bcc,
  replyTo: summary.replyTo,
  subject: summary.subject,
  tags: summary.tags,
  idempotencyKey: summary.idempotencyKey,
  attachmentCount: summary.attachmentCount,
  hasCalendar: summary.hasCalendar,
  createdAt: new Date(summary.createdAt).toISOString(),
  scheduledAt: isoOrNull(summary.scheduledAt),
  deliveredAt: isoOrNull(summary.deliveredAt),
  lastEvent: summary.lastEvent,
});

const describe = (summary: Summary, content: Content): Record<string, unknown> => {
  const calendar = calendarAttachment(content.attachments);
  return {
    ...overview(summary),
    html: content.html,
    text: plainTextOf(content) || null,
    headers: content.headers,
    calendar: calendar === null ? null : decodeText(calendar),
    attachments: content.attachments.map(describeAttachment),
  };
};

const describeAttachment = (attachment: Attachment): Record<string, unknown> => ({
  ...attachment,
  size: Buffer.byteLength(attachment.content, "base64"),
});

const detail = (summary: Summary, content: Content): Record<string, unknown> => {
  const calendar = calendarAttachment(content.attachments);
  return {
    ...describe(summary, content),
    calendarSummary: calendar === null ? null : summarizeCalendar(decodeText(calendar)),
  };
};

/** RFC 8187, which is stricter than a URL about a few characters. */
const encodeFilename = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const methodNotAllowed = (): Refusal =>
  new Refusal(405, "method_not_allowed", "Method is not allowed for the requested path.");
