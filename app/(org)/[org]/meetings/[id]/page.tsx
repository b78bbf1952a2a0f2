import { CalendarPlus, MapPin, Pencil, Video } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { getTranslations } from "next-intl/server";
import { IssueLine, IssueText, LiveCards } from "@/components/issues/issue-text";
import { MeetingIssues } from "@/components/issues/meeting-issues";
import { AnswerForm } from "@/components/meetings/answer-form";
import { AnswerCounts, AttendeeList } from "@/components/meetings/attendee-list";
import { CancelMeeting } from "@/components/meetings/cancel-meeting";
import { DeliveryTable } from "@/components/meetings/delivery-table";
import { LiveRefresh } from "@/components/meetings/live-refresh";
import { ReadOnView } from "@/components/notifications/read-on-view";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { When } from "@/components/ui/when";
import { buttonStyle } from "@/components/ui/button-style";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { hasJira } from "@/lib/integrations/issues/desk/queries";
import { keysOf } from "@/lib/integrations/issues/keys/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { personOf } from "@/lib/integrations/people/queries";
import { cancelMeetingAction, respondAction } from "@/lib/meetings/actions";
import { peopleOf } from "@/lib/meetings/answers/queries";
import { addIssueAction, removeIssueAction } from "@/lib/meetings/issues/actions";
import { issuesOfMeeting } from "@/lib/meetings/issues/queries";
import { meetingDetails } from "@/lib/meetings/queries";
import { deliveriesOfSubject } from "@/lib/notifications/deliveries/queries";
import { unreadAbout } from "@/lib/notifications/inbox/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: Promise<{ cancel?: string; booked?: string; changed?: string }>;
}

/** As if it did not exist, also for members who are not part of it. */
async function found(member: Member, id: string) {
  try {
    return await meetingDetails(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org, id } = await params;
  const { meeting } = await found(await pageMember(org), id);
  return { title: meeting.title };
}

export default async function MeetingPage({ params, searchParams }: Props) {
  const [{ org, id }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org);
  const details = await found(member, id);
  const { meeting, organizer } = details;
  const t = await getTranslations("meetings");
  const formats = formatsFor(member);
  const now = clock.now();
  const over = meeting.endsAt <= now;
  const cancelled = meeting.status === "cancelled";
  const mine = meeting.organizerId === member.id;
  const open = !over && !cancelled;
  const people = peopleOf(details, { memberId: member.id });
  const me = people.find(({ isMe }) => isMe);
  const [deliveries, about, issues, jira, person] = await Promise.all([
    mine ? deliveriesOfSubject(member, meeting.id) : [],
    unreadAbout(member, meeting.id),
    issuesOfMeeting(member, meeting.id),
    hasJira(member),
    personOf(member, member.id),
  ]);
  const keys = issues.map(({ key }) => key);
  // Not waited for: whatever Jira has to be asked comes when it has answered.
  const cards = jira ? cardsOf(member, [...keys, ...keysOf([meeting.title, meeting.description])]) : Promise.resolve(new Map());
  const elsewhere = meeting.timeZone !== member.timeZone;

  return (
    <ClientMessages namespaces={["meetings", "issues"]}>
      <LiveRefresh />
      <Suspense>
        <LiveCards cards={cards} />
      </Suspense>
      <ReadOnView organization={org} subjectId={meeting.id} {...about} />
      <PageHeader
        back={{ href: `/${org}/meetings`, label: t("calendar") }}
        title={
          <span className={cancelled ? "text-ink-muted line-through" : undefined}>
            <IssueLine text={meeting.title} cards={cards} organization={org} />
          </span>
        }
        actions={
          mine &&
          open && (
            <>
              <LinkButton href={`/${org}/meetings/${id}/edit`}>
                <Pencil aria-hidden className="size-4" />
                {t("edit")}
              </LinkButton>
              <CancelMeeting
                action={cancelMeetingAction.bind(null, org, id)}
                askHref={`/${org}/meetings/${id}?cancel=1`}
                keepHref={`/${org}/meetings/${id}`}
                asked={query.cancel === "1"}
                guestCount={people.length - 1}
              />
            </>
          )
        }
      >
        {t("organizedBy", { name: mine ? t("youOrganizer") : (organizer.name ?? organizer.email) })}
      </PageHeader>

      <div className="mb-5 flex flex-col gap-3 empty:hidden">
        {cancelled && (
          <Notice tone="caution" title={t("cancelledTitle")}>
            {meeting.cancelReason ?? t("cancelledText")}
          </Notice>
        )}
        {!cancelled && query.booked && (
          <Notice tone="positive" role="status">
            {people.length > 1 ? t("bookedInvited", { count: people.length - 1 }) : t("booked")}
          </Notice>
        )}
        {!cancelled && query.changed && (
          <Notice tone="positive" role="status">
            {t("changed")}
          </Notice>
        )}
      </div>

      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:items-start">
        <div className="flex min-w-0 flex-col gap-6">
          <Card>
            <p className="text-lg font-semibold first-letter:uppercase">
              <time dateTime={meeting.startsAt.toISOString()}>{formats.longRange(meeting.startsAt, meeting.endsAt)}</time>
            </p>
            <p className="tabular mt-1 text-sm text-ink-muted">
              {formats.duration(Math.round((meeting.endsAt.getTime() - meeting.startsAt.getTime()) / 60_000))} · {formats.zone(member.timeZone, meeting.startsAt)}
              {open && (
                <>
                  {" · "}
                  {meeting.startsAt <= now ? (
                    <Badge tone="accent">{t("runningNow")}</Badge>
                  ) : (
                    <When at={meeting.startsAt} exact={formats.exact(meeting.startsAt)}>
                      {formats.relative(meeting.startsAt, now)}
                    </When>
                  )}
                </>
              )}
              {over && !cancelled && ` · ${t("over")}`}
            </p>
            {elsewhere && (
              <p className="tabular mt-1 text-sm text-ink-muted">
                {t("meetingZone", {
                  time: formats.longRange(meeting.startsAt, meeting.endsAt, meeting.timeZone),
                  zone: formats.zone(meeting.timeZone, meeting.startsAt),
                })}
              </p>
            )}
            {meeting.location && (
              <p className="mt-4 flex items-start gap-2">
                <MapPin aria-hidden className="mt-1 size-4 shrink-0 text-ink-muted" />
                <span className="sr-only">{t("place")}: </span>
                <span className="min-w-0 break-words">{meeting.location}</span>
              </p>
            )}
            <div className="mt-4 flex flex-wrap gap-2">
              {meeting.joinUrl && open && (
                <a href={meeting.joinUrl} target="_blank" rel="noopener noreferrer" className={buttonStyle("primary")}>
                  <Video aria-hidden className="size-4" />
                  {t("join")}
                </a>
              )}
              <a href={`/api/meetings/${id}/calendar?organization=${org}`} download className={buttonStyle()}>
                <CalendarPlus aria-hidden className="size-4" />
                {t("addToCalendar")}
              </a>
            </div>
            {meeting.description && (
              <div className="mt-5 border-t border-line pt-4">
                <IssueText text={meeting.description} cards={cards} organization={org} />
              </div>
            )}
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          {me && !mine && open && (
            <Card id="answer" title={t("yourAnswer")}>
              {me.outdated && <p className="mb-3 text-sm text-caution">{t("movedSinceAnswer")}</p>}
              <AnswerForm
                action={respondAction.bind(null, org, id)}
                current={me.outdated ? "needs-action" : me.partstat}
                comment={me.comment}
                about={t("yourAnswer")}
              />
            </Card>
          )}
          {(jira || keys.length > 0) && (
            <MeetingIssues
              organization={org}
              keys={keys}
              cards={cards}
              addAction={addIssueAction.bind(null, org, id)}
              removeAction={removeIssueAction.bind(null, org, id)}
              suggests={jira && person !== null && !person.broken}
            />
          )}
          <Card id="people" title={t("people", { count: people.length })} aside={<AnswerCounts attendees={people} />} flush>
            <AttendeeList attendees={people} />
          </Card>
        </div>
      </div>
      {mine && deliveries.length > 0 && (
        <Card id="sent" title={t("sentTitle")} className="mt-6" flush>
          <DeliveryTable
            deliveries={deliveries}
            names={new Map(people.map((person) => [person.id, person.name]))}
            viewer={member}
            sendAgainHref={(delivery) => `/api/meetings/${id}/deliveries/${delivery}?organization=${org}`}
          />
        </Card>
      )}
    </ClientMessages>
  );
}
