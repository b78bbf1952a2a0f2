import type { MailBody } from "./body";
import type { MeetingContent } from "./content";
import { nameOf, pushWhen, shortWhen, whenAndWhere, whyInvited } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingRemoved: MailTemplate<MeetingContent> = {
  mail,
  push: ({ actor, meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: push("meeting.removed.body", { actor: actor?.name ?? "", when: pushWhen(formats, meeting) }),
    discreet: push("meeting.removed.discreet"),
  }),
};

function mail(content: MeetingContent, reader: Reader): MailBody {
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
