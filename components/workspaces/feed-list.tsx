import { ArrowDown, ArrowUp, type LucideIcon } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { Badge } from "@/components/ui/badge";
import { archiveFeedAction, orderFeedsAction, restoreFeedAction } from "@/lib/feed/feeds/actions";
import type { FeedView } from "@/lib/feed/feeds/mappings";
import { ChangeFeedForm } from "./feed-forms";

interface Props {
  organization: string;
  workspaceId: string;
  /** In their order, archived ones last. */
  feeds: FeedView[];
  manages: boolean;
}

export async function FeedList({ organization, workspaceId, feeds, manages }: Props) {
  const t = await getTranslations("workspaces.feeds");
  const movable = feeds.filter(({ first, archived }) => !first && !archived);
  return (
    <ul className="divide-y divide-line">
      {feeds.map((feed) => {
        const name = feed.name ?? t("first");
        const at = movable.indexOf(feed);
        return (
          <li key={feed.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-40">
              <p className="flex flex-wrap items-center gap-x-2 font-medium">
                <span className="min-w-0 break-words">{name}</span>
                {feed.archived && <Badge>{t("archived")}</Badge>}
              </p>
              <p className="text-sm text-ink-muted">{t(feed.posting === "admins" ? "adminsPost" : "membersPost")}</p>
            </div>
            {manages && (
              <div className="flex flex-wrap items-start justify-end gap-1">
                {at > 0 && <Move icon={ArrowUp} label={t("up", { name })} {...{ organization, workspaceId }} order={swapped(movable, at, at - 1)} />}
                {at >= 0 && at < movable.length - 1 && (
                  <Move icon={ArrowDown} label={t("down", { name })} {...{ organization, workspaceId }} order={swapped(movable, at, at + 1)} />
                )}
                {!feed.archived && <ChangeFeedForm organization={organization} feed={feed} name={name} />}
                {feed.archived ? (
                  <SmallForm action={restoreFeedAction.bind(null, organization, feed.id)} values={{}} aria-label={t("restoreNamed", { name })}>
                    {t("restore")}
                  </SmallForm>
                ) : (
                  !feed.first && (
                    <ConfirmedForm
                      action={archiveFeedAction.bind(null, organization, feed.id)}
                      values={{}}
                      question={t("archiveText", { name })}
                      aria-label={t("archiveNamed", { name })}
                    >
                      {t("archive")}
                    </ConfirmedForm>
                  )
                )}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface MoveProps {
  organization: string;
  workspaceId: string;
  icon: LucideIcon;
  label: string;
  /** The ids of the feeds as they are to stand. */
  order: string[];
}

function Move({ organization, workspaceId, icon: Icon, label, order }: MoveProps) {
  return (
    <SmallForm action={orderFeedsAction.bind(null, organization, workspaceId, order)} values={{}} variant="ghost" aria-label={label}>
      <Icon className="size-4" />
    </SmallForm>
  );
}

function swapped(feeds: FeedView[], one: number, other: number): string[] {
  const ids = feeds.map(({ id }) => id);
  const [a, b] = [ids[one], ids[other]];
  if (a === undefined || b === undefined) return ids;
  return ids.map((id) => (id === a ? b : id === b ? a : id));
}
