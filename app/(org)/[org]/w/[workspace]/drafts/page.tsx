import { CalendarClock, PenLine } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { NewsHeader } from "@/components/articles/news-header";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { scheduledArticles } from "@/lib/feed/articles/queries";
import { discardDraftAction } from "@/lib/feed/drafts/actions";
import { myDrafts } from "@/lib/feed/drafts/queries";
import { workspaceHere } from "../here";

interface Props {
  params: Promise<{ org: string; workspace: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("news"))("drafts") };
}

/** What one is writing here, and what waits for its instant: one's own, and for admins everybody's. */
export default async function DraftsPage({ params }: Props) {
  const { org, workspace: slug } = await params;
  const { member, workspace, feeds } = await workspaceHere(org, slug);
  const [t, drafts, scheduled] = await Promise.all([getTranslations("news"), myDrafts(member, slug), scheduledArticles(member, slug)]);
  const formats = formatsFor(member);
  const now = clock.now();
  const mine = new Set(drafts.map(({ articleId }) => articleId));
  const others = scheduled.filter(({ id }) => !mine.has(id));
  const writes = feeds.some(({ mayPublish, archived }) => mayPublish && !archived);
  return (
    <ClientMessages namespaces={["news"]}>
      <div className="max-w-3xl">
        <NewsHeader organization={org} workspace={workspace} feeds={feeds} current="drafts" />
        {drafts.length + others.length > 0 ? (
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {others.map((article) => (
              <li key={article.id} className="relative flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-4 hover:bg-hover sm:px-5">
                <div className="min-w-0 flex-1 basis-56">
                  <Link href={`/${org}/articles/${article.id}`} className="rounded-sm font-medium break-words after:absolute after:inset-0">
                    {article.title || t("draft.untitled")}
                  </Link>
                  <p className="mt-0.5 line-clamp-2 text-sm break-words text-ink-muted">{article.excerpt}</p>
                  <p className="mt-1.5 flex flex-wrap items-center gap-2 text-sm text-ink-muted">
                    {article.publishAt && <Scheduled words={t("draft.scheduled", { when: formats.dayTime(article.publishAt) })} />}
                    {article.author.id !== member.id && article.author.name}
                  </p>
                </div>
              </li>
            ))}
            {drafts.map((draft) => {
              const title = draft.title || t("draft.untitled");
              return (
                <li key={draft.articleId} className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
                  <div className="min-w-0 flex-1 basis-56">
                    <p className="font-medium break-words">{title}</p>
                    <p className="mt-0.5 line-clamp-2 text-sm break-words text-ink-muted">{draft.excerpt || t("draft.empty")}</p>
                    <p className="mt-1.5 flex flex-wrap items-center gap-2 text-sm text-ink-muted">
                      {draft.publishAt && draft.state === "scheduled" && <Scheduled words={t("draft.scheduled", { when: formats.dayTime(draft.publishAt) })} />}
                      {draft.published && <Badge>{t("draft.changes")}</Badge>}
                      <time dateTime={draft.savedAt.toISOString()} title={formats.exact(draft.savedAt)}>
                        {t("draft.saved", { when: formats.relative(draft.savedAt, now) })}
                      </time>
                    </p>
                  </div>
                  <div className="flex flex-wrap items-start gap-1">
                    <LinkButton href={`/${org}/articles/${draft.articleId}/edit`} size="sm">
                      <span aria-hidden="true">{t("draft.continue")}</span>
                      <span className="sr-only">{t("draft.continueNamed", { title })}</span>
                    </LinkButton>
                    <ConfirmedForm
                      action={discardDraftAction.bind(null, org, draft.articleId, `/${org}/w/${slug}/drafts`)}
                      values={{}}
                      question={t(draft.published ? "draft.discardChanges" : "draft.discardText")}
                      aria-label={t("draft.discardNamed", { title })}
                    >
                      {t("draft.discard")}
                    </ConfirmedForm>
                  </div>
                </li>
              );
            })}
          </ul>
        ) : (
          <div className="rounded-xl border border-line bg-surface">
            <EmptyState
              icon={PenLine}
              title={t("empty.draftsTitle")}
              action={
                writes && (
                  <LinkButton href={`/${org}/w/${slug}/new`} variant="primary" prefetch={false}>
                    <PenLine aria-hidden className="size-4" />
                    {t("write")}
                  </LinkButton>
                )
              }
            >
              {t("empty.drafts")}
            </EmptyState>
          </div>
        )}
      </div>
    </ClientMessages>
  );
}

function Scheduled({ words }: { words: string }) {
  return (
    <Badge tone="accent">
      <CalendarClock aria-hidden className="size-3.5" />
      {words}
    </Badge>
  );
}
