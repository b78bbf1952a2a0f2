import { getTranslations } from "next-intl/server";
import { SmallForm } from "@/components/settings/small-form";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { unscheduleAction } from "@/lib/feed/articles/actions";
import type { ArticleView } from "@/lib/feed/articles/queries";

interface Props {
  organization: string;
  article: ArticleView;
  viewer: Viewer;
  now: Date;
}

/** What its reader should know before they read: that it is put away, not out yet, or that they have changes waiting. */
export async function ArticleStanding({ organization, article, viewer, now }: Props) {
  const t = await getTranslations("news.article");
  const formats = formatsFor(viewer);
  const write = article.mayEdit && (
    <LinkButton href={`/${organization}/articles/${article.id}/edit`} size="sm">
      {t("continue")}
    </LinkButton>
  );
  if (article.state === "archived") {
    return (
      <Notice className="mb-6" title={t("archivedTitle")}>
        {t("archivedText", { when: formats.relative(article.archivedAt ?? now, now) })}
      </Notice>
    );
  }
  if (article.publishAt && article.version === 0) {
    const when = formats.dayTime(article.publishAt);
    return (
      <Notice tone="caution" className="mb-6" title={t("scheduledTitle")}>
        <p>{article.stopped ? t("stoppedText", { when, why: t(`stopped.${article.stopped}`) }) : t("scheduledText", { when })}</p>
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {article.mayManage && (
            <SmallForm action={unscheduleAction.bind(null, organization, article.id)} values={{}} aria-label={t("unschedule")}>
              {t("unschedule")}
            </SmallForm>
          )}
          {write}
        </div>
      </Notice>
    );
  }
  if (article.version === 0) {
    return (
      <Notice className="mb-6">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p>{t("draftOnly")}</p>
          {write}
        </div>
      </Notice>
    );
  }
  if (article.draft && article.mayEdit) {
    return (
      <Notice className="mb-6" title={t("draftTitle")}>
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p>{t("draftText", { when: formats.relative(article.draft.savedAt, now) })}</p>
          {write}
        </div>
      </Notice>
    );
  }
  return null;
}
