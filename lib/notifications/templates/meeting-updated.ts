import type { Line, MailBody, Part } from "./body";
import type { MeetingChangeContent } from "./content";
import { answerButtons, description, nameOf, people, pushWhen, readOn, shortWhen, whenLines, whereLines, whyInvited } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingUpdated: MailTemplate<MeetingChangeContent> = {
  mail,
  push: ({ actor, meeting, before, changes }, { push, formats }) => ({
    title: push("meeting.updated.title", { title: meeting?.title ?? "" }),
    body:
      before && meeting && changes?.includes("time")
        ? push("meeting.updated.time", { when: formats.dayTime(meeting.startsAt), before: formats.dayTime(before.startsAt) })
        : push("meeting.updated.body", { actor: actor?.name ?? "", when: pushWhen(formats, meeting) }),
    discreet: push("meeting.updated.discreet"),
  }),
};

function mail(content: MeetingChangeContent, reader: Reader): MailBody {
  const { meeting, changes } = content;
  const { t } = reader;
  const organizer = nameOf(meeting.organizer);
  const what = reader.list(changes.map((change) => t(`updated.changes.${change}`)));
  return {
    subject: t("updated.subject", { title: meeting.title, when: shortWhen(reader, meeting) }),
    preview: t("updated.preview", { organizer, what, when: shortWhen(reader, meeting) }),
    kind: t("updated.kind"),
    title: meeting.title,
    lead: t("updated.lead", { organizer, what }),
    parts: [
      changed(content, reader),
      ...(changes.includes("time") ? [{ kind: "note", text: t("updated.calendar") } as const] : []),
      answerButtons(reader, content),
      ...description(reader, meeting),
      ...people(reader, content.everyone),
      readOn(reader, content),
    ],
    footer: whyInvited(reader, content),
  };
}

/** Everything as it is now, and under what changed, how it was. */
function changed({ meeting, before, changes }: MeetingChangeContent, reader: Reader): Part {
  const { t } = reader;
  const earlier = { ...before, startsAt: new Date(before.startsAt), endsAt: new Date(before.endsAt) };
  const asBefore = (lines: Line[]): Line[] => lines.map(({ text }) => ({ text, was: t("was") }));
  const where = [...whereLines(meeting), ...(changes.includes("place") ? asBefore(whereLines(before)) : [])];
  return {
    kind: "facts",
    rows: [
      ...(changes.includes("title") ? [{ label: t("title"), lines: [{ text: meeting.title }, ...asBefore([{ text: before.title }])] }] : []),
      { label: t("when"), lines: [...whenLines(reader, meeting), ...(changes.includes("time") ? asBefore(whenLines(reader, earlier).slice(0, 1)) : [])] },
      ...(where.length > 0 ? [{ label: t("where"), lines: where }] : []),
      { label: t("organizer"), lines: [{ text: nameOf(meeting.organizer) }] },
    ],
  };
}
