import {
  AtSign,
  BellOff,
  BellRing,
  BookOpenCheck,
  CalendarClock,
  CalendarMinus,
  CalendarPlus,
  CalendarX,
  Check,
  ChevronDown,
  ChevronUp,
  CircleDot,
  CirclePause,
  CirclePlus,
  CircleX,
  Clock,
  Heart,
  MailX,
  Megaphone,
  MessageCircleReply,
  MessageSquareText,
  Newspaper,
  Plug,
  Reply,
  Smartphone,
  Unplug,
  UserRoundPlus,
  UserRoundX,
  type LucideIcon,
} from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { mediaAddress } from "@/components/media/media-address";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { markReadAction } from "@/lib/notifications/inbox/actions";
import type { InboxItem } from "@/lib/notifications/inbox/queries";
import { RowFrame } from "./row-frame";

interface Props {
  item: InboxItem;
  organization: string;
  viewer: Viewer;
  now: Date;
  /** Their meeting or article is not theirs any more: the row says so instead of leading nowhere. */
  lost: boolean;
  /** Their reader wants no mail and no push about it. */
  muted: boolean;
  menu: ReactNode;
  /** This page with the earlier rows of this one shown, or hidden again. */
  toggleHref: string;
  /** The earlier rows, when they are shown. */
  earlier?: ReactNode;
  /** What can be done about it in place. */
  children?: ReactNode;
}

type Type = InboxItem["type"];

const icons: Record<Type, LucideIcon> = {
  "meeting.invited": CalendarPlus,
  "meeting.updated": CalendarClock,
  "meeting.removed": CalendarMinus,
  "meeting.cancelled": CalendarX,
  "meeting.responded": MessageCircleReply,
  "meeting.reminder": BellRing,
  "member.invited": UserRoundPlus,
  "member.joined": UserRoundPlus,
  "notification.published": Megaphone,
  "device.added": Smartphone,
  "mail.stopped": MailX,
  "jira.issue.created": CirclePlus,
  "jira.issue.updated": CircleDot,
  "jira.issue.deleted": CircleX,
  "jira.comment.created": MessageSquareText,
  "plugin.event": Plug,
  "connection.broken": Unplug,
  "account.unlinked": UserRoundX,
  "subscription.paused": CirclePause,
  "article.published": Newspaper,
  "article.mentioned": AtSign,
  "comment.added": MessageSquareText,
  "comment.replied": Reply,
  "comment.mentioned": AtSign,
  "article.liked": Heart,
  "article.acknowledgement-due": BookOpenCheck,
};

/** One line: what happened, to what, when, and why the reader hears of it. The whole row is one link. */
export async function InboxRow({ item, organization, viewer, now, lost, muted, menu, toggleHref, earlier, children }: Props) {
  const t = await getTranslations("inbox");
  const formats = formatsFor(viewer);
  const { id, sentence, summary, snoozedUntil } = item;
  const { meeting, startedAt, words, article } = item.line;
  const Icon = icons[item.type];
  return (
    <RowFrame id={id} read={item.readAt !== null}>
      <div className="relative flex gap-3 px-3 py-3.5 sm:px-5">
        <span className="mt-0.5 inline-flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-ink group-data-read/row:bg-hover group-data-read/row:text-ink-muted">
          <Icon aria-hidden className="size-4.5" />
        </span>
        <div className="min-w-0 flex-1">
          <Link href={hrefOf(item, organization, lost)} data-row className="block rounded-sm after:absolute after:inset-0">
            <span className="font-semibold break-words group-data-read/row:font-normal">{sentence}</span>
            <span className="sr-only group-data-read/row:hidden">, {t("isUnread")}</span>
            <span className="mt-0.5 block text-sm text-ink-muted">
              {meeting && (
                <>
                  <time dateTime={meeting.startsAt}>{formats.dayTime(meeting.startsAt)}</time>
                  {startedAt && (
                    <>
                      {" "}
                      <s aria-hidden>{formats.dayTime(startedAt)}</s>
                      <span className="sr-only">({t("before", { when: formats.dayTime(startedAt) })})</span>
                    </>
                  )}
                  {" · "}
                </>
              )}
              {item.why}
              {" · "}
              <time dateTime={item.occurredAt.toISOString()} title={formats.exact(item.occurredAt)}>
                {formats.relative(item.occurredAt, now)}
              </time>
              {muted && (
                <>
                  {" · "}
                  <BellOff aria-hidden className="inline size-3.5 align-[-0.15em]" /> <span>{t("isMuted")}</span>
                </>
              )}
            </span>
            {snoozedUntil && (
              <span className="mt-1 flex items-center gap-1.5 text-sm text-ink-muted">
                <Clock aria-hidden className="size-3.5" />
                {t(item.snoozedFor ? "snoozedUntilEnd" : "snoozedUntil", { when: formats.dayTime(snoozedUntil) })}
              </span>
            )}
            {item.detail && <span className="mt-1 block text-sm break-words">{item.detail}</span>}
            {words && !(lost && article) && <span className="mt-1 block border-l-2 border-line-strong pl-2.5 text-sm break-words text-ink-muted">{words}</span>}
            {lost && <span className="mt-1 block text-sm text-ink-muted">{t(article ? "lostArticle" : "lost")}</span>}
          </Link>
          {children && <div className="relative z-10 mt-2.5 w-fit">{children}</div>}
          {summary.earlier > 0 && (
            <Link
              href={toggleHref}
              scroll={false}
              replace
              aria-expanded={earlier !== undefined}
              className="relative z-10 -mb-1 -ml-1.5 mt-1 flex min-h-8 w-fit flex-wrap items-center gap-x-1 rounded-md px-1.5 text-sm text-ink-muted hover:bg-surface hover:text-ink"
            >
              {earlier ? <ChevronUp aria-hidden className="size-4" /> : <ChevronDown aria-hidden className="size-4" />}
              {earlier ? t("threadHide") : summary.more ? t("threadMore", { count: summary.earlier }) : t("thread", { count: summary.earlier })}
              {summary.unreadEarlier > 0 && <span className="group-data-read/row:hidden">· {t("threadUnread", { count: summary.unreadEarlier })}</span>}
              <span className="sr-only">: {sentence}</span>
            </Link>
          )}
          {earlier}
        </div>
        {article?.cover && !lost && (
          // Only here: media ask for a session, which neither a mail nor a push has.
          <span className="mt-0.5 block size-14 shrink-0 overflow-hidden rounded-lg bg-hover max-[22rem]:hidden">
            <img src={mediaAddress({ id: article.cover.mediaId, organization }, "thumb")} alt={article.cover.alt} width={56} height={56} loading="lazy" decoding="async" className="size-full object-cover" />
          </span>
        )}
        <div className="relative z-10 -mr-1.5 flex shrink-0 items-start has-[details[open]]:z-20">
          <form action={markReadAction.bind(null, organization, { ids: [id] })} data-act="read" className="max-sm:hidden group-data-read/row:hidden">
            <button type="submit" title={t("markRead")} className="inline-flex size-9 items-center justify-center rounded-lg text-ink-muted hover:bg-surface hover:text-ink">
              <Check aria-hidden className="size-4" />
              <span className="sr-only">
                {t("markRead")}: {sentence}
              </span>
            </button>
          </form>
          {menu}
        </div>
      </div>
    </RowFrame>
  );
}

function hrefOf({ id, type, path, line: { meeting, article } }: InboxItem, organization: string, lost: boolean): string {
  if (lost && article) return `/${organization}/inbox/${id}`;
  if (path) return `/${organization}${path}`;
  switch (type) {
    case "member.joined":
    case "member.invited":
      return `/${organization}/settings/members`;
    case "device.added":
    case "mail.stopped":
      return `/${organization}/settings/notifications`;
    case "notification.published":
      return `/${organization}/inbox/${id}`;
    default:
      return meeting && !lost ? `/${organization}/meetings/${meeting.id}` : `/${organization}/inbox/${id}`;
  }
}
