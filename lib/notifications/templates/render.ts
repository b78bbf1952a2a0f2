import type { MailBody } from "./body";
import type { Content } from "./content";
import { htmlOf } from "./html";
import { meetingAnswers } from "./meeting-answers";
import { meetingCancelled } from "./meeting-cancelled";
import { meetingInvited } from "./meeting-invited";
import { meetingReminder } from "./meeting-reminder";
import { meetingRemoved } from "./meeting-removed";
import { meetingUpdated } from "./meeting-updated";
import { memberInvited } from "./member-invited";
import { readerOf, type Reader } from "./reader";
import { textOf } from "./text";

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Writes a mail in its reader's language and zone; the zone of what it is about serves people who have set none. */
export async function renderMail(content: Content, profile: { locale: string; timeZone: string | null; hourCycle: "auto" | "h12" | "h23" }): Promise<RenderedMail> {
  const reader = await readerOf({
    locale: "locale" in content ? content.locale : profile.locale,
    timeZone: profile.timeZone ?? ("meeting" in content.data ? content.data.meeting.timeZone : "UTC"),
    hourCycle: profile.hourCycle,
  });
  const body = bodyOf(content, reader);
  return { subject: oneLine(body.subject), html: await htmlOf(body, reader.locale), text: textOf(body, reader.locale) };
}

function bodyOf(content: Content, reader: Reader): MailBody {
  switch (content.template) {
    case "meeting-invited":
      return meetingInvited(content.data, reader);
    case "meeting-updated":
      return meetingUpdated(content.data, reader);
    case "meeting-cancelled":
      return meetingCancelled(content.data, reader);
    case "meeting-removed":
      return meetingRemoved(content.data, reader);
    case "meeting-reminder":
      return meetingReminder(content.data, reader);
    case "meeting-answers":
      return meetingAnswers(content.data, reader);
    case "member-invited":
      return memberInvited(content.data, reader);
  }
}

/** A title with a line break must not become a second header. */
const oneLine = (text: string) => text.replace(/[\u0000-\u001F\u007F\u2028\u2029]+/g, " ").trim();
