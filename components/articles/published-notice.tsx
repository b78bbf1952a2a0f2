import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/ui/notice";
import type { ArticleView } from "@/lib/feed/articles/queries";

interface Props {
  article: ArticleView;
  locale: string;
  /** A further version of what was there. */
  again: boolean;
}

/** What its author is told when they come from writing it. */
export async function PublishedNotice({ article, locale, again }: Props) {
  const t = await getTranslations("news.article");
  const workspaces = new Intl.ListFormat(locale, { type: "conjunction" }).format(article.places.map(({ name }) => name));
  return (
    <Notice tone="positive" role="status" className="mb-6">
      {again ? t("saved") : t("published", { workspaces })}
    </Notice>
  );
}
