import type { Mailbox } from "./mailbox";
import type { Attachment, Summary } from "./message";
import { emailNotFound } from "./refusal";

const downloadLifetimeMs = 3_600_000;

/** `2026-04-03 22:13:42.674000+00`: how Resend writes instants of its database. */
const databaseTime = (instant: number): string => new Date(instant).toISOString().replace("T", " ").replace("Z", "000+00");

/** An item of `GET /emails`, where nobody is null. */
export function emailListItem(summary: Summary): Record<string, unknown> & { id: string } {
  const orNull = (list: string[]): string[] | null => (list.length > 0 ? list : null);
  return {
    id: summary.id,
    message_id: summary.messageId,
    to: summary.to,
    from: summary.from,
    created_at: databaseTime(summary.createdAt),
    subject: summary.subject,
    bcc: orNull(summary.bcc),
    cc: orNull(summary.cc),
    reply_to: orNull(summary.replyTo),
    last_event: summary.lastEvent,
    scheduled_at: summary.scheduledAt === null ? null : databaseTime(summary.scheduledAt),
  };
}

/** `GET /emails/:id`, where nobody is an empty list. */
export async function emailData(mailbox: Mailbox, summary: Summary): Promise<unknown> {
  const content = await mailbox.content(summary.id);
  if (content === null) throw emailNotFound();
  return {
    object: "email",
    ...emailListItem(summary),
    bcc: summary.bcc,
    cc: summary.cc,
    reply_to: summary.replyTo,
    html: content.html,
    text: content.text,
    tags: summary.tags,
  };
}

export function attachmentData(
  origin: string,
  emailId: string,
  attachment: Attachment,
  now: number,
): Record<string, unknown> & { id: string } {
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: Buffer.byteLength(attachment.content, "base64"),
    content_type: attachment.contentType,
    content_disposition: attachment.contentId === null ? "attachment" : "inline",
    ...(attachment.contentId === null ? {} : { content_id: attachment.contentId }),
    download_url: `${origin}/messages/${emailId}/attachments/${attachment.id}`,
    expires_at: new Date(now + downloadLifetimeMs).toISOString(),
  };
}
