import { ChevronLeft, MessageSquare, Trash2, Users } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { z } from "zod";
import { ArticleByline } from "@/components/articles/article-byline";
import { ArticleMenu } from "@/components/articles/article-menu";
import { ArticleStanding } from "@/components/articles/article-standing";
import { AskDialog } from "@/components/articles/ask-dialog";
import { DocumentBody } from "@/components/articles/document";
import { HeldVersion } from "@/components/articles/held-version";
import { LostPage } from "@/components/articles/lost-page";
import { mediaIn } from "@/components/articles/media-in";
import { MustReadBar } from "@/components/articles/must-read-bar";
import { PublishedNotice } from "@/components/articles/published-notice";
import { ReadArticle } from "@/components/articles/read-article";
import { textsIn } from "@/components/articles/texts";
import { TopicBell } from "@/components/articles/topic-bell";
import { CommentCount } from "@/components/comments/comment-count";
import { Comments } from "@/components/comments/comments";
import { IssueLine, LiveCards } from "@/components/issues/issue-text";
import { LikeButton } from "@/components/likes/like-button";
import { MediaFigure } from "@/components/media/media-figure";
import { ReadOnView } from "@/components/notifications/read-on-view";
import { TopicChoice } from "@/components/notifications/topic-choice";
import { LinkButton } from "@/components/ui/link-button";
import { Menu } from "@/components/ui/menu";
import { clock } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { articleChannel } from "@/lib/platform/realtime";
import { archiveArticleAction, deleteArticleAction } from "@/lib/feed/articles/actions";
import type { ArticleView } from "@/lib/feed/articles/queries";
import { commentsAt } from "@/lib/feed/comments/queries";
import { acknowledgeAction } from "@/lib/feed/must-reads/actions";
import { hasJira } from "@/lib/integrations/issues/desk/queries";
import { keysOf } from "@/lib/integrations/issues/keys/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { unreadAbout } from "@/lib/notifications/inbox/queries";
import { topicChoice } from "@/lib/notifications/topics/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { openedArticle } from "./opened";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Addresses are typed, shared and kept: what makes no sense any more shows the article as it is. */
const view = z.object({
  /** What is being asked before it is done. */
  ask: z.enum(["archive", "delete"]).optional().catch(undefined),
  published: z.coerce.number().int().min(1).optional().catch(undefined),
  /** A comment to begin at, and an earlier part of the conversation. */
  comment: z.string().max(64).optional().catch(undefined),
  comments: z.string().max(200).optional().catch(undefined),
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org, id } = await params;
  const article = await openedArticle(await pageMember(org, `/${org}/articles/${id}`), id);
  const t = await getTranslations("news");
  return { title: article ? article.title || t("draft.untitled") : t("lost.goneTitle") };
}

export default async function ArticlePage({ params, searchParams }: Props) {
  const [{ org, id }, query] = await Promise.all([params, searchParams]);
  const asked = view.parse(query);
  const member = await pageMember(org, `/${org}/articles/${id}`);
  const [t, article] = await Promise.all([getTranslations("news"), openedArticle(member, id)]);
  if (!article) {
    return (
      <LostPage icon={Trash2} title={t("lost.goneTitle")} home={`/${org}`} homeLabel={t("lost.home")}>
        {t("lost.gone")}
      </LostPage>
    );
  }
  const isOut = article.state === "published" || article.state === "archived";
  const [talk, about, choices, jira] = await Promise.all([
    isOut ? conversation(member, id, asked) : null,
    unreadAbout(member, id),
    topicChoice(member, [id]),
    hasJira(member),
  ]);
  // Not waited for: whatever Jira has to be asked comes when it has answered.
  const cards = jira ? cardsOf(member, keysOf([article.title, ...textsIn(article.document), ...(talk?.comments.map(({ text }) => text) ?? [])])) : Promise.resolve(new Map());
  const now = clock.now();
  const here = `/${org}/articles/${id}`;
  const home = article.places[0];
  const back = home && { href: `/${org}/w/${home.slug}`, label: home.name };
  const choice = choices.get(id) ?? null;
  const cover = article.cover && !mediaIn(article.document).includes(article.cover.id) ? article.cover : null;

  return (
    <ClientMessages namespaces={["news", "issues", "media", "comments"]}>
      <Suspense>
        <LiveCards cards={cards} />
      </Suspense>
      {isOut && article.readAt === null && <ReadArticle organization={org} articleId={id} />}
      <ReadOnView organization={org} subjectId={id} {...about} />
      <div className="mx-auto max-w-2xl">
        <HeldVersion channel={articleChannel(id)} version={article.version}>
          <article>
            <header className="mb-6">
              <div className="-ml-1.5 mb-3 flex min-h-9 items-center justify-between gap-3">
                {back ? (
                  <Link href={back.href} className="inline-flex min-h-8 min-w-0 items-center gap-0.5 rounded-md pr-2 text-sm text-ink-muted hover:text-ink">
                    <ChevronLeft aria-hidden className="size-4 shrink-0" />
                    <span className="truncate">{back.label}</span>
                  </Link>
                ) : (
                  <span />
                )}
                <ArticleMenu organization={org} article={article} />
              </div>
              <h1 className="text-2xl leading-tight font-semibold text-pretty break-words">
                {article.title ? <IssueLine text={article.title} cards={cards} organization={org} /> : <span className="text-ink-muted">{t("draft.untitled")}</span>}
              </h1>
              <ArticleByline organization={org} article={article} viewer={member} now={now} />
            </header>
            {asked.published !== undefined && isOut && <PublishedNotice article={article} locale={member.locale} again={asked.published > 1} />}
            <ArticleStanding organization={org} article={article} viewer={member} now={now} />
            {cover && <MediaFigure media={cover} eager />}
            <DocumentBody document={article.document} media={article.media} people={article.people} cards={cards} organization={org} origin={env().APP_URL} />
            {article.mustRead && isOut && <MustRead article={article} member={member} now={now} />}
          </article>
        </HeldVersion>
        {isOut && (
          <div className="mt-8 flex flex-wrap items-center gap-1 border-y border-line py-1.5">
            <LikeButton organization={org} articleId={id} initial={{ likes: article.likes, liked: article.liked }} open={article.state === "published"} />
            <a href="#comments" className="inline-flex min-h-10 items-center gap-1.5 rounded-lg px-3 text-sm font-medium text-ink-muted hover:bg-hover hover:text-ink">
              <MessageSquare aria-hidden className="size-4.5" />
              <CommentCount articleId={id} initial={article.comments} />
            </a>
            <Menu
              label={t("article.hear")}
              align="end"
              side="above"
              className="ml-auto"
              buttonClassName="inline-flex size-10 items-center justify-center text-ink-muted hover:bg-hover hover:text-ink"
              button={<TopicBell choice={choice} />}
            >
              <div className="w-72 max-w-[calc(100vw-3rem)] p-2">
                <p className="mb-2 text-sm font-medium">{t("article.hear")}</p>
                <TopicChoice organization={org} topic={id} choice={choice} />
              </div>
            </Menu>
          </div>
        )}
        {talk && (
          <section id="comments" aria-label={t("article.comments")} className="mt-6 scroll-mt-20">
            <Comments
              organization={org}
              articleId={id}
              me={{ id: member.id, name: member.name }}
              viewer={member}
              now={now}
              page={talk}
              likes={article.state === "published"}
              isEarlier={asked.comments !== undefined}
              cards={jira ? cards : undefined}
            />
          </section>
        )}
      </div>
      {asked.ask === "archive" && article.mayManage && article.state === "published" && (
        <AskDialog
          action={archiveArticleAction.bind(null, org, id)}
          title={t("article.archiveTitle")}
          text={t("article.archiveText")}
          act={t("article.archive")}
          closeHref={here}
        />
      )}
      {asked.ask === "delete" && article.mayManage && (
        <AskDialog
          action={deleteArticleAction.bind(null, org, id, home?.slug ?? null)}
          title={t("article.deleteTitle")}
          text={t("article.deleteText")}
          act={t("article.delete")}
          danger
          closeHref={here}
        />
      )}
    </ClientMessages>
  );
}

/** What of the conversation is asked for; an address of a part that there is not shows its end. */
async function conversation(member: Member, id: string, { comment, comments }: { comment?: string; comments?: string }) {
  return commentsAt(member, id, { around: comment, cursor: comments }).catch(() => commentsAt(member, id));
}

async function MustRead({ article, member, now }: { article: ArticleView; member: Member; now: Date }) {
  const t = await getTranslations("news.mustRead");
  const formats = formatsFor(member);
  const { mustRead } = article;
  if (!mustRead) return null;
  const org = member.organizationSlug;
  const { dueAt, acknowledged } = mustRead;
  const overdue = dueAt !== null && dueAt < now;
  const isOwn = article.author.id === member.id;
  return (
    <>
      {!isOwn && (article.state === "published" || acknowledged) && (
        <MustReadBar
          action={acknowledgeAction.bind(null, org, article.id, article.version)}
          acknowledged={acknowledged !== null}
          words={{
            ask: t("ask", { name: article.author.name }),
            due: dueAt && t(overdue ? "overdue" : "askDue", { when: formats.day(dueAt) }),
            overdue,
            thanks: acknowledged && acknowledged.version < article.version ? t("earlier", { version: acknowledged.version }) : acknowledged ? t("thanksAt", { when: formats.dayTime(acknowledged.at) }) : t("thanks"),
          }}
        />
      )}
      {article.mayManage && (
        <p className="mt-4 flex flex-wrap items-center justify-between gap-2 rounded-xl border border-line px-4 py-2.5 text-sm">
          <span className="text-ink-muted">{t("author")}</span>
          <LinkButton href={`/${org}/articles/${article.id}/readers`} size="sm">
            <Users aria-hidden className="size-4" />
            {t("seeReaders")}
          </LinkButton>
        </p>
      )}
    </>
  );
}
