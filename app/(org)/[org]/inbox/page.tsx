import { AlarmClock, AtSign, Inbox, ListFilter, type LucideIcon } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { AnswerForm } from "@/components/meetings/answer-form";
import { EarlierRows } from "@/components/notifications/earlier-rows";
import { HeldLine } from "@/components/notifications/held-line";
import { InboxList } from "@/components/notifications/inbox-list";
import { InboxRow } from "@/components/notifications/inbox-row";
import { KindFilter } from "@/components/notifications/kind-filter";
import { MarkAllRead } from "@/components/notifications/mark-all-read";
import { RowMenu, type Snooze } from "@/components/notifications/row-menu";
import { SnoozeDialog } from "@/components/notifications/snooze-dialog";
import { MuteMenu } from "@/components/preferences/mute-menu";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { Tabs } from "@/components/ui/tabs";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor, wallClockIn } from "@/lib/platform/i18n/formats";
import { isId } from "@/lib/platform/ids";
import { openArticles } from "@/lib/feed/news/queries";
import { respondAction } from "@/lib/meetings/actions";
import { myAnswers } from "@/lib/meetings/answers/queries";
import { markAllReadAction, markUnreadAction, snoozeUntilAction } from "@/lib/notifications/inbox/actions";
import { inboxTabs, type InboxTab, type ReadNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { inboxPage, threadRows, type InboxItem } from "@/lib/notifications/inbox/queries";
import { snoozeOffers } from "@/lib/notifications/inbox/snoozes/queries";
import { categories, type Category } from "@/lib/notifications/inputs";
import { interruptions, mutedThreads } from "@/lib/notifications/preferences/queries";
import { pageMember } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const rowsOnPage = 20;

/** Addresses are typed, shared and kept: what makes no sense any more shows the inbox as it is. */
const view = z.object({
  tab: z.enum(inboxTabs).catch("all"),
  kind: z.enum(categories).optional().catch(undefined),
  before: z.string().optional().catch(undefined),
  /** The line whose earlier rows are shown. */
  open: z.string().optional().catch(undefined),
  /** The line that is being put off. */
  snooze: z.string().optional().catch(undefined),
  /** When everything was read, to take it back without scripts. */
  undo: z.iso.datetime().optional().catch(undefined),
});

const emptyIcons: Record<InboxTab, LucideIcon> = { all: Inbox, unread: Inbox, personal: AtSign, snoozed: AlarmClock };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("inbox"))("title") };
}

export default async function InboxPage({ params, searchParams }: Props) {
  const [{ org }, query] = await Promise.all([params, searchParams]);
  const { tab, kind, before, open, snooze, undo } = view.parse(query);
  const member = await pageMember(org, `/${org}/inbox`);
  const cursor = isId("receiver", before) ? before : undefined;
  const [t, { items, nextCursor, count, seen }, silence] = await Promise.all([
    getTranslations("inbox"),
    inboxPage(member, { cursor, limit: rowsOnPage, tab, category: kind }),
    interruptions(member),
  ]);
  const opened = items.find(({ id, summary }) => id === open && summary.earlier > 0);
  const [answers, earlier, silenced, readable] = await Promise.all([
    myAnswers(member, items.flatMap(({ line }) => (line.meeting ? [line.meeting.id] : []))),
    opened ? threadRows(member, opened.id) : null,
    mutedThreads(member, items.map(({ thread }) => thread)),
    openArticles(member, items.flatMap(({ line }) => (line.article ? [line.article.id] : []))),
  ]);
  const now = clock.now();
  const formats = formatsFor(member);
  const offers = snoozeOffers(member);
  const putOff = items.find(({ id }) => id === snooze);

  /** This page as it stands, with some of it changed; `undefined` leaves a part out. */
  const here = (change: Partial<Record<"tab" | "kind" | "before" | "open" | "snooze", string | undefined>>) => {
    const parts = { tab: tab === "all" ? undefined : tab, kind, before: cursor, ...change };
    const search = new URLSearchParams(Object.entries(parts).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();
    return `/${org}/inbox${search ? `?${search}` : ""}`;
  };
  const everything: ReadNotificationsInput = { seen, ...(tab === "unread" || tab === "personal" ? { tab } : {}), ...(kind ? { category: kind } : {}) };
  const whenOf = (at: Date) => (formats.day(at) === formats.day(now) ? formats.time(at) : formats.dayTime(at));
  const snoozesFor = ({ line: { meeting } }: InboxItem): Snooze[] => [
    ...offers.map(({ choice, at }) => ({ choice, when: whenOf(at) })),
    ...(meeting && new Date(meeting.endsAt) > now ? [{ choice: "subject-end" as const, when: whenOf(new Date(meeting.endsAt)) }] : []),
  ];

  return (
    <ClientMessages namespaces={["inbox", "meetings", "preferences"]}>
      <PageHeader title={t("title")} actions={<MuteMenu organization={org} now={silence} viewer={member} />}>
        {t("lead")}
      </PageHeader>
      <Tabs
        label={t("show")}
        tabs={inboxTabs.map((name) => ({
          href: here({ tab: name === "all" ? undefined : name, before: undefined }),
          label: t(`tabs.${name}`),
          current: name === tab,
        }))}
      />
      <HeldLine now={silence} viewer={member} at={now} />
      {undo && (
        <div className="mb-4 hidden no-js:block">
          <Notice tone="positive" role="status">
            <form action={markUnreadAction.bind(null, org, { readAt: undo })} className="flex flex-wrap items-center justify-between gap-2">
              {t("allReadText")}
              <Button type="submit" size="sm">
                {t("undo")}
              </Button>
            </form>
          </Notice>
        </div>
      )}
      <InboxList organization={org} tab={tab} count={count} ids={items.map(({ id }) => id)} everything={everything}>
        <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-2">
          <KindFilter chosen={kind} hrefOf={(category: Category | undefined) => here({ kind: category, before: undefined })} />
          {tab !== "snoozed" && items.length > 0 && (
            <MarkAllRead action={markAllReadAction.bind(null, org, everything, { ...(tab === "all" ? {} : { tab }), ...(kind && { kind }) })} />
          )}
        </div>
        {(tab === "personal" || tab === "snoozed") && items.length > 0 && <p className="mb-3 text-sm text-ink-muted">{t(`about.${tab}`)}</p>}
        {items.length > 0 ? (
          <ul className="rounded-xl border border-line bg-surface">
            {items.map((item) => {
              const meetingId = item.line.meeting?.id;
              const answer = meetingId ? answers.get(meetingId) : undefined;
              const answerable = item.type === "meeting.invited" || item.type === "meeting.updated";
              const isOpen = earlier !== null && opened?.id === item.id;
              return (
                <InboxRow
                  key={item.id}
                  item={item}
                  organization={org}
                  viewer={member}
                  now={now}
                  lost={item.line.article ? !readable.has(item.line.article.id) : meetingId !== undefined && answer === undefined && item.type !== "meeting.removed"}
                  muted={silenced.has(item.thread)}
                  toggleHref={here({ open: isOpen ? undefined : item.id })}
                  earlier={
                    isOpen ? (
                      <EarlierRows rows={earlier.rows} more={earlier.more} line={item.sentence} organization={org} viewer={member} now={now} />
                    ) : undefined
                  }
                  menu={
                    <RowMenu
                      id={item.id}
                      organization={org}
                      line={item.sentence}
                      asleep={item.snoozedUntil !== null}
                      thread={item.canBeMuted ? { name: item.thread, muted: silenced.has(item.thread) } : null}
                      snoozes={snoozesFor(item)}
                      chooseHref={here({ open, snooze: item.id })}
                    />
                  }
                >
                  {meetingId && answer?.open && answerable && (
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
            {kind ? (
              <EmptyState icon={ListFilter} title={t("empty.kind.title")} action={<LinkButton href={here({ kind: undefined, before: undefined })}>{t("empty.kind.action")}</LinkButton>}>
                {t("empty.kind.text")}
              </EmptyState>
            ) : (
              <EmptyState
                icon={emptyIcons[tab]}
                title={t(`empty.${tab}.title`)}
                action={tab === "all" ? <LinkButton href={`/${org}/meetings/new`}>{t("book")}</LinkButton> : undefined}
              >
                {t(`empty.${tab}.text`)}
              </EmptyState>
            )}
          </div>
        )}
      </InboxList>
      {(cursor || nextCursor) && (
        <nav aria-label={t("title")} className="mt-4 flex flex-wrap justify-between gap-2">
          {cursor ? <LinkButton href={here({ before: undefined })}>{t("newer")}</LinkButton> : <span />}
          {nextCursor && <LinkButton href={here({ before: nextCursor })}>{t("more")}</LinkButton>}
        </nav>
      )}
      <footer className="mt-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2 text-sm">
        <p className="hidden text-xs text-ink-muted md:block md:no-js:hidden">{t("keys")}</p>
        <LinkButton href={`/${org}/inbox/kept-out`} variant="ghost" size="sm">
          {t("whyNot")}
        </LinkButton>
      </footer>
      {putOff && (
        <SnoozeDialog
          key={putOff.id}
          action={snoozeUntilAction.bind(null, org, putOff.id)}
          closeHref={here({ open })}
          line={putOff.sentence}
          earliest={wallClockIn(member.timeZone, now)}
          suggested={wallClockIn(member.timeZone, offers.find(({ choice }) => choice === "tomorrow")?.at ?? now)}
        />
      )}
    </ClientMessages>
  );
}
