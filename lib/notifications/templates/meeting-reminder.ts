import type { MailBody, Part } from "./body";
import type { MeetingContent } from "./content";
import { alsoSaid, answerUrl, description, nameOf, people, readOn, shortWhen, whenAndWhere } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingReminder: MailTemplate<MeetingContent & { minutesLeft: number }> = {
  mail,
  // The hour and not the minutes that are left: a push may arrive late, and lies on the screen while time goes by.
  push: ({ meeting }, { push, formats }) => ({
    title: meeting?.title ?? "",
    body: alsoSaid(push("meeting.reminder.body", { time: meeting ? formats.time(meeting.startsAt) : "" }), meeting?.location),
    discreet: push("meeting.reminder.discreet"),
  }),
};

function mail(content: MeetingContent & { minutesLeft: number }, reader: Reader): MailBody {
  const { meeting, attendee } = content;
  const { t, formats } = reader;
  const left = content.minutesLeft < 1 ? t("reminder.now") : t("reminder.left", { duration: formats.duration(content.minutesLeft) });
  const join: Part[] = meeting.joinUrl
    ? [{ kind: "buttons", label: null, buttons: [{ label: t("join"), href: meeting.joinUrl, primary: true }] }]
    : [];
  // The organizer is at their own meeting; everybody else may still say otherwise.
  const organizes = attendee.email === meeting.organizer.email;
  return {
    subject: t("reminder.subject", { left, title: meeting.title, when: shortWhen(reader, meeting) }),
    preview: t("reminder.preview", { when: shortWhen(reader, meeting) }),
    kind: t("reminder.kind"),
    title: meeting.title,
    lead: left,
    parts: [
      whenAndWhere(reader, meeting),
      ...join,
      ...description(reader, meeting),
      ...people(reader, content.everyone),
      readOn(reader, content),
      ...(organizes ? [] : [{ kind: "link", label: t("reminder.decline"), href: `${answerUrl(content.rsvpToken)}?answer=declined` } as const]),
    ],
    footer: [t(organizes ? "why.ownReminder" : "why.reminder", { organizer: nameOf(meeting.organizer) })],
  };
}
