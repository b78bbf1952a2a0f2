import { BellRing, CalendarClock, CalendarMinus, CalendarPlus, CalendarX, Check, MailX, Megaphone, MessageCircleReply, Smartphone, UserRoundPlus, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { clsx } from "clsx";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { InboxItem } from "@/lib/notifications/inbox/queries";

interface Props {
  item: InboxItem;
  organization: string;
  viewer: Viewer;
  now: Date;
  /** Their meeting is not theirs any more: the row says so instead of leading nowhere. */
  lost: boolean;
  markRead: () => Promise<void>;
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
};

/** One notification: what happened, to what, when, and why the reader hears of it. The whole row is one link. */
export async function InboxRow({ item, organization, viewer, now, lost, markRead, children }: Props) {
  const [t, sentence] = await Promise.all([getTranslations("inbox"), sentenceOf(item)]);
  const formats = formatsFor(viewer);
  const { meeting, startedAt, words } = item.line;
  const Icon = icons[item.type];
  const unread = item.readAt === null;
  return (
    <li id={item.id} data-unread-row={unread || undefined} className="group relative flex gap-3 border-b border-line px-4 py-3.5 last:border-b-0 hover:bg-hover sm:px-5">
      <span
        className={clsx(
          "mt-0.5 inline-flex size-9 shrink-0 items-center justify-center rounded-lg group-data-read:bg-hover group-data-read:text-ink-muted",
          unread ? "bg-accent-soft text-accent-ink" : "bg-hover text-ink-muted",
        )}
      >
        <Icon aria-hidden className="size-4.5" />
      </span>
      <div className="min-w-0 flex-1">
        <Link href={hrefOf(item, organization, lost)} data-row className="block rounded-sm after:absolute after:inset-0">
          <span className={clsx("break-words", unread && "font-semibold group-data-read:font-normal")}>{sentence.line}</span>
          {unread && <span className="sr-only group-data-read:hidden">, {t("isUnread")}</span>}
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
            {sentence.why}
            {" · "}
            <time dateTime={item.occurredAt.toISOString()} title={formats.exact(item.occurredAt)}>
              {formats.relative(item.occurredAt, now)}
            </time>
          </span>
          {words && <span className="mt-1 block border-l-2 border-line-strong pl-2.5 text-sm break-words text-ink-muted">{words}</span>}
          {lost && <span className="mt-1 block text-sm text-ink-muted">{t("lost")}</span>}
        </Link>
        {children && <div className="relative z-10 mt-2.5 w-fit">{children}</div>}
      </div>
      {unread && (
        <form action={markRead} data-marks={item.id} className="relative z-10 -mr-1.5 shrink-0 group-data-read:hidden">
          <button type="submit" title={t("markRead")} className="inline-flex size-9 items-center justify-center rounded-lg text-ink-muted hover:bg-surface hover:text-ink">
            <Check aria-hidden className="size-4" />
            <span className="sr-only">
              {t("markRead")}: {sentence.line}
            </span>
          </button>
        </form>
      )}
    </li>
  );
}

async function sentenceOf({ type, line }: InboxItem): Promise<{ line: string; why: string }> {
  const t = await getTranslations("notifications");
  const actor = line.actor ?? "";
  const title = line.meeting?.title ?? "";
  switch (type) {
    case "meeting.invited":
    case "meeting.updated":
    case "meeting.removed":
    case "meeting.cancelled":
      return { line: t(`${type}.line`, { actor, title }), why: t(`${type}.why`) };
    case "meeting.responded":
      return { line: t("meeting.responded.line", { actor, title, answer: line.partstat ?? "other" }), why: t("meeting.responded.why") };
    case "meeting.reminder":
      return { line: t("meeting.reminder.line", { title }), why: t("meeting.reminder.why") };
    case "member.invited":
    case "member.joined":
      return { line: t("member.joined.line", { name: line.person ?? actor, organization: line.organization ?? "" }), why: t("member.joined.why") };
    case "notification.published":
      return { line: t("notification.published.line", { actor, title }), why: t("notification.published.why") };
    case "device.added":
    case "mail.stopped":
      return { line: t(`${type}.line`, { name: line.person ?? "" }), why: t(`${type}.why`) };
  }
}

function hrefOf({ type, line: { meeting } }: InboxItem, organization: string, lost: boolean): string {
  if (type === "member.joined" || type === "member.invited") return `/${organization}/settings/members`;
  return meeting && !lost ? `/${organization}/meetings/${meeting.id}` : `/${organization}/meetings`;
}
