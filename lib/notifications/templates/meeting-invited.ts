import type { MailBody } from "./body";
import type { MeetingContent } from "./content";
import { answerButtons, description, nameOf, people, readOn, shortWhen, whenAndWhere, whyInvited } from "./meeting";
import type { Reader } from "./reader";

export function meetingInvited(content: MeetingContent, reader: Reader): MailBody {
  const { meeting } = content;
  const { t } = reader;
  const when = shortWhen(reader, meeting);
  const organizer = nameOf(meeting.organizer);
  return {
    subject: t("invited.subject", { title: meeting.title, when }),
    preview: t("invited.preview", { organizer, when }),
    kind: t("invited.kind"),
    title: meeting.title,
    lead: t("invited.lead", { organizer }),
    parts: [
      whenAndWhere(reader, meeting),
      answerButtons(reader, content),
      ...description(reader, meeting),
      ...people(reader, content.everyone),
      readOn(reader, content),
    ],
    footer: whyInvited(reader, content),
  };
}
