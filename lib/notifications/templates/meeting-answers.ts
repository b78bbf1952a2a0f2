import { env } from "@/lib/platform/env";
import type { MailBody } from "./body";
import type { MeetingAnswersContent } from "./content";
import { alsoSaid, nameOf, peopleShown, shortWhen, whenLines } from "./meeting";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const meetingAnswers: MailTemplate<MeetingAnswersContent> = {
  mail,
  push: ({ actor, meeting, partstat, comment }, { push }) => ({
    title: meeting?.title ?? "",
    body: alsoSaid(push("meeting.responded.body", { actor: actor?.name ?? "", answer: partstat ?? "other" }), comment),
    discreet: push("meeting.responded.discreet"),
  }),
};

function mail({ meeting, answers, totals }: MeetingAnswersContent, reader: Reader): MailBody {
  const { t, formats } = reader;
  const when = shortWhen(reader, meeting);
  const [only] = answers;
  const said = answers.length === 1 && only ? t(`answers.said.${only.partstat}`, { name: nameOf(only) }) : t("answers.several", { count: answers.length });
  const shown = answers.slice(0, peopleShown);
  return {
    subject: t("answers.subject", { said, title: meeting.title, when }),
    preview: t("answers.totals", totalsOf(totals)),
    kind: t("answers.kind"),
    title: meeting.title,
    lead: said,
    parts: [
      {
        kind: "people",
        label: t("answers.new"),
        people: shown.map((answer) => ({
          name: nameOf(answer),
          note: t("answers.for", { answer: t(`partstat.${answer.partstat}`), when: formats.dayTime(answer.forStartsAt) }),
          ...(answer.comment ? { quote: answer.comment } : {}),
        })),
        more: answers.length > shown.length ? t("more", { count: answers.length - shown.length }) : null,
      },
      {
        kind: "facts",
        rows: [
          { label: t("when"), lines: whenLines(reader, meeting) },
          { label: t("answers.all"), lines: [{ text: t("answers.totals", totalsOf(totals)) }] },
        ],
      },
      { kind: "link", label: t("open"), href: `${env().APP_URL}/${meeting.organizationSlug}/meetings/${meeting.id}` },
    ],
    footer: [t("why.organizer")],
  };
}

const totalsOf = (totals: MeetingAnswersContent["totals"]) => ({
  accepted: totals.accepted,
  tentative: totals.tentative,
  declined: totals.declined,
  open: totals["needs-action"],
});
