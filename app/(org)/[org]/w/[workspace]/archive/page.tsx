import { Archive } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { NewsHeader } from "@/components/articles/news-header";
import { EmptyState } from "@/components/ui/empty-state";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { archivedArticles } from "@/lib/feed/articles/queries";
import { workspaceHere } from "../here";

interface Props {
  params: Promise<{ org: string; workspace: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("news"))("archive") };
}

/** What was put away: out of the news, still to be read. */
export default async function ArchivePage({ params }: Props) {
  const { org, workspace: slug } = await params;
  const { member, workspace, feeds } = await workspaceHere(org, slug);
  const [t, articles] = await Promise.all([getTranslations("news"), archivedArticles(member, slug)]);
  const formats = formatsFor(member);
  const now = clock.now();
  return (
    <ClientMessages namespaces={["news"]}>
      <div className="max-w-3xl">
        <NewsHeader organization={org} workspace={workspace} feeds={feeds} current="archive" />
        <div className="rounded-xl border border-line bg-surface">
          {articles.length > 0 ? (
            <ul className="divide-y divide-line">
              {articles.map((article) => (
                <li key={article.id} className="relative px-4 py-4 first:rounded-t-xl last:rounded-b-xl hover:bg-hover sm:px-5">
                  <Link href={`/${org}/articles/${article.id}`} className="rounded-sm font-medium break-words after:absolute after:inset-0">
                    {article.title}
                  </Link>
                  <p className="mt-0.5 line-clamp-2 text-sm break-words text-ink-muted">{article.excerpt}</p>
                  <p className="mt-1.5 text-sm text-ink-muted">
                    {article.author.name}
                    {article.publishedAt && ` · ${formats.day(article.publishedAt)}`}
                    {article.archivedAt && ` · ${t("archivedAt", { when: formats.relative(article.archivedAt, now) })}`}
                  </p>
                </li>
              ))}
            </ul>
          ) : (
            <EmptyState icon={Archive} title={t("empty.archiveTitle")}>
              {t("empty.archive")}
            </EmptyState>
          )}
        </div>
      </div>
    </ClientMessages>
  );
}
