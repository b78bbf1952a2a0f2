import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { ArticleView } from "@/lib/feed/articles/queries";

interface Props {
  organization: string;
  article: ArticleView;
  viewer: Viewer;
  now: Date;
}

/** Who wrote it, when, whether it was changed since, and who may read it. */
export async function ArticleByline({ organization, article, viewer, now }: Props) {
  const t = await getTranslations("news.article");
  const formats = formatsFor(viewer);
  const { author, publishedAt, editedAt, places, workspaces } = article;
  const more = workspaces - places.length;
  const names = [...places.map(({ name }) => name), ...(more > 0 ? [t("readInMore", { count: more })] : [])];
  return (
    <div className="mt-4 flex items-center gap-3">
      <Avatar name={author.name} id={author.id} size="lg" />
      <div className="min-w-0 text-sm">
        <p className="font-medium break-words">
          {author.name}
          {author.gone && <span className="font-normal text-ink-muted"> ({t("formerMember")})</span>}
        </p>
        <p className="text-ink-muted">
          {publishedAt && (
            <When at={publishedAt} exact={formats.exact(publishedAt)}>
              {formats.relative(publishedAt, now)}
            </When>
          )}
          {editedAt && (
            <>
              {" · "}
              {article.mayEdit ? (
                <Link href={`/${organization}/articles/${article.id}/history`} className="rounded-sm hover:underline">
                  <Edited at={editedAt} exact={formats.exact(editedAt)} />
                </Link>
              ) : (
                <Edited at={editedAt} exact={formats.exact(editedAt)} />
              )}
            </>
          )}
          {names.length > 1 && (
            <>
              {" · "}
              {t("readIn", { workspaces: new Intl.ListFormat(viewer.locale, { type: "conjunction" }).format(names) })}
            </>
          )}
        </p>
      </div>
    </div>
  );
}

async function Edited({ at, exact }: { at: Date; exact: string }) {
  const t = await getTranslations("news");
  return (
    <time dateTime={at.toISOString()} title={t("editedAt", { when: exact })}>
      {t("edited")}
    </time>
  );
}
