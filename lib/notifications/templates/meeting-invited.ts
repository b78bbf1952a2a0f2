import type { MailBody } from "./body";
import type { MeetingContent } from "./content";
import { alsoSaid, answerButtons, description, nameOf, people, pushWhen, readOn, shortWhen, whenAndWhere, whyInvited } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingInvited: MailTemplate<MeetingContent> = {
  mail,
  push: ({ actor, meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: alsoSaid(push("meeting.invited.body", { actor: actor?.name ?? "", when: pushWhen(formats, meeting) }), meeting?.location),
    discreet: push("meeting.invited.discreet"),
  }),
};

function mail(content: MeetingContent, reader: Reader): MailBody {
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
