import { CalendarPlus, ExternalLink, Trash2 } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { AssignForm, CommentForm, TransitionForm } from "@/components/issues/act-forms";
import { CommentList } from "@/components/issues/comment-list";
import { IssueChip } from "@/components/issues/issue-chip";
import { IssueFactList, IssueHistory } from "@/components/issues/issue-facts";
import { LinkAccount } from "@/components/issues/link-account";
import { LiveIssues } from "@/components/issues/live-issues";
import { RichText } from "@/components/issues/rich-text";
import { StatusBadge } from "@/components/issues/status-badge";
import { Waiting } from "@/components/issues/waiting";
import { ReadOnView } from "@/components/notifications/read-on-view";
import { Badge } from "@/components/ui/badge";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { newId } from "@/lib/platform/ids";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { assignToMeAction, commentAction, transitionAction } from "@/lib/integrations/issues/acting/actions";
import { jiraSites, linkPath } from "@/lib/integrations/issues/desk/queries";
import { isIssueKey } from "@/lib/integrations/issues/keys/inputs";
import { commentsAtFirst, commentsAtMost, issueView, type IssueView, type OpenIssue } from "@/lib/integrations/issues/lookup/queries";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { meetingsAbout } from "@/lib/meetings/issues/queries";
import { unreadAbout } from "@/lib/notifications/inbox/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; connection: string; key: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key } = await params;
  return { title: isIssueKey(key) ? key : (await getTranslations("issues"))("title") };
}

export default async function IssuePage({ params, searchParams }: Props) {
  const { org, connection, key } = await params;
  const here = `/${org}/issues/${connection}/${key}`;
  const member = await pageMember(org, here);
  const [comments, whole, created] = await Promise.all(["comments", "whole", "created"].map((name) => queryText(searchParams, name)));
  const subjectId = `${connection}/${key}`;
  const [t, sites, unread] = await Promise.all([getTranslations("issues"), jiraSites(member), unreadAbout(member, subjectId)]);
  if (!isIssueKey(key) || !sites.some(({ id }) => id === connection)) notFound();
  const count = Math.min(commentsAtMost, Math.max(commentsAtFirst, Math.trunc(Number(comments)) || commentsAtFirst));
  const issue = <Issue member={member} connectionId={connection} issueKey={key} commentCount={count} here={here} />;
  return (
    <ClientMessages namespaces={["issues"]}>
      <ReadOnView organization={org} subjectId={subjectId} {...unread} />
      {created && (
        <Notice tone="positive" role="status" className="mb-5">
          {t("create.created")}
        </Notice>
      )}
      {whole === "1" ? (
        issue
      ) : (
        <Suspense
          fallback={
            <>
              <PageHeader title={key} back={{ href: `/${org}/issues`, label: t("back") }} />
              <Waiting lines={8} wholeHref={`${here}?whole=1`} />
            </>
          }
        >
          {issue}
        </Suspense>
      )}
    </ClientMessages>
  );
}

interface IssueProps {
  member: Member;
  connectionId: string;
  issueKey: string;
  commentCount: number;
  here: string;
}

async function Issue({ member, connectionId, issueKey, commentCount, here }: IssueProps) {
  const org = member.organizationSlug;
  const view = await issueView(member, connectionId, issueKey, commentCount).catch((error: unknown) => {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  if (view.state === "moved") redirect(`/${org}/issues/${connectionId}/${view.key}`);
  if (view.state !== "open") return <Instead view={view} member={member} issueKey={issueKey} here={here} />;
  return <Open view={view} member={member} connectionId={connectionId} here={here} />;
}

async function Open({ view, member, connectionId, here }: { view: OpenIssue; member: Member; connectionId: string; here: string }) {
  const org = member.organizationSlug;
  const { issue, comments, account } = view;
  const { facts } = issue;
  const [t, cards, meetings] = await Promise.all([getTranslations("issues"), cardsOf(member, view.mentioned), meetingsAbout(member, facts.key)]);
  const formats = formatsFor(member);
  const now = clock.now();
  const older = view.commentCount - comments.length;
  const parent = issue.parent && cards.get(issue.parent.key);
  return (
    <>
      <LiveIssues topics={[view.topic, ...[...cards.values()].map(({ topic }) => topic)]} />
      <PageHeader
        back={{ href: `/${org}/issues`, label: t("back") }}
        title={facts.summary || facts.key}
        actions={
          facts.url && (
            <a href={facts.url} target="_blank" rel="noopener noreferrer" className={buttonStyle()}>
              <ExternalLink aria-hidden className="size-4" />
              {t("inJira")}
            </a>
          )
        }
      >
        <span className="inline-flex flex-wrap items-center gap-2">
          <span className="tabular">{facts.key}</span>
          <StatusBadge status={facts.status} category={facts.statusCategory} />
          <span>{t("detail.seenAs", { name: account.name })}</span>
        </span>
      </PageHeader>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <div className="flex min-w-0 flex-col gap-6">
          <Card id="description" title={t("detail.description")}>
            {issue.parent && (
              <p className="mb-3 text-sm text-ink-muted">
                {t("detail.parent")}: {parent ? <IssueChip card={parent} organization={org} /> : issue.parent.key} {issue.parent.summary}
              </p>
            )}
            {issue.description.blocks.length === 0 ? (
              <p className="text-sm text-ink-muted">{t("detail.noDescription")}</p>
            ) : (
              <RichText blocks={issue.description.blocks} cards={cards} organization={org} />
            )}
            {issue.description.truncated && <p className="mt-3 text-xs text-ink-muted">{t("detail.truncated")}</p>}
          </Card>
          <Card id="comments" title={t("detail.comments")} aside={<span className="tabular text-sm text-ink-muted">{view.commentCount}</span>}>
            {older > 0 && (
              <p className="mb-4 text-sm">
                {comments.length < commentsAtMost ? (
                  <Link href={`${here}?comments=${Math.min(commentsAtMost, comments.length + commentsAtFirst)}`} scroll={false} className="link">
                    {t("detail.older")}
                  </Link>
                ) : (
                  <span className="text-ink-muted">{t("detail.oldest")}</span>
                )}
              </p>
            )}
            <CommentList comments={comments} cards={cards} organization={org} viewer={member} now={now} />
            <div id="write" className="mt-5 border-t border-line pt-4">
              <CommentForm action={commentAction.bind(null, org, connectionId, facts.key)} accountName={account.name} idempotencyKey={newId("request")} />
            </div>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <Card id="move" title={t("act.title")} aside={<StatusBadge status={facts.status} category={facts.statusCategory} />}>
            <TransitionForm action={transitionAction.bind(null, org, connectionId, facts.key)} transitions={issue.transitions} />
          </Card>
          <Card id="details" title={t("detail.details")}>
            <IssueFactList issue={issue} viewer={member} now={now} />
            {facts.assignee?.id !== account.id && (
              <div className="mt-4">
                <AssignForm action={assignToMeAction.bind(null, org, connectionId, facts.key)} />
              </div>
            )}
          </Card>
          <Card id="meetings" title={t("meetings.title")}>
            {meetings.length === 0 && <p className="mb-3 text-sm text-ink-muted">{t("meetings.none")}</p>}
            <ul className="mb-3 flex flex-col gap-2 text-sm empty:hidden">
              {meetings.map(({ id, title, startsAt, status }) => (
                <li key={id}>
                  <Link href={`/${org}/meetings/${id}`} className={status === "cancelled" ? "link text-ink-muted line-through" : "link"}>
                    {title}
                  </Link>{" "}
                  <time dateTime={startsAt.toISOString()} className="tabular text-xs text-ink-muted">
                    {formats.dayTime(startsAt)}
                  </time>
                </li>
              ))}
            </ul>
            <LinkButton size="sm" href={`/${org}/meetings/new?issue=${facts.key}`}>
              <CalendarPlus aria-hidden className="size-4" />
              {t("meetings.book")}
            </LinkButton>
          </Card>
          {issue.history.length > 0 && (
            <Card id="history" title={t("detail.history")}>
              <IssueHistory issue={issue} viewer={member} now={now} />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

type Closed = Exclude<IssueView, OpenIssue | { state: "moved" }>;

/** What there is to say when the issue itself cannot be shown: why, what to do about it, and what was last heard of it. */
async function Instead({ view: { state, card }, member, issueKey, here }: { view: Closed; member: Member; issueKey: string; here: string }) {
  const t = await getTranslations("issues");
  const org = member.organizationSlug;
  const formats = formatsFor(member);
  return (
    <>
      {card && <LiveIssues topics={[card.topic]} />}
      <PageHeader title={card?.summary || issueKey} back={{ href: `/${org}/issues`, label: t("back") }}>
        {card && issueKey}
      </PageHeader>
      <div className="flex flex-col gap-5">
        {card && (
          <Card>
            <p className="flex flex-wrap items-center gap-2 text-sm">
              <StatusBadge status={card.status} category={card.statusCategory} />
              {card.deleted && <Badge tone="danger">{t("card.deleted")}</Badge>}
              <span>{card.assignee ?? t("unassigned")}</span>
              <span className="text-ink-muted">{t("card.asOf", { when: formats.exact(card.asOf) })}</span>
            </p>
          </Card>
        )}
        {state === "silent" && (
          <Notice tone="caution" role="status" title={t("silent.title")}>
            <p>{t("silent.text")}</p>
            <a href={here} className="link mt-2 inline-block">
              {t("silent.again")}
            </a>
          </Notice>
        )}
        {state === "gone" && (
          <Card flush>
            <EmptyState icon={Trash2} title={t("gone.title")}>
              {card?.deleted ? t("gone.deleted") : t("gone.text")}
            </EmptyState>
          </Card>
        )}
        {(state === "unlinked" || state === "broken") && <LinkAccount href={linkPath(org, here)} broken={state === "broken"} />}
      </div>
    </>
  );
}
