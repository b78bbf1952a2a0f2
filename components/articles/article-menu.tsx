import { Archive, ArchiveRestore, Ellipsis, History, MessageSquare, MessageSquareOff, PenLine, Pin, PinOff, Trash2, Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { LinkButton } from "@/components/ui/link-button";
import { Menu, MenuLine, MenuLink } from "@/components/ui/menu";
import { restoreArticleAction, setCommentsOpenAction, setPinnedAction } from "@/lib/feed/articles/actions";
import type { ArticleView } from "@/lib/feed/articles/queries";
import { ActItem } from "./act-item";

const icon = "size-4 shrink-0 text-ink-muted";

/** What whoever may edit or pin an article does with it. Far-reaching things are asked about first (`?ask=`). */
export async function ArticleMenu({ organization, article }: { organization: string; article: ArticleView }) {
  const t = await getTranslations("news.article");
  const here = `/${organization}/articles/${article.id}`;
  const published = article.state === "published";
  const shown = published || article.state === "archived";
  if (!article.mayEdit && !article.mayPin && !article.mayManage) return null;
  return (
    <div className="flex items-center gap-1">
      {article.mayEdit && (
        <LinkButton href={`${here}/edit`} size="sm">
          <PenLine aria-hidden className="size-4" />
          {t("edit")}
        </LinkButton>
      )}
      <Menu
        label={t("menu")}
        align="end"
        buttonClassName="inline-flex size-9 items-center justify-center text-ink-muted hover:bg-hover hover:text-ink"
        button={<Ellipsis aria-hidden className="size-5" />}
      >
        {article.mayEdit && article.version > 0 && (
          <MenuLink href={`${here}/history`}>
            <History aria-hidden className={icon} />
            {t("history")}
          </MenuLink>
        )}
        {article.mayManage && article.mustRead && shown && (
          <MenuLink href={`${here}/readers`}>
            <Users aria-hidden className={icon} />
            {t("readers")}
          </MenuLink>
        )}
        {article.mayPin &&
          article.places.map((place) => (
            <ActItem
              key={place.workspaceId}
              action={setPinnedAction.bind(null, organization, article.id)}
              values={{ workspaceId: place.workspaceId, pinned: place.pinned ? "off" : "on" }}
            >
              {place.pinned ? <PinOff aria-hidden className={icon} /> : <Pin aria-hidden className={icon} />}
              {t(place.pinned ? "unpin" : "pin", { workspace: place.name })}
            </ActItem>
          ))}
        {article.mayManage && published && (
          <ActItem action={setCommentsOpenAction.bind(null, organization, article.id)} values={{ open: article.commentsOpen ? "off" : "on" }}>
            {article.commentsOpen ? <MessageSquareOff aria-hidden className={icon} /> : <MessageSquare aria-hidden className={icon} />}
            {t(article.commentsOpen ? "closeComments" : "openComments")}
          </ActItem>
        )}
        {article.mayManage && (
          <>
            <MenuLine />
            {published && (
              <MenuLink href={`${here}?ask=archive`} scroll={false} prefetch={false}>
                <Archive aria-hidden className={icon} />
                {t("archive")}…
              </MenuLink>
            )}
            {article.state === "archived" && (
              <ActItem action={restoreArticleAction.bind(null, organization, article.id)}>
                <ArchiveRestore aria-hidden className={icon} />
                {t("restore")}
              </ActItem>
            )}
            <MenuLink href={`${here}?ask=delete`} scroll={false} prefetch={false} className="text-danger!">
              <Trash2 aria-hidden className="size-4 shrink-0" />
              {t("delete")}…
            </MenuLink>
          </>
        )}
      </Menu>
    </div>
  );
}
