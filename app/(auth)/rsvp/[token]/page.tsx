import { MapPin, Video } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AnswerCounts, AttendeeList } from "@/components/meetings/attendee-list";
import { LinkAnswerForm } from "@/components/meetings/link-answer-form";
import { MyClock } from "@/components/meetings/my-clock";
import { PlainText } from "@/components/meetings/plain-text";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { PlainPage } from "@/components/ui/plain-page";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { currentSession } from "@/lib/platform/auth/session";
import { respondByLinkAction } from "@/lib/meetings/actions";
import { meetingByLink, peopleOf, type LinkedMeeting } from "@/lib/meetings/answers/queries";
import { partstats } from "@/lib/meetings/inputs";

interface Props {
  params: Promise<{ token: string }>;
  searchParams: Promise<{ answer?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rsvp"))("title") };
}

export default async function RsvpPage({ params, searchParams }: Props) {
  const [{ token }, query] = await Promise.all([params, searchParams]);
  const found = await linked(token);
  return (
    <ClientMessages namespaces={["meetings", "rsvp"]}>
      {"refused" in found ? <BadLink code={found.refused} /> : <Invitation token={token} found={found} wanted={query.answer} />}
    </ClientMessages>
  );
}

async function linked(token: string): Promise<LinkedMeeting | { refused: "LINK_INVALID" | "LINK_EXPIRED" }> {
  try {
    return await meetingByLink(token);
  } catch (error) {
    if (error instanceof Refused && (error.code === "LINK_EXPIRED" || error.code === "LINK_INVALID" || error.code === "NOT_FOUND")) {
      return { refused: error.code === "LINK_EXPIRED" ? "LINK_EXPIRED" : "LINK_INVALID" };
    }
    throw error;
  }
}

async function BadLink({ code }: { code: "LINK_INVALID" | "LINK_EXPIRED" }) {
  const t = await getTranslations("rsvp");
  const expired = code === "LINK_EXPIRED";
  return (
    <PlainPage title={t(expired ? "expiredTitle" : "brokenTitle")}>
      <p className="text-ink-muted">{t(expired ? "expiredText" : "brokenText")}</p>
    </PlainPage>
  );
}

async function Invitation({ token, found, wanted }: { token: string; found: LinkedMeeting; wanted: string | string[] | undefined }) {
  const { meeting, organizer, attendee, organization } = found;
  const [t, meetings, locale, session] = await Promise.all([getTranslations("rsvp"), getTranslations("meetings"), getLocale(), currentSession()]);
  // Someone signed in reads in their own zone; for anyone else the meeting's is the one on the invitation.
  const own = session?.user.email === attendee.email ? session.user : null;
  const zone = own?.timeZone ?? meeting.timeZone;
  const formats = formatsFor({ locale, timeZone: zone, hourCycle: own?.hourCycle ?? "auto", weekStart: "auto" });
  const people = peopleOf(found, { attendeeId: attendee.id });
  const me = people.find(({ isMe }) => isMe);
  const removed = attendee.removedAt !== null;
  const cancelled = meeting.status === "cancelled";
  const over = meeting.endsAt <= clock.now();
  const told = attendee.mailed?.told;
  const movedSinceMail = told !== undefined && (told.startsAt !== meeting.startsAt.toISOString() || told.endsAt !== meeting.endsAt.toISOString());
  const preselected = partstats.find((partstat) => partstat === wanted) ?? (me?.outdated ? "needs-action" : attendee.partstat);

  return (
    <PlainPage title={<span className={cancelled ? "text-ink-muted line-through" : undefined}>{meeting.title}</span>} wide>
      <p className="text-ink-muted">{t("invitedBy", { name: organizer.name ?? organizer.email, organization: organization.name })}</p>
      <div className="mt-5 flex flex-col gap-5">
        {removed && (
          <Notice tone="caution" title={t("removedTitle")}>
            {t("removedText", { name: organizer.name ?? organizer.email })}
          </Notice>
        )}
        {!removed && cancelled && (
          <Notice tone="caution" title={meetings("cancelledTitle")}>
            {meeting.cancelReason ?? meetings("cancelledText")}
          </Notice>
        )}
        {!removed && !cancelled && over && <Notice>{t("overText")}</Notice>}
        {!removed && !cancelled && !over && movedSinceMail && <Notice tone="caution">{t("changedText")}</Notice>}
        {!removed && !cancelled && !over && me?.outdated && <Notice tone="caution">{meetings("movedSinceAnswer")}</Notice>}

        <Card>
          <p className="text-lg font-semibold first-letter:uppercase">
            <time dateTime={meeting.startsAt.toISOString()}>{formats.longRange(meeting.startsAt, meeting.endsAt)}</time>
          </p>
          <p className="tabular mt-1 text-sm text-ink-muted">{formats.zone(zone, meeting.startsAt)}</p>
          <MyClock startsAt={meeting.startsAt.toISOString()} endsAt={meeting.endsAt.toISOString()} shownZone={zone} locale={locale} />
          {!removed && (
            <>
              {meeting.location && (
                <p className="mt-4 flex items-start gap-2">
                  <MapPin aria-hidden className="mt-1 size-4 shrink-0 text-ink-muted" />
                  <span className="min-w-0 break-words">{meeting.location}</span>
                </p>
              )}
              {meeting.joinUrl && !cancelled && !over && (
                <a href={meeting.joinUrl} target="_blank" rel="noopener noreferrer" className={buttonStyle("secondary", "md", "mt-4")}>
                  <Video aria-hidden className="size-4" />
                  {meetings("join")}
                </a>
              )}
              {meeting.description && (
                <div className="mt-4 border-t border-line pt-4">
                  <PlainText text={meeting.description} />
                </div>
              )}
            </>
          )}
        </Card>

        {!removed && !cancelled && !over && !attendee.isOrganizer && (
          <Card>
            <LinkAnswerForm
              action={respondByLinkAction.bind(null, token)}
              current={attendee.partstat}
              preselected={preselected}
              comment={attendee.comment}
            />
          </Card>
        )}
        {!removed && (
          <Card id="people" title={meetings("people", { count: people.length })} aside={<AnswerCounts attendees={people} />} flush>
            <AttendeeList attendees={people} />
          </Card>
        )}
      </div>
    </PlainPage>
  );
}
