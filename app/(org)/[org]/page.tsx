import { CalendarPlus, ChevronRight, Inbox } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { LatestNews } from "@/components/articles/latest-news";
import { AnswerForm } from "@/components/meetings/answer-form";
import { LiveRefresh } from "@/components/meetings/live-refresh";
import { UpcomingList } from "@/components/meetings/upcoming-list";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { latestArticles } from "@/lib/feed/articles/latest/queries";
import { respondAction } from "@/lib/meetings/actions";
import { localNow } from "@/lib/meetings/calendar/queries";
import { dashboard } from "@/lib/meetings/queries";
import { inboxCount } from "@/lib/notifications/inbox/queries";
import { pageMember } from "@/lib/organizations/actor";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";

interface Props {
  params: Promise<{ org: string }>;
}

/** A glance: all of it is a page of its own. */
const latestShown = 5;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell"))("dashboard") };
}

export default async function DashboardPage({ params }: Props) {
  const { org } = await params;
  const member = await pageMember(org);
  const [t, { upcoming, awaiting }, { unread }, news, [workspace]] = await Promise.all([
    getTranslations("dashboard"),
    dashboard(member),
    inboxCount(member),
    latestArticles(member, latestShown),
    myWorkspaces(member),
  ]);
  const formats = formatsFor(member);
  const now = clock.now();
  const { date: today, minute } = localNow(member);
  const greeting = minute < 12 * 60 ? "morning" : minute < 18 * 60 ? "afternoon" : "evening";

  return (
    <ClientMessages namespaces={["meetings", "dashboard"]}>
      <LiveRefresh />
      <PageHeader title={t(`greeting.${greeting}`, { name: member.name })}>{formats.longDay(now)}</PageHeader>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:items-start">
        <Card
          id="next"
          title={t("next")}
          aside={
            <Link href={`/${org}/meetings`} className="inline-flex min-h-8 items-center gap-0.5 rounded-md text-sm text-ink-muted hover:text-ink">
              {t("openCalendar")}
              <ChevronRight aria-hidden className="size-4" />
            </Link>
          }
          flush
        >
          {upcoming.length > 0 ? (
            <UpcomingList organization={org} viewer={member} meetings={upcoming} now={now} today={today} />
          ) : (
            <EmptyState
              icon={CalendarPlus}
              title={t("emptyTitle")}
              action={
                <LinkButton href={`/${org}/meetings/new`} variant="primary">
                  {t("bookFirst")}
                </LinkButton>
              }
            >
              {t("emptyText")}
            </EmptyState>
          )}
        </Card>
        <div className="flex min-w-0 flex-col gap-6 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Card id="awaiting" title={t("awaiting", { count: awaiting.length })} flush>
            {awaiting.length > 0 ? (
              <ul className="divide-y divide-line">
                {awaiting.map((meeting) => (
                  <li key={meeting.id} className="px-4 py-3.5">
                    <Link href={`/${org}/meetings/${meeting.id}`} className="font-medium hover:underline">
                      {meeting.title}
                    </Link>
                    <p className="mt-0.5 mb-2.5 text-sm text-ink-muted">
                      <time dateTime={meeting.startsAt.toISOString()}>
                        {formats.day(meeting.startsAt)}, {formats.timeRange(meeting.startsAt, meeting.endsAt)}
                      </time>
                      {meeting.organizerName && ` · ${meeting.organizerName}`}
                    </p>
                    <AnswerForm compact action={respondAction.bind(null, org, meeting.id)} current={meeting.partstat} about={meeting.title} />
                  </li>
                ))}
              </ul>
            ) : (
              <p className="px-4 py-5 text-sm text-ink-muted">{t("nothingAwaiting")}</p>
            )}
          </Card>
          <Card id="inbox" title={t("inbox")} flush>
            <Link href={`/${org}/inbox`} className="flex min-h-12 items-center gap-3 px-4 text-sm hover:bg-hover">
              <Inbox aria-hidden className={unread > 0 ? "size-5 text-accent-ink" : "size-5 text-ink-muted"} />
              <span className={unread > 0 ? "flex-1 font-medium" : "flex-1 text-ink-muted"}>{t("unread", { count: unread })}</span>
              <ChevronRight aria-hidden className="size-4 text-ink-muted" />
            </Link>
          </Card>
        </div>
        {/* What waits for an answer comes before it on a phone. */}
        {workspace && <LatestNews organization={org} articles={news} workspace={workspace.slug} viewer={member} now={now} />}
      </div>
    </ClientMessages>
  );
}
