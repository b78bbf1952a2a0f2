import { clsx } from "clsx";
import Link from "next/link";
import type { IssueCard } from "@/lib/integrations/issues/mappings";
import { StatusBadge } from "./status-badge";

export const issueHref = (organization: string, { connectionId, key }: Pick<IssueCard, "connectionId" | "key">) => `/${organization}/issues/${connectionId}/${key}`;

/** A key in a text, with its status; what it is about is said on hover, on focus and to screen readers. */
export function IssueChip({ card, organization }: { card: IssueCard; organization: string }) {
  return (
    <Link
      href={issueHref(organization, card)}
      prefetch={false}
      className="group relative inline-flex max-w-full items-center gap-1.5 rounded-md border border-line bg-surface px-1.5 align-baseline text-[0.925em] leading-snug hover:border-line-strong hover:bg-hover"
    >
      <span className={clsx("font-medium whitespace-nowrap", card.deleted && "line-through")}>{card.key}</span>
      <StatusBadge status={card.status} category={card.statusCategory} />
      <span className="sr-only">: {card.summary}</span>
      <span
        aria-hidden="true"
        className="pointer-events-none absolute bottom-full left-0 z-30 mb-1 hidden w-max max-w-[min(20rem,70vw)] rounded-md bg-ink px-2 py-1 text-left text-xs font-normal whitespace-normal text-canvas shadow-high group-hover:block group-focus-visible:block"
      >
        {card.summary}
      </span>
    </Link>
  );
}
