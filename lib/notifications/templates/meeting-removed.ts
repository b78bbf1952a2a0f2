import type { MailBody } from "./body";
import type { MeetingContent } from "./content";
import { nameOf, shortWhen, whenAndWhere, whyInvited } from "./meeting";
import type { Reader } from "./reader";

export function meetingRemoved(content: MeetingContent, reader: Reader): MailBody {
  const { meeting } = content;
  const { t } = reader;
  const organizer = nameOf(meeting.organizer);
  const when = shortWhen(reader, meeting);
  return {
    subject: t("removed.subject", { title: meeting.title, when }),
    preview: t("removed.preview", { organizer, when }),
    kind: t("removed.kind"),
    title: meeting.title,
    lead: t("removed.lead", { organizer }),
    parts: [whenAndWhere(reader, meeting), { kind: "note", text: t("removed.calendar") }],
    footer: whyInvited(reader, content),
  };
}
