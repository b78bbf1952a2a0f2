import Link from "next/link";
import { useTranslations } from "next-intl";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { IssueCard } from "@/lib/integrations/issues/mappings";
import { issueHref } from "./issue-chip";
import { StatusBadge } from "./status-badge";

/** Found issues, one a line: the key and what it is about, then who has it and when it last changed. */
export function IssueList({ cards, organization, viewer, now }: { cards: IssueCard[]; organization: string; viewer: Viewer; now: Date }) {
  const t = useTranslations("issues");
  const formats = formatsFor(viewer);
  return (
    <ul className="divide-y divide-line">
      {cards.map((card) => (
        <li key={card.issueId} className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover">
          <Link
            href={issueHref(organization, card)}
            prefetch={false}
            className="min-w-0 flex-1 basis-64 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-lg focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
          >
            <span className="tabular mr-2 text-sm whitespace-nowrap text-ink-muted">{card.key}</span>
            <span className="font-medium break-words">{card.summary}</span>
          </Link>
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-muted">
            <StatusBadge status={card.status} category={card.statusCategory} />
            <span className="max-w-40 truncate">{card.assignee ?? t("unassigned")}</span>
            {card.updatedAt && (
              <span className="relative z-10 text-xs">
                <When at={card.updatedAt} exact={formats.exact(card.updatedAt)}>
                  {formats.relative(card.updatedAt, now)}
                </When>
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
