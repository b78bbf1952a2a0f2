import { cookies } from "next/headers";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { ArticleGlance } from "@/lib/feed/articles/listing/mappings";
import { CardFrame } from "./card-frame";
import { MustReadBadge } from "./must-read-badge";
import { PinnedStrip } from "./pinned-strip";

interface Props {
  organization: string;
  workspace: string;
  articles: ArticleGlance[];
  viewer: Viewer;
  now: Date;
}

const cookie = "moim-pins";

/** A line each: what is pinned is at hand and leaves the page to what is new. */
export async function PinnedList({ organization, workspace, articles, viewer, now }: Props) {
  const [t, kept] = await Promise.all([getTranslations("news"), cookies()]);
  const formats = formatsFor(viewer);
  if (articles.length === 0) return null;
  return (
    <PinnedStrip
      path={`/${organization}/w/${workspace}`}
      cookie={cookie}
      open={kept.get(cookie)?.value !== "closed"}
      articles={articles.map(({ id, unread }) => ({ id, unread }))}
    >
      <ul className="border-t border-line">
        {articles.map((article) => (
          <CardFrame key={article.id} id={`pinned-${article.id}`} article={article.id} unread={article.unread} className="border-b border-line last:rounded-b-xl last:border-b-0 hover:bg-hover">
            <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5 text-sm sm:flex-nowrap sm:px-5">
              <Link
                href={`/${organization}/articles/${article.id}`}
                data-row
                className="min-w-0 basis-full truncate rounded-sm group-data-unread/row:font-semibold after:absolute after:inset-0 sm:basis-auto"
              >
                <span aria-hidden className="mr-2 mb-0.5 hidden size-2 rounded-full bg-accent align-middle group-data-unread/row:inline-block" />
                {article.title}
                <span className="sr-only group-not-data-unread/row:hidden">, {t("unread")}</span>
              </Link>
              {article.mustRead && <MustReadBadge mustRead={article.mustRead} viewer={viewer} now={now} />}
              <span className="ml-auto shrink-0 truncate text-ink-muted max-sm:ml-0">
                {article.author.name}
                {" · "}
                <time dateTime={article.publishedAt.toISOString()} title={formats.exact(article.publishedAt)}>
                  {formats.relative(article.publishedAt, now)}
                </time>
              </span>
            </div>
          </CardFrame>
        ))}
      </ul>
    </PinnedStrip>
  );
}
