import { Heart, MessageSquare } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { ArticleGlance } from "@/lib/feed/articles/listing/mappings";
import { ArticleCover } from "./article-cover";
import { CardFrame } from "./card-frame";
import { MustReadBadge } from "./must-read-badge";

interface Props {
  article: ArticleGlance;
  organization: string;
  viewer: Viewer;
  now: Date;
  /** Named where articles of several feeds stand together; the first feed needs no name. */
  showFeed: boolean;
  /** Near the top of the page: its picture is fetched at once. */
  first?: boolean;
}

/** One article in a feed. The whole card is one link; letters move through the cards. */
export async function ArticleCard({ article, organization, viewer, now, showFeed, first = false }: Props) {
  const t = await getTranslations("news");
  const formats = formatsFor(viewer);
  const { cover, publishedAt } = article;
  return (
    <CardFrame id={article.id} unread={article.unread} className="border-b border-line first:rounded-t-xl last:rounded-b-xl last:border-b-0 hover:bg-hover">
      <article className="flex flex-col gap-3 px-4 py-4 sm:flex-row sm:gap-6 sm:px-5 sm:py-5">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2 text-sm text-ink-muted">
            <Avatar name={article.author.name} id={article.author.id} size="sm" />
            <span className="min-w-0 truncate font-medium text-ink">{article.author.name}</span>
            <time dateTime={publishedAt.toISOString()} title={formats.exact(publishedAt)} className="shrink-0 whitespace-nowrap">
              {formats.relative(publishedAt, now)}
            </time>
            {showFeed && article.feed.name !== null && <span className="min-w-0 truncate">{article.feed.name}</span>}
          </p>
          <h2 className="mt-2 text-lg leading-snug font-medium text-pretty break-words group-data-unread/row:font-semibold">
            <Link href={`/${organization}/articles/${article.id}`} data-row className="rounded-sm after:absolute after:inset-0">
              <span aria-hidden className="mr-2 mb-0.5 hidden size-2 rounded-full bg-accent align-middle group-data-unread/row:inline-block" />
              {article.title}
              <span className="sr-only group-not-data-unread/row:hidden">, {t("unread")}</span>
            </Link>
          </h2>
          {article.excerpt && <p className="mt-1 line-clamp-3 text-sm text-pretty break-words text-ink-muted sm:line-clamp-2">{article.excerpt}</p>}
          <p className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-ink-muted empty:hidden">
            {article.mustRead && <MustReadBadge mustRead={article.mustRead} viewer={viewer} now={now} />}
            {article.likes > 0 && (
              <span className="inline-flex items-center gap-1.5 tabular">
                <Heart aria-hidden className={article.liked ? "size-4 fill-current text-accent-ink" : "size-4"} />
                <span aria-hidden>{article.likes}</span>
                <span className="sr-only">{t("likes", { count: article.likes })}</span>
              </span>
            )}
            {article.comments > 0 && (
              <span className="inline-flex items-center gap-1.5 tabular">
                <MessageSquare aria-hidden className="size-4" />
                <span aria-hidden>{article.comments}</span>
                <span className="sr-only">{t("comments", { count: article.comments })}</span>
              </span>
            )}
          </p>
        </div>
        {cover && (
          <ArticleCover
            media={cover}
            // The title beside it says what it is about; its own words stand in the article.
            alt=""
            sizes="(min-width: 40rem) 11rem, 100vw"
            eager={first}
            className="aspect-[2/1] w-full rounded-lg max-sm:order-first sm:aspect-[4/3] sm:w-44 sm:shrink-0 sm:self-start"
          />
        )}
      </article>
    </CardFrame>
  );
}
