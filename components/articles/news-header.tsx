import { PenLine, Settings2 } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { TopicChoice } from "@/components/notifications/topic-choice";
import { LinkButton } from "@/components/ui/link-button";
import { Menu } from "@/components/ui/menu";
import { Tabs } from "@/components/ui/tabs";
import type { FeedView } from "@/lib/feed/feeds/mappings";
import type { TopicChoice as Choice } from "@/lib/notifications/topics/inputs";
import { TopicBell } from "./topic-bell";

interface Props {
  organization: string;
  workspace: { name: string; slug: string };
  feeds: FeedView[];
  /** A feed by its slug, all of them (null), or one of the other lists. */
  current: { feed: string | null } | "drafts" | "archive";
  /** The feed that is shown, and what its reader wants to hear of it. */
  topic?: { feed: FeedView; choice: Choice | null };
}

/** The head of a workspace's news: its feeds, what one is writing, what was put away. */
export async function NewsHeader({ organization, workspace, feeds, current, topic }: Props) {
  const t = await getTranslations("news");
  const home = `/${organization}/w/${workspace.slug}`;
  const shown = typeof current === "string" ? undefined : current.feed;
  const feed = feeds.find(({ slug }) => slug === shown);
  const open = feeds.filter(({ archived, slug }) => !archived || slug === shown);
  const nameOf = ({ name }: FeedView) => name ?? t("first");
  const mayWrite = feed ? feed.mayPublish : feeds.some(({ mayPublish }) => mayPublish);
  return (
    <>
      {/* On one line at every width, unlike other pages: the name of a place is short, and what is done there should be at hand. */}
      <header className="mb-4 flex items-center justify-between gap-3">
        <h1 className="min-w-0 text-2xl font-semibold break-words">{workspace.name}</h1>
        <div className="flex shrink-0 items-center gap-1">
          {topic && (
            <Menu
              label={t("hear", { feed: nameOf(topic.feed) })}
              align="end"
              buttonClassName="inline-flex size-10 items-center justify-center text-ink-muted hover:bg-hover hover:text-ink"
              button={<TopicBell choice={topic.choice} />}
            >
              <div className="w-72 max-w-[calc(100vw-3rem)] p-2">
                <p className="mb-2 text-sm font-medium">{t("hear", { feed: nameOf(topic.feed) })}</p>
                <TopicChoice organization={organization} topic={topic.feed.id} choice={topic.choice} />
              </div>
            </Menu>
          )}
          <LinkButton href={`/${organization}/settings/workspaces/${workspace.slug}`} variant="ghost" size="icon" aria-label={t("settings")} title={t("settings")}>
            <Settings2 aria-hidden className="size-4.5" />
          </LinkButton>
          {mayWrite && (
            <LinkButton className="ml-1" href={`${home}/new${feed ? `?${new URLSearchParams({ feed: feed.slug })}` : ""}`} variant="primary" prefetch={false}>
              <PenLine aria-hidden className="size-4" />
              {t("write")}
            </LinkButton>
          )}
        </div>
      </header>
      <Tabs
        label={t("feeds")}
        tabs={[
          ...(open.length > 1 ? [{ href: home, label: t("everything"), current: shown === null }] : []),
          ...open.map((one) => ({
            href: open.length > 1 ? `${home}?${new URLSearchParams({ feed: one.slug })}` : home,
            label: nameOf(one),
            current: shown !== undefined && (open.length > 1 ? one.slug === shown : true),
          })),
          { href: `${home}/drafts`, label: t("drafts"), current: current === "drafts" },
          { href: `${home}/archive`, label: t("archive"), current: current === "archive" },
        ]}
      />
    </>
  );
}
