import { Lock } from "lucide-react";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { LostPage } from "@/components/articles/lost-page";

/** For who may not read the article, and for an id of none: the same words, because whether there is one is not theirs to know. */
export default async function NoArticle() {
  const [, org = ""] = ((await headers()).get("x-path") ?? "").split("/");
  const t = await getTranslations("news.lost");
  return (
    <LostPage icon={Lock} title={t("articleTitle")} home={`/${org}`} homeLabel={t("home")}>
      {t("article")}
    </LostPage>
  );
}
