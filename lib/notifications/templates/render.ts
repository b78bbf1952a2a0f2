import { accountUnlinked } from "./account-unlinked";
import { acknowledgementDue } from "./acknowledgement-due";
import { articleMentioned } from "./article-mentioned";
import { articlePublished } from "./article-published";
import type { FooterLine, MailBody } from "./body";
import { bundleDaily, bundleReleased, bundleWeekly } from "./bundle";
import { commentCreated } from "./comment-created";
import { commentAdded, commentMentioned, commentReplied } from "./comments";
import { connectionBroken } from "./connection-broken";
import type { Content } from "./content";
import { deviceAdded } from "./device-added";
import { htmlOf } from "./html";
import { issueCreated } from "./issue-created";
import { issueDeleted } from "./issue-deleted";
import { issueUpdated } from "./issue-updated";
import { meetingAnswers } from "./meeting-answers";
import { meetingCancelled } from "./meeting-cancelled";
import { meetingInvited } from "./meeting-invited";
import { meetingReminder } from "./meeting-reminder";
import { meetingRemoved } from "./meeting-removed";
import { meetingUpdated } from "./meeting-updated";
import { memberInvited } from "./member-invited";
import { memberJoined } from "./member-joined";
import { notificationPublished } from "./notification-published";
import { pluginEvent } from "./plugin-event";
import { readerOf, type Reader } from "./reader";
import { subscriptionPaused } from "./subscription-paused";
import { textOf } from "./text";

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

export interface MailProfile {
  locale: string;
  timeZone: string | null;
  hourCycle: "auto" | "h12" | "h23";
}

/**
 * Writes a mail in its reader's language and zone; the zone of what it is about serves people who have set none.
 * @param footer further lines at its end, e.g. how to leave.
 */
export async function renderMail(content: Content, profile: MailProfile, footer: (reader: Reader) => FooterLine[] = () => []): Promise<RenderedMail> {
  const reader = await readerOf({
    locale: "locale" in content ? content.locale : profile.locale,
    timeZone: profile.timeZone ?? ("meeting" in content.data ? content.data.meeting.timeZone : "UTC"),
    hourCycle: profile.hourCycle,
  });
  const body = bodyOf(content, reader);
  body.footer.push(...footer(reader));
  return { subject: oneLine(body.subject), html: await htmlOf(body, reader.locale), text: textOf(body, reader.locale) };
}

function bodyOf(content: Content, reader: Reader): MailBody {
  switch (content.template) {
    case "meeting-invited":
      return meetingInvited.mail(content.data, reader);
    case "meeting-updated":
      return meetingUpdated.mail(content.data, reader);
    case "meeting-cancelled":
      return meetingCancelled.mail(content.data, reader);
    case "meeting-removed":
      return meetingRemoved.mail(content.data, reader);
    case "meeting-reminder":
      return meetingReminder.mail(content.data, reader);
    case "meeting-answers":
      return meetingAnswers.mail(content.data, reader);
    case "member-invited":
      return memberInvited.mail(content.data, reader);
    case "member-joined":
      return memberJoined.mail(content.data, reader);
    case "device-added":
      return deviceAdded.mail(content.data, reader);
    case "notification-published":
      return notificationPublished.mail(content.data, reader);
    case "issue-created":
      return issueCreated.mail(content.data, reader);
    case "issue-updated":
      return issueUpdated.mail(content.data, reader);
    case "issue-deleted":
      return issueDeleted.mail(content.data, reader);
    case "comment-created":
      return commentCreated.mail(content.data, reader);
    case "plugin-event":
      return pluginEvent.mail(content.data, reader);
    case "connection-broken":
      return connectionBroken.mail(content.data, reader);
    case "account-unlinked":
      return accountUnlinked.mail(content.data, reader);
    case "subscription-paused":
      return subscriptionPaused.mail(content.data, reader);
    case "article-published":
      return articlePublished.mail(content.data, reader);
    case "article-mentioned":
      return articleMentioned.mail(content.data, reader);
    case "comment-added":
      return commentAdded.mail(content.data, reader);
    case "comment-replied":
      return commentReplied.mail(content.data, reader);
    case "comment-mentioned":
      return commentMentioned.mail(content.data, reader);
    case "acknowledgement-due":
      return acknowledgementDue.mail(content.data, reader);
    case "bundle":
      return bundles[content.data.kind].mail(content.data, reader);
  }
}

const bundles = { daily: bundleDaily, weekly: bundleWeekly, released: bundleReleased };

/** A title with a line break must not become a second header. */
const oneLine = (text: string) => text.replace(/[\u0000-\u001F\u007F\u2028\u2029]+/g, " ").trim();
