import type { MailBody } from "./body";
import type { MeetingContent } from "./content";
import { alsoSaid, nameOf, pushWhen, readOn, shortWhen, whenAndWhere, whyInvited } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingCancelled: MailTemplate<MeetingContent> = {
  mail,
  push: ({ actor, meeting, reason }, { push, formats }) => ({
    title: push("meeting.cancelled.title", { title: meeting?.title ?? "" }),
    body: alsoSaid(push("meeting.cancelled.body", { actor: actor?.name ?? "", when: pushWhen(formats, meeting) }), reason),
    discreet: push("meeting.cancelled.discreet"),
  }),
};

function mail(content: MeetingContent, reader: Reader): MailBody {
  const { meeting } = content;
  const { t } = reader;
  const organizer = nameOf(meeting.organizer);
  const when = shortWhen(reader, meeting);
  return {
    subject: t("cancelled.subject", { title: meeting.title, when }),
    preview: t("cancelled.preview", { organizer, when }),
    kind: t("cancelled.kind"),
    title: meeting.title,
    lead: t("cancelled.lead", { organizer }),
    parts: [
      ...(meeting.cancelReason ? [{ kind: "prose", label: t("cancelled.reason"), text: meeting.cancelReason } as const] : []),
      whenAndWhere(reader, meeting),
      { kind: "note", text: t("cancelled.calendar") },
      readOn(reader, content),
    ],
    footer: whyInvited(reader, content),
  };
}
