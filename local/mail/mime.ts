import { convert } from "html-to-text";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { calendarAttachment, methodOf } from "./calendar";
import type { Content, Summary } from "./message";

/** The composer also takes a fixed boundary and the kind of newline, which its types do not say. */
type ComposerOptions = ConstructorParameters<typeof MailComposer>[0] & { baseBoundary: string; newline: "windows" };

/** The plain text that goes out: what was given, or else made from the HTML (unless an empty string asked for none). */
export const plainTextOf = (content: Content): string =>
  content.text ?? (content.html === null ? "" : convert(content.html, { wordwrap: 130 }));

/**
 * The message as it travels (RFC 5322, MIME). The same bytes each time: date, id and boundaries come from what is kept.
 * Bcc is, as it must be, not in it.
 */
export function composeRaw(summary: Summary, content: Content): Promise<Buffer> {
  const calendar = calendarAttachment(content.attachments);
  const mail: ComposerOptions = {
    from: summary.from,
    to: summary.to,
    cc: summary.cc,
    replyTo: summary.replyTo,
    subject: summary.subject,
    messageId: summary.messageId,
    date: new Date(summary.deliveredAt ?? summary.scheduledAt ?? summary.createdAt),
    headers: Object.entries(content.headers).map(([key, value]) => ({ key, value })),
    text: plainTextOf(content) || undefined,
    html: content.html || undefined,
    // Calendar clients look among the alternatives (RFC 6047 section 4), people among the attachments: offer it to both.
    alternatives:
      calendar !== null && methodOf(calendar.contentType) !== null
        ? [{ ...calendarPart(calendar.contentType), content: Buffer.from(calendar.content, "base64") }]
        : [],
    attachments: content.attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.contentType,
      content: Buffer.from(attachment.content, "base64"),
      ...(attachment.contentId === null ? {} : { cid: attachment.contentId }),
    })),
    baseBoundary: summary.id,
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return new MailComposer(mail).compile().build();
}

function calendarPart(contentType: string): { contentType: string; contentTransferEncoding: "base64" } {
  return {
    contentType: `text/calendar; charset=utf-8; method=${methodOf(contentType) ?? "PUBLISH"}`,
    contentTransferEncoding: "base64",
  };
}
