import { randomUUID } from "node:crypto";
import mimeFunctions from "nodemailer/lib/mime-funcs/index.js";
import { domainOf, requireAddress } from "./addresses";
import { calendarAttachment } from "./calendar";
import type { Attachment } from "./message";
import type { NewMessage } from "./mailbox";
import { invalid, missingField, notImplemented, Refusal } from "./refusal";
import { fetchAttachment } from "./remote-attachment";
import { scheduledInstant } from "./schedule-time";

/** Limits of https://resend.com/docs/api-reference/emails/send-email */
const mostRecipients = 50;
const mostBytes = 40 * 1024 * 1024;
const tagPart = /^[A-Za-z0-9_-]{1,256}$/;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

type Json = Record<string, unknown>;

/** Reads one email of `POST /emails` (or of a batch), or refuses it with the answer that Resend gives. */
export async function readOutgoing(
  body: unknown,
  context: { now: number; idempotencyKey: string | null; batch: boolean },
): Promise<NewMessage> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("The request body must be a JSON object.");
  const email: Json = { ...body };
  if (given(email.template)) throw notImplemented("templates");
  if (given(email.topic_id)) throw notImplemented("topics");
  if (context.batch && given(email.attachments)) throw invalid("The `attachments` field is not supported in batch emails.");

  const from = requireAddress("from", text(email, "from") ?? refuseMissing("from"));
  const to = addresses(email, "to");
  if (to.length === 0) throw missingField("to");
  const subject = text(email, "subject") ?? "";
  if (subject === "") throw missingField("subject");
  const html = text(email, "html");
  const plain = text(email, "text");
  if (!html && !plain) throw invalid("Missing `html` or `text` field.");
  const scheduledAt = text(email, "scheduled_at");
  const attachments = await readAttachments(email.attachments);
  const size = attachments.reduce((sum, { content }) => sum + content.length, (html ?? "").length + (plain ?? "").length);
  if (size > mostBytes) throw invalid("The email is too large. An email, attachments included, can be up to 40MB after Base64 encoding.");

  const id = randomUUID();
  return {
    summary: {
      id,
      messageId: `<${id}@${domainOf(from)}>`,
      from,
      to,
      cc: addresses(email, "cc"),
      bcc: addresses(email, "bcc"),
      replyTo: addresses(email, "reply_to"),
      subject,
      tags: readTags(email.tags),
      idempotencyKey: context.idempotencyKey,
      attachmentCount: attachments.length,
      hasCalendar: calendarAttachment(attachments) !== null,
      createdAt: context.now,
      scheduledAt: scheduledAt === null ? null : scheduledInstant(scheduledAt, context.now),
      deliveredAt: null,
      lastEvent: "scheduled",
      unreported: [],
    },
    content: { html, text: plain, headers: readHeaders(email.headers), attachments },
  };
}

const given = (value: unknown): boolean => value !== undefined && value !== null;

function refuseMissing(field: string): never {
  throw missingField(field);
}

function text(email: Json, field: string): string | null {
  const value = email[field];
  if (!given(value)) return null;
  if (typeof value !== "string") throw invalid(`The \`${field}\` field must be a \`string\`.`);
  return value;
}

function addresses(email: Json, field: string): string[] {
  const value = email[field];
  if (!given(value) || value === "") return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((item): item is string => typeof item === "string");
  if (strings.length !== list.length) throw invalid(`The \`${field}\` field must be a \`string\` or an array of strings.`);
  if (strings.length > mostRecipients) {
    throw invalid(`The \`${field}\` field can have at most ${mostRecipients} email addresses.`);
  }
  return strings.map((item) => requireAddress(field, item));
}

function readTags(value: unknown): { name: string; value: string }[] {
  if (!given(value)) return [];
  if (!Array.isArray(value)) throw invalid("The `tags` field must be an array.");
  return value.map((tag: unknown) => {
    const { name, value: content } = typeof tag === "object" && tag !== null ? (tag as Json) : {};
    if (typeof name !== "string" || typeof content !== "string" || !tagPart.test(name) || !tagPart.test(content)) {
      throw invalid("Tags should only contain ASCII letters, numbers, underscores, or dashes.");
    }
    return { name, value: content };
  });
}

function readHeaders(value: unknown): Record<string, string> {
  if (!given(value)) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalid("The `headers` field must be an object.");
  return Object.fromEntries(
    Object.entries(value as Json).map(([name, content]) => {
      const printable = typeof content === "number" || typeof content === "boolean" ? String(content) : content;
      if (!/^[!-9;-~]{1,76}$/.test(name) || typeof printable !== "string" || /[\r\n\0]/.test(printable)) {
        throw invalid(`The \`headers\` field has an invalid entry \`${name}\`.`);
      }
      return [name, printable];
    }),
  );
}

async function readAttachments(value: unknown): Promise<Attachment[]> {
  if (!given(value)) return [];
  if (!Array.isArray(value)) throw invalid("The `attachments` field must be an array.");
  return Promise.all(value.map((item: unknown) => readAttachment(item)));
}

async function readAttachment(value: unknown): Promise<Attachment> {
  if (typeof value !== "object" || value === null) throw invalidAttachment();
  const attachment = value as Json;
  const path = text(attachment, "path");
  const bytes = readBytes(attachment.content) ?? (path === null ? null : await fetchAttachment(path, mostBytes));
  if (bytes === null) throw invalidAttachment();
  const contentId = text(attachment, "content_id");
  if (contentId !== null && (contentId.length >= 128 || /[\s<>]/.test(contentId))) {
    throw invalid("The attachment `content_id` must be less than 128 characters and hold no spaces or angle brackets.");
  }
  const filename = attachment.filename === false ? null : text(attachment, "filename");
  const contentType = text(attachment, "content_type");
  if (contentType !== null && !/^[\w.+-]+\/[\w.+-]+(?:\s*;[^\r\n\0]*)?$/.test(contentType)) {
    throw invalid("The attachment `content_type` must be a MIME type.");
  }
  const name = (filename ?? path?.split("/").pop()?.split("?")[0] ?? "").replace(/[\r\n\0]/g, " ") || "attachment";
  return {
    id: randomUUID(),
    filename: name,
    contentType: contentType ?? mimeFunctions.detectMimeType(name),
    contentId: contentId === null || contentId === "" ? null : contentId,
    content: bytes.toString("base64"),
  };
}

const invalidAttachment = (): Refusal =>
  new Refusal(422, "invalid_attachment", "Attachment must have either a `content` or `path`.");

/** Base64 from most SDKs, an array of bytes from some, a serialised Buffer from old Node ones. */
function readBytes(content: unknown): Buffer | null {
  if (!given(content)) return null;
  const list = typeof content === "object" && content !== null && "data" in content ? content.data : content;
  if (Array.isArray(list) && list.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) return Buffer.from(list);
  if (typeof content !== "string") throw invalidAttachment();
  const compact = content.replace(/\s+/g, "");
  if (!base64.test(compact)) {
    throw new Refusal(422, "invalid_attachment", "The attachment `content` must be Base64 encoded.");
  }
  return Buffer.from(compact, "base64");
}
