import { Inbox } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AnswerForm } from "@/components/meetings/answer-form";
import { InboxList } from "@/components/notifications/inbox-list";
import { InboxRow } from "@/components/notifications/inbox-row";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Segments } from "@/components/ui/tabs";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { isId } from "@/lib/platform/ids";
import { respondAction } from "@/lib/meetings/actions";
import { myAnswers } from "@/lib/meetings/answers/queries";
import { markReadAction } from "@/lib/notifications/inbox/actions";
import { inboxPage } from "@/lib/notifications/inbox/queries";
import { pageMember } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<{ show?: string; before?: string }>;
}

const rowsOnPage = 20;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("inbox"))("title") };
}

export default async function InboxPage({ params, searchParams }: Props) {
  const [{ org }, { show, before }] = await Promise.all([params, searchParams]);
  const member = await pageMember(org, `/${org}/inbox`);
  const unread = show === "unread";
  const cursor = isId("receiver", before) ? before : undefined;
  const [t, { items, nextCursor, count }] = await Promise.all([getTranslations("inbox"), inboxPage(member, { cursor, limit: rowsOnPage, unread })]);
  const answers = await myAnswers(member, items.flatMap(({ line }) => (line.meeting ? [line.meeting.id] : [])));
  // One answer a meeting: under the newest row about it.
  const answerable = new Map([...items].reverse().flatMap(({ id, line }) => (line.meeting && answers.get(line.meeting.id)?.open ? [[line.meeting.id, id]] : [])));
  const now = clock.now();
  const here = (query: Record<string, string>) => {
    const search = new URLSearchParams(query).toString();
    return `/${org}/inbox${search ? `?${search}` : ""}`;
  };

  return (
    <ClientMessages namespaces={["inbox", "meetings"]}>
      <PageHeader
        title={t("title")}
        actions={
          <Segments
            label={t("show")}
            tabs={[
              { href: here({}), label: t("all"), current: !unread },
              { href: here({ show: "unread" }), label: t("unread"), current: unread },
            ]}
          />
        }
      >
        {t("lead")}
      </PageHeader>
      <InboxList organization={org} count={count} newest={items[0]?.id ?? null} markAllRead={markReadAction.bind(null, org, { upTo: items[0]?.id ?? "" })}>
        {items.length > 0 ? (
          <ul className="overflow-hidden rounded-xl border border-line bg-surface">
            {items.map((item) => {
              const meetingId = item.line.meeting?.id;
              const answer = meetingId ? answers.get(meetingId) : undefined;
              return (
                <InboxRow
                  key={item.id}
                  item={item}
                  organization={org}
                  viewer={member}
                  now={now}
                  lost={meetingId !== undefined && answer === undefined && item.type !== "meeting.removed"}
                  markRead={markReadAction.bind(null, org, { ids: [item.id] })}
                >
                  {meetingId && answer && answerable.get(meetingId) === item.id && (item.type === "meeting.invited" || item.type === "meeting.updated") && (
                    <AnswerForm
                      compact
                      action={respondAction.bind(null, org, meetingId)}
                      current={answer.partstat}
                      comment={answer.comment}
                      about={t("answerLabel", { title: item.line.meeting?.title ?? "" })}
                    />
                  )}
                </InboxRow>
              );
            })}
          </ul>
        ) : (
          <div className="rounded-xl border border-line bg-surface">
            <EmptyState
              icon={Inbox}
              title={t(unread ? "emptyUnreadTitle" : "emptyTitle")}
              action={unread ? undefined : <LinkButton href={`/${org}/meetings/new`}>{t("book")}</LinkButton>}
            >
              {t(unread ? "emptyUnreadText" : "emptyText")}
            </EmptyState>
          </div>
        )}
      </InboxList>
      {(cursor || nextCursor) && (
        <nav aria-label={t("title")} className="mt-4 flex flex-wrap justify-between gap-2">
          {cursor ? <LinkButton href={here(unread ? { show: "unread" } : {})}>{t("newer")}</LinkButton> : <span />}
          {nextCursor && <LinkButton href={here({ ...(unread ? { show: "unread" } : {}), before: nextCursor })}>{t("more")}</LinkButton>}
        </nav>
      )}
      <p className="mt-4 hidden text-xs text-ink-muted md:block">{t("keys")}</p>
    </ClientMessages>
  );
}
