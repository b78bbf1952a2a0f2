import { AlarmClock, Bell, BellOff, CalendarClock, CircleHelp, Clock, Ellipsis, Mail, MailOpen } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Menu, MenuButton, MenuHeading, MenuLine, MenuLink } from "@/components/ui/menu";
import { buttonStyle } from "@/components/ui/button-style";
import { markReadAction, markUnreadAction, snoozeAction } from "@/lib/notifications/inbox/actions";
import type { SnoozeChoice } from "@/lib/notifications/inbox/inputs";
import { setThreadMuteAction } from "@/lib/notifications/preferences/actions";

export interface Snooze {
  choice: SnoozeChoice;
  /** When that is, in words. */
  when: string;
}

interface Props {
  id: string;
  organization: string;
  /** The sentence of the row, for who hears the button out of context. */
  line: string;
  asleep: boolean;
  /** Null where muting it would keep nothing away; `muted`: no mail and no push about it. */
  thread: { name: string; muted: boolean } | null;
  snoozes: Snooze[];
  /** This page, with the question for a time open. */
  chooseHref: string;
}

/** Everything that can be done about one line. Each choice is a form of its own, so that all of them work before scripts. */
export async function RowMenu({ id, organization, line, asleep, thread, snoozes, chooseHref }: Props) {
  const t = await getTranslations("inbox");
  return (
    <div data-row-menu>
      <Menu
        label={t("actions", { line })}
        align="end"
        buttonClassName={buttonStyle("ghost", "icon", "size-9")}
        button={<Ellipsis aria-hidden className="size-4" />}
      >
        <form action={markReadAction.bind(null, organization, { ids: [id] })} data-act="read" className="group-data-read/row:hidden">
          <MenuButton type="submit">
            <MailOpen aria-hidden className="size-4 text-ink-muted" />
            {t("markRead")}
          </MenuButton>
        </form>
        <form action={markUnreadAction.bind(null, organization, { ids: [id] })} data-act="unread" className="hidden group-data-read/row:block">
          <MenuButton type="submit">
            <Mail aria-hidden className="size-4 text-ink-muted" />
            {t("markUnread")}
          </MenuButton>
        </form>
        <MenuLine />
        <MenuHeading>{t("snooze")}</MenuHeading>
        {asleep && (
          <form action={snoozeAction.bind(null, organization, { ids: [id], until: null })} data-act="wake" data-words={t("woken")}>
            <MenuButton type="submit">
              <AlarmClock aria-hidden className="size-4 text-ink-muted" />
              {t("wake")}
            </MenuButton>
          </form>
        )}
        {snoozes.map(({ choice, when }) => (
          <form
            key={choice}
            action={snoozeAction.bind(null, organization, { ids: [id], until: choice })}
            data-act="snooze"
            data-until={choice}
            data-words={choice === "subject-end" ? t("snoozedEnd") : t("snoozed", { when })}
          >
            <MenuButton type="submit">
              <Clock aria-hidden className="size-4 shrink-0 text-ink-muted" />
              <span className="flex flex-1 flex-wrap items-baseline justify-between gap-x-4">
                <span className="whitespace-nowrap">{t(`snoozeChoice.${choice}`)}</span>
                <span className="tabular text-xs whitespace-nowrap text-ink-muted">{when}</span>
              </span>
            </MenuButton>
          </form>
        ))}
        <MenuLink href={chooseHref} scroll={false}>
          <CalendarClock aria-hidden className="size-4 text-ink-muted" />
          {t("snoozeTime")}
        </MenuLink>
        <MenuLine />
        {thread && (
          <form action={setThreadMuteAction.bind(null, organization, { thread: thread.name, muted: !thread.muted })} data-act={thread.muted ? "unmute" : "mute"} data-thread={thread.name}>
            <MenuButton type="submit">
              {thread.muted ? <Bell aria-hidden className="size-4 text-ink-muted" /> : <BellOff aria-hidden className="size-4 text-ink-muted" />}
              {t(thread.muted ? "unmuteThread" : "muteThread")}
            </MenuButton>
          </form>
        )}
        <MenuLink href={`/${organization}/inbox/${id}`}>
          <CircleHelp aria-hidden className="size-4 text-ink-muted" />
          {t("why")}
        </MenuLink>
      </Menu>
    </div>
  );
}
