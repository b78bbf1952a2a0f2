import { MessageSquare, Newspaper } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { Found } from "@/lib/feed/search/mappings";
import { Pieces } from "./pieces";

interface Props {
  /** Slug. */
  organization: string;
  found: Found[];
  viewer: Viewer;
  now: Date;
}

/** What was found, each with the line that says why. */
export function FoundList({ organization, found, viewer, now }: Props) {
  const t = useTranslations("search");
  const formats = formatsFor(viewer);
  return (
    <ul className="divide-y divide-line">
      {found.map((one) => {
        const Icon = one.type === "article" ? Newspaper : MessageSquare;
        return (
          <li key={one.id} className="relative flex gap-3 px-4 py-3.5 hover:bg-hover sm:px-5">
            <Icon aria-hidden className="mt-1 size-4 shrink-0 text-ink-muted" />
            <div className="min-w-0 flex-1 wrap-anywhere">
              <h3 className="font-medium">
                <Link href={hrefOf(organization, one)} prefetch={false} data-found="" className="after:absolute after:inset-0 hover:underline">
                  {one.type === "comment" && <span className="sr-only">{t("commentAt")} </span>}
                  <Pieces of={one.title} />
                </Link>
              </h3>
              {one.snippet.length > 0 && (
                <p className="mt-0.5 text-sm text-ink-muted">
                  <Pieces of={one.snippet} />
                </p>
              )}
              <p className="relative mt-1 flex w-fit flex-wrap items-center gap-x-2 text-xs text-ink-muted">
                <span>{one.type === "comment" ? t("commentBy", { name: one.author.name }) : one.author.name}</span>
                <span aria-hidden>·</span>
                <When at={one.at} exact={formats.exact(one.at)}>
                  {formats.relative(one.at, now)}
                </When>
                {one.workspaces.length > 0 && (
                  <>
                    <span aria-hidden>·</span>
                    <span>{one.workspaces.map(({ name }) => name).join(", ")}</span>
                  </>
                )}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

const hrefOf = (organization: string, { type, id, articleId }: Found) =>
  `/${organization}/articles/${articleId}${type === "comment" ? `?comment=${id}#${id}` : ""}`;
