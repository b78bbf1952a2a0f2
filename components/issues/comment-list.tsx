import { useTranslations } from "next-intl";
import { Avatar } from "@/components/ui/avatar";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { Comment } from "@/lib/integrations/plugins/jira/issues";
import type { Cards } from "./issue-text";
import { RichText } from "./rich-text";

interface Props {
  comments: Comment[];
  cards: Cards;
  organization: string;
  viewer: Viewer;
  now: Date;
}

export function CommentList({ comments, cards, organization, viewer, now }: Props) {
  const t = useTranslations("issues.detail");
  const formats = formatsFor(viewer);
  if (comments.length === 0) return <p className="text-sm text-ink-muted">{t("noComments")}</p>;
  return (
    <ol className="flex flex-col gap-5">
      {comments.map(({ id, author, at, edited, body }) => (
        <li key={id} id={`comment-${id}`} className="flex gap-3">
          <Avatar name={author?.name ?? "?"} id={author?.id ?? id} />
          <div className="min-w-0 flex-1">
            <p className="mb-1 text-sm">
              <span className="font-medium">{author?.name}</span>{" "}
              <span className="text-xs text-ink-muted">
                {at && <When at={at} exact={formats.exact(at)}>{formats.relative(at, now)}</When>}
                {edited && ` · ${t("edited")}`}
              </span>
            </p>
            <RichText blocks={body.blocks} cards={cards} organization={organization} />
            {body.truncated && <p className="mt-1 text-xs text-ink-muted">{t("truncated")}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
