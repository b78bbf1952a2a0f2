import { env } from "@/lib/platform/env";
import type { Line, Part } from "./body";
import type { MeetingContent, MeetingFacts, MeetingPerson } from "./content";
import type { Facts } from "./matter";
import { sameClock, type Reader } from "./reader";

/** The parts that mails about meetings share. */
export const peopleShown = 20;

export const nameOf = ({ name, email }: { name: string | null; email: string }) => name ?? email;

/** The day and time for a subject line, in the reader's own zone. */
export const shortWhen = ({ formats }: Reader, meeting: { startsAt: Date }) => formats.dayTime(meeting.startsAt);

/** In the reader's zone, then in the one the organizer planned in when its clocks show something else. */
export function whenLines({ formats, timeZone, t }: Reader, time: { startsAt: Date; endsAt: Date; timeZone: string }): Line[] {
  const { startsAt, endsAt } = time;
  const own = { text: `${formats.longRange(startsAt, endsAt)}, ${formats.zone(timeZone, startsAt)}` };
  if (sameClock(timeZone, time.timeZone, startsAt)) return [own];
  return [own, { text: t("meetingTime", { time: `${formats.dayTime(startsAt, time.timeZone)}, ${formats.zone(time.timeZone, startsAt)}` }) }];
}

export const whereLines = ({ location, joinUrl }: { location: string; joinUrl: string | null }): Line[] => [
  ...(location ? [{ text: location }] : []),
  ...(joinUrl ? [{ text: joinUrl, href: joinUrl }] : []),
];

export function whenAndWhere(reader: Reader, meeting: MeetingFacts): Part {
  const where = whereLines(meeting);
  return {
    kind: "facts",
    rows: [
      { label: reader.t("when"), lines: whenLines(reader, meeting) },
      ...(where.length > 0 ? [{ label: reader.t("where"), lines: where }] : []),
      { label: reader.t("organizer"), lines: [{ text: nameOf(meeting.organizer) }] },
    ],
  };
}

/** Who is there, the organizer first; a long list is cut and counted. */
export function people({ t }: Reader, everyone: MeetingPerson[]): Part[] {
  const guests = everyone.filter((person) => !person.isOrganizer);
  if (guests.length === 0) return [];
  const shown = guests.slice(0, peopleShown);
  return [
    {
      kind: "people",
      label: t("who", { count: guests.length }),
      people: shown.map((person) => ({ name: nameOf(person), note: t(`partstat.${person.partstat}`) })),
      more: guests.length > shown.length ? t("more", { count: guests.length - shown.length }) : null,
    },
  ];
}

export const description = ({ t }: Reader, meeting: MeetingFacts): Part[] =>
  meeting.description.trim() ? [{ kind: "prose", label: t("description"), text: meeting.description.trim() }] : [];

export const answerUrl = (token: string) => `${env().APP_URL}/rsvp/${token}`;

/** Opening one of these only shows the answer; a button on the page gives it, so that link scanners answer for nobody. */
export function answerButtons({ t }: Reader, { rsvpToken, attendee }: MeetingContent): Part {
  const answers = ["accepted", "tentative", "declined"] as const;
  return {
    kind: "buttons",
    label: attendee.partstat === "needs-action" ? t("answerAsk") : t("answered", { answer: t(`partstat.${attendee.partstat}`) }),
    buttons: answers.map((answer) => ({ label: t(`answer.${answer}`), href: `${answerUrl(rsvpToken)}?answer=${answer}`, primary: answer === "accepted" })),
  };
}

/** Members read on inside the product, everybody else on the page of their link. */
export const readOn = ({ t }: Reader, { meeting, attendee, rsvpToken }: MeetingContent): Part => ({
  kind: "link",
  label: t("open"),
  href: attendee.memberId ? `${env().APP_URL}/${meeting.organizationSlug}/meetings/${meeting.id}` : answerUrl(rsvpToken),
});

export const whyInvited = ({ t }: Reader, { meeting, attendee }: MeetingContent): string[] => [
  t("why.invited", { organizer: nameOf(meeting.organizer), email: attendee.email, organization: meeting.organizationName }),
  t("why.reply", { organizer: nameOf(meeting.organizer) }),
];

export const pushWhen = (formats: Reader["formats"], meeting: Facts["meeting"]) => (meeting ? formats.dayTime(meeting.startsAt) : "");

/** A push says in one breath what a mail says in parts. */
export const alsoSaid = (first: string, second: string | null | undefined) => (second?.trim() ? `${first} · ${second.trim()}` : first);
