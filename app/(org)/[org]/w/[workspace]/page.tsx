import { CheckCheck, Newspaper, PenLine } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { ArticleCard } from "@/components/articles/article-card";
import { LiveFeed } from "@/components/articles/live-feed";
import { MoreLink } from "@/components/articles/more-link";
import { NewsHeader } from "@/components/articles/news-header";
import { PinnedList } from "@/components/articles/pinned-list";
import { ReadAll } from "@/components/articles/read-all";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { workspaceChannel } from "@/lib/platform/realtime";
import { listArticles } from "@/lib/feed/articles/listing/queries";
import { readAllAction } from "@/lib/feed/reading/actions";
import { topicChoice } from "@/lib/notifications/topics/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";
import { workspaceHere } from "./here";

interface Props {
  params: Promise<{ org: string; workspace: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const step = 20;
/** One page grows so far; further back is a page of its own. */
const shownMax = 100;

/** Addresses are typed, shared and kept: what makes no sense any more shows the news as it is. */
const view = z.object({
  feed: z.string().max(60).optional().catch(undefined),
  before: z.string().max(200).optional().catch(undefined),
  shown: z.coerce.number().int().min(step).max(shownMax).catch(step),
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org, workspace } = await params;
  const [t, mine] = await Promise.all([getTranslations("news"), myWorkspaces(await pageMember(org, `/${org}/w/${workspace}`))]);
  const found = mine.find(({ slug }) => slug === workspace);
  return { title: found ? t("titleOf", { workspace: found.name }) : t("lost.workspaceTitle") };
}

export default async function NewsPage({ params, searchParams }: Props) {
  const [{ org, workspace: slug }, query] = await Promise.all([params, searchParams]);
  const { feed: asked, before, shown } = view.parse(query);
  const { member, workspace, feeds } = await workspaceHere(org, slug);
  const open = feeds.filter(({ archived }) => !archived);
  const only = open.length === 1 ? open[0] : undefined;
  const feed = feeds.find((one) => one.slug === asked);
  const [t, { articles, pinned, nextCursor, newest, seenUpTo }, choices] = await Promise.all([
    getTranslations("news"),
    pageOf(member, { workspace: slug, feed: feed?.slug, cursor: before, limit: shown }),
    topicChoice(member, feeds.map(({ id }) => id)),
  ]);
  const topic = feed ?? only;
  const now = clock.now();
  const hrefOf = (changes: Record<string, string | undefined>) => {
    const values = Object.entries({ feed: feed?.slug, before, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return `/${org}/w/${slug}${values.length > 0 ? `?${new URLSearchParams(values)}` : ""}`;
  };
  const grown = Math.min(shown + step, shownMax);
  const writes = (feed ?? only)?.mayPublish ?? open.some(({ mayPublish }) => mayPublish);
  const anyUnread = [...articles, ...pinned].some(({ unread }) => unread);

  return (
    <ClientMessages namespaces={["news"]}>
      <div className="max-w-3xl">
        <NewsHeader
          organization={org}
          workspace={workspace}
          feeds={feeds}
          current={{ feed: feed?.slug ?? (only ? only.slug : null) }}
          topic={topic && { feed: topic, choice: choices.get(topic.id) ?? null }}
        />
        <LiveFeed
          // Another feed, or another stretch of it, is another list.
          key={`${feed?.slug} ${before}`}
          channel={workspaceChannel(workspace.id)}
          ids={articles.map(({ id }) => id)}
          pinnedIds={pinned.map(({ id }) => id)}
          newerHref={before ? null : `/api/articles/newer?${new URLSearchParams({ organization: org, workspace: slug, ...(feed && { feed: feed.slug }), newest })}`}
          above={
            before ? (
              <p className="mb-4">
                <LinkButton href={hrefOf({ before: undefined })} size="sm">
                  {t("newest")}
                </LinkButton>
              </p>
            ) : (
              <PinnedList organization={org} workspace={slug} articles={pinned} viewer={member} now={now} />
            )
          }
        >
          {articles.length > 0 ? (
            <ul data-feed aria-label={t("articles")} className="rounded-xl border border-line bg-surface">
              {articles.map((article, at) => (
                <ArticleCard key={article.id} article={article} organization={org} viewer={member} now={now} showFeed={!feed && open.length > 1} first={at < 2} />
              ))}
            </ul>
          ) : (
            <div className="rounded-xl border border-line bg-surface">
              {before ? (
                <p className="px-5 py-8 text-center text-sm text-ink-muted">{t("empty.older")}</p>
              ) : (
                <EmptyState
                  icon={Newspaper}
                  title={t("empty.feedTitle")}
                  action={
                    writes && (
                      <LinkButton href={`/${org}/w/${slug}/new${feed ? `?${new URLSearchParams({ feed: feed.slug })}` : ""}`} variant="primary" prefetch={false}>
                        <PenLine aria-hidden className="size-4" />
                        {t("write")}
                      </LinkButton>
                    )
                  }
                >
                  {writes ? t("empty.feed", { workspace: workspace.name }) : t("empty.readOnly")}
                </EmptyState>
              )}
            </div>
          )}
          <footer className="mt-4 flex flex-wrap items-center justify-between gap-3">
            {nextCursor ? (
              <MoreLink
                // Grows below what is there, as far as one page may; without scripts the page opens where the new ones begin.
                href={grown > shown ? `${hrefOf({ shown: String(grown) })}#${articles.at(-1)?.id}` : hrefOf({ before: nextCursor })}
                count={grown > shown ? articles.length : null}
              >
                {t("more")}
              </MoreLink>
            ) : (
              <span />
            )}
            {anyUnread && (
              <ReadAll
                action={readAllAction.bind(null, org, workspace.id)}
                everything={seenUpTo.toISOString()}
                rows={articles.map(({ id, publishedAt }) => ({ id, at: publishedAt.toISOString() }))}
              >
                <Button type="submit" variant="ghost" size="sm">
                  <CheckCheck aria-hidden className="size-4" />
                  {t("readAll")}
                </Button>
              </ReadAll>
            )}
          </footer>
          {articles.length > 1 && <p className="mt-3 hidden text-xs text-ink-muted md:block md:no-js:hidden">{t("keys")}</p>}
        </LiveFeed>
      </div>
    </ClientMessages>
  );
}

/** A cursor that was none is an address that makes no sense: the news as it is. */
async function pageOf(member: Member, asked: Parameters<typeof listArticles>[1]) {
  try {
    return await listArticles(member, asked);
  } catch (error) {
    if (error instanceof Refused && error.code === "INVALID") redirect(`/${member.organizationSlug}/w/${asked.workspace}`);
    throw error;
  }
}
