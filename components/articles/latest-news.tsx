import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { LatestArticle } from "@/lib/feed/articles/latest/queries";
import { CardFrame } from "./card-frame";

interface Props {
  organization: string;
  articles: LatestArticle[];
  /** Where all of it is: the first of the reader's workspaces. */
  workspace: string;
  viewer: Viewer;
  now: Date;
}

/** What is new in any of the reader's workspaces, a line each. */
export async function LatestNews({ organization, articles, workspace, viewer, now }: Props) {
  const t = await getTranslations("news");
  const formats = formatsFor(viewer);
  return (
    <Card
      id="news"
      title={t("latest.title")}
      aside={
        <Link href={`/${organization}/w/${workspace}`} className="inline-flex min-h-8 items-center gap-0.5 rounded-md text-sm text-ink-muted hover:text-ink">
          {t("latest.open")}
          <ChevronRight aria-hidden className="size-4" />
        </Link>
      }
      flush
    >
      {articles.length > 0 ? (
        <ul>
          {articles.map((article) => (
            <CardFrame key={article.id} id={article.id} unread={article.unread} className="border-b border-line last:rounded-b-xl last:border-b-0 hover:bg-hover">
              <div className="flex items-start gap-3 px-4 py-3">
                <Avatar name={article.authorName} id={article.authorId} />
                <div className="min-w-0 flex-1">
                  <Link
                    href={`/${organization}/articles/${article.id}`}
                    className="line-clamp-2 rounded-sm break-words group-data-unread/row:font-semibold after:absolute after:inset-0"
                  >
                    <span aria-hidden className="mr-2 mb-0.5 hidden size-2 rounded-full bg-accent align-middle group-data-unread/row:inline-block" />
                    {article.title}
                    <span className="sr-only group-not-data-unread/row:hidden">, {t("unread")}</span>
                  </Link>
                  <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink-muted">
                    <span>
                      {article.authorName} · {article.workspace} ·{" "}
                      <time dateTime={article.publishedAt.toISOString()} title={formats.exact(article.publishedAt)}>
                        {formats.relative(article.publishedAt, now)}
                      </time>
                    </span>
                    {article.awaited && <Badge tone="caution">{t("mustRead.label")}</Badge>}
                  </p>
                </div>
              </div>
            </CardFrame>
          ))}
        </ul>
      ) : (
        <p className="px-4 py-5 text-sm text-ink-muted">{t("latest.empty")}</p>
      )}
    </Card>
  );
}
